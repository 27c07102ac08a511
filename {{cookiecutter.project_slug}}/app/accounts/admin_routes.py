"""Routes with which admins run accounts."""

from typing import Annotated

from fastapi import Depends, Path, Query, Response, status

from app.accounts import queries, service
from app.accounts.dependencies import LoginDep
from app.accounts.models import AccountEvent, User
from app.accounts.policies import Admin
from app.accounts.schemas import AccountEventRead, PasswordReplacement, UserFilters, UserPatch, UserRead
from tortoise_kit.http import Router
from tortoise_kit.pagination import PageRequest, item_response, page_schema, paging
from tortoise_kit.problems import Conflict
from tortoise_kit.schemas import Id

router = Router(prefix="/users", tags=["users"])
UserPage = Annotated[PageRequest, Depends(paging(User, "-created_at"))]
EventPage = Annotated[PageRequest, Depends(paging(AccountEvent, "-at"))]
UserId = Annotated[Id, Path(description="The user's id.")]


@router.get("", response_model=page_schema(UserRead))
async def list_users(_: Admin, page: UserPage, filters: Annotated[UserFilters, Query()]) -> Response:
    """List accounts that match all filters."""
    return await page.respond(queries.users(filters), UserRead)


@router.get("/{user_id}", response_model=UserRead)
async def read_user(_: Admin, user_id: UserId) -> Response:
    """Get an account."""
    return await item_response(User.filter(id=user_id), UserRead, missing=service.UNKNOWN)


@router.patch("/{user_id}")
async def change_user(admin: Admin, user_id: UserId, patch: UserPatch) -> UserRead:
    """Change the name or the role of an account, deactivate or activate it. The last active admin stays one.

    A deactivation revokes all refresh and access tokens. A new role takes effect with the next request.
    """
    return UserRead.model_validate(await service.change_user(user_id, patch, actor=admin))


@router.post("/{user_id}/password", status_code=status.HTTP_204_NO_CONTENT)
async def set_password(admin: Admin, user_id: UserId, new: PasswordReplacement, login: LoginDep) -> None:
    """Set the password of somebody else, and end all their logins. Ask them to change it at once: two know it."""
    if user_id == admin.id:
        detail = "Change your own password with POST /auth/password, which needs the current one."
        raise Conflict(detail, kind="own-password")
    password_hash = await login.passwords.hash(new.new_password.get_secret_value())
    await service.set_password(user_id, password_hash, actor=admin)


@router.post("/{user_id}/logout-everywhere", status_code=status.HTTP_204_NO_CONTENT)
async def log_user_out_everywhere(admin: Admin, user_id: UserId) -> None:
    """End all logins of an account. All refresh and access tokens are revoked."""
    await service.log_out_everywhere(user_id, actor=admin)


@router.get("/{user_id}/events", response_model=page_schema(AccountEventRead))
async def list_events(_: Admin, user_id: UserId, page: EventPage) -> Response:
    """List what happened to an account, and who did it. An unknown account has no events."""
    return await page.respond(queries.events(user_id), AccountEventRead)
