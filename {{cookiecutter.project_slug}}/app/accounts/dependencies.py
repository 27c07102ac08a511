"""What routes and policies need to identify the caller of a request."""

from typing import Annotated

from fastapi import Depends, Request

from app.accounts.authentication import Authenticator


async def _login(request: Request) -> Authenticator:
    login: Authenticator = request.app.state.authenticator
    return login


LoginDep = Annotated[Authenticator, Depends(_login)]
"""A route's parameter: the app's authenticator."""
