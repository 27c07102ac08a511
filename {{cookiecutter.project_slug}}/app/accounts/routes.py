"""Routes of accounts and logins."""

from typing import Annotated

from fastapi import Form, Request, Response, status

from app.accounts import logins, service
from app.accounts.dependencies import LoginDep, attempt, count_attempt, count_refresh
from app.accounts.policies import Public, SignedIn
from app.accounts.schemas import (
    AccountPatch,
    Credentials,
    PasswordChange,
    PresentedToken,
    Registration,
    TokenPair,
    UserRead,
)
from tortoise_kit.http import Router, client_network

router = Router(prefix="/auth", tags=["auth"], body_bytes_max=16_384, form_limits={"max_fields": 20})


@router.post("/register", status_code=status.HTTP_201_CREATED)
async def register(_: Public, new: Registration, request: Request, login: LoginDep) -> UserRead:
    """Create your own account, with the member role."""
    await count_attempt(request, login)
    return UserRead.model_validate(await service.register(login.passwords, new, network=client_network(request)))


@router.post("/token")
async def log_in(
    _: Public, form: Annotated[Credentials, Form()], request: Request, response: Response, login: LoginDep
) -> TokenPair:
    """Log in. Send the e-mail address as `username`."""
    _keep_out_of_caches(response)
    password = form.password.get_secret_value()
    async with attempt(request, login, form.username):
        return await logins.log_in(login, email=form.username, password=password, network=client_network(request))


@router.post("/refresh")
async def refresh(
    _: Public, presented: PresentedToken, request: Request, response: Response, login: LoginDep
) -> TokenPair:
    """Exchange a refresh token for a new pair of tokens. Using one twice ends the whole login."""
    await count_refresh(request, login)
    _keep_out_of_caches(response)
    return await logins.refresh(login, presented.refresh_token.get_secret_value())


@router.post("/logout", status_code=status.HTTP_204_NO_CONTENT)
async def log_out(_: Public, presented: PresentedToken) -> None:
    """End a login. Its refresh tokens are revoked; its access token stays valid until it expires."""
    await logins.log_out(presented.refresh_token.get_secret_value())


@router.post("/logout-everywhere", status_code=status.HTTP_204_NO_CONTENT)
async def log_out_everywhere(user: SignedIn) -> None:
    """End all your logins. All refresh and access tokens are revoked, including the one you send."""
    await service.log_out_everywhere(user.id, actor=user)


@router.post("/password")
async def change_password(
    user: SignedIn, change: PasswordChange, request: Request, response: Response, login: LoginDep
) -> TokenPair:
    """Change your password. All your logins end, and you get the tokens of a new one.

    A wrong current password is a 422 of type `urn:problem:wrong-password`. Attempts are limited like those to log in.
    """
    _keep_out_of_caches(response)
    async with attempt(request, login, user.email):
        return await service.change_password(login, user, change, network=client_network(request))


@router.get("/me")
async def read_me(user: SignedIn) -> UserRead:
    """Get your own account."""
    return UserRead.model_validate(user)


@router.patch("/me")
async def change_me(user: SignedIn, patch: AccountPatch, request: Request, login: LoginDep) -> UserRead:
    """Change your name or your e-mail address. A new address needs the current password."""
    if not patch.changes_email:
        return UserRead.model_validate(await service.change_account(login.passwords, user, patch))
    async with attempt(request, login, user.email):
        return UserRead.model_validate(
            await service.change_account(login.passwords, user, patch, network=client_network(request))
        )


def _keep_out_of_caches(response: Response) -> None:
    """RFC 6749, section 5.1."""
    response.headers["Cache-Control"] = "no-store"
