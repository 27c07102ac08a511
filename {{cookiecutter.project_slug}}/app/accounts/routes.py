"""Routes of accounts and logins."""

from typing import Annotated

from fastapi import Form, Request, Response, status

from app.accounts import service
from app.accounts.dependencies import LoginDep
from app.accounts.policies import Public, SignedIn
from app.accounts.schemas import Credentials, PresentedToken, Registration, TokenPair, UserRead
from tortoise_kit.http import Router, client_network

router = Router(prefix="/auth", tags=["auth"])


@router.post("/register", status_code=status.HTTP_201_CREATED)
async def register(_: Public, new: Registration, request: Request, login: LoginDep) -> UserRead:
    """Create your own account, with the member role."""
    await login.per_address.hit(client_network(request))
    return UserRead.model_validate(await service.register(login.passwords, new))


@router.post("/token")
async def log_in(
    _: Public, form: Annotated[Credentials, Form()], request: Request, response: Response, login: LoginDep
) -> TokenPair:
    """Log in. Send the e-mail address as `username`."""
    await login.per_address.hit(client_network(request))
    await login.per_account.hit(form.username)
    _keep_out_of_caches(response)
    return await service.log_in(login, email=form.username, password=form.password.get_secret_value())


@router.post("/refresh")
async def refresh(_: Public, presented: PresentedToken, response: Response, login: LoginDep) -> TokenPair:
    """Exchange a refresh token for a new pair of tokens. Using one twice ends the whole login."""
    _keep_out_of_caches(response)
    return await service.refresh(login, presented.refresh_token.get_secret_value())


@router.post("/logout", status_code=status.HTTP_204_NO_CONTENT)
async def log_out(_: Public, presented: PresentedToken) -> None:
    """End a login. Its refresh tokens are revoked; its access token stays valid until it expires."""
    await service.log_out(presented.refresh_token.get_secret_value())


@router.post("/logout-everywhere", status_code=status.HTTP_204_NO_CONTENT)
async def log_out_everywhere(user: SignedIn) -> None:
    """End all your logins. All refresh and access tokens are revoked, including the one you send."""
    await service.log_out_everywhere(user)


@router.get("/me")
async def read_me(user: SignedIn) -> UserRead:
    """Get your own account."""
    return UserRead.model_validate(user)


def _keep_out_of_caches(response: Response) -> None:
    """RFC 6749, section 5.1."""
    response.headers["Cache-Control"] = "no-store"
