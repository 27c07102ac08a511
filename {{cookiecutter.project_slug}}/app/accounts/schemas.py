"""Requests and responses of accounts."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import MISSING, AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic_core import PydanticCustomError

from app.accounts.models import AccountEvent, Event, Role, User
from app.settings import project
from tortoise_kit.schemas import CreateSchema, PatchSchema, ReadSchema, Secret, Text, column
from tortoise_kit.security import password_weakness

# NIST SP 800-63B-4, section 3.1.1.2: at least 15 characters when the password is the only factor, and 64 must be
# allowed. The upper bound follows OWASP: hashing very long passwords costs too much.
PASSWORD_LENGTH_MIN, PASSWORD_LENGTH_MAX = 15, 128
EMAIL_LENGTH_MAX = 254  # RFC 5321, section 4.5.3.1.3, without the angle brackets
TOKEN_LENGTH_MAX = 100  # a refresh token has 76 characters
# ASCII only: both databases and Python agree on its lower case.
EMAIL = r"^[A-Za-z0-9.!#$%&'*+/=?^_`~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"


Email = Annotated[str, Field(max_length=EMAIL_LENGTH_MAX, pattern=EMAIL), AfterValidator(str.lower)]
"""An e-mail address, stored and compared in lower case."""


def _not_weak(password: SecretStr) -> SecretStr:
    text, known = password.get_secret_value(), [project()["name"]]
    if reason := password_weakness(text, length_min=PASSWORD_LENGTH_MIN, known=known):
        kind, message = "password_weak", "It {reason}"
        raise PydanticCustomError(kind, message, {"reason": reason})
    return password


NewPassword = Annotated[
    Secret, Field(min_length=PASSWORD_LENGTH_MIN, max_length=PASSWORD_LENGTH_MAX), AfterValidator(_not_weak)
]
"""A new password: not a common one, not repetitive, not the service's name."""

CurrentPassword = Annotated[Secret, Field(max_length=PASSWORD_LENGTH_MAX)]
"""A password to verify."""


class UserRead(ReadSchema, model=User, exclude=("password_hash", "token_generation")):
    """An account."""

    id: int = column()
    email: str = column()
    name: str = column()
    role: Role = column()
    is_active: bool = column()
    created_at: datetime = column()


class Registration(
    CreateSchema, model=User, exclude=("email", "password_hash", "role", "is_active", "token_generation")
):
    """A new account. Its role is always member."""

    name: str = column()

    email: Email
    password: NewPassword


class AccountPatch(
    PatchSchema, model=User, exclude=("email", "password_hash", "role", "is_active", "token_generation")
):
    """The fields of your account to change; all are optional. A new e-mail address needs your current password."""

    name: str | MISSING = column(default=MISSING)

    email: Email | MISSING = MISSING
    current_password: CurrentPassword | MISSING = MISSING

    @property
    def changes_email(self) -> bool:
        """Whether there is a new e-mail address."""
        return self.email is not MISSING

    @model_validator(mode="after")
    def _email_needs_the_password(self) -> Self:
        if self.changes_email and self.current_password is MISSING:
            kind, message = "password_missing", "A new e-mail address needs the current password"
            raise PydanticCustomError(kind, message)
        return self


class UserPatch(PatchSchema, model=User, exclude=("email", "password_hash", "token_generation")):
    """The fields to change; all are optional."""

    name: str | MISSING = column(default=MISSING)
    role: Role | MISSING = column(default=MISSING)
    is_active: bool | MISSING = column(default=MISSING)


class UserFilters(BaseModel):
    """Which accounts to list. An account must match every filter that is set."""

    role: Role | None = Field(default=None, description="Accounts with exactly this role.")
    is_active: bool | None = Field(default=None, description="Active accounts, or deactivated ones.")
    email: Email | None = Field(default=None, description="The account with this e-mail address; case is ignored.")


class PasswordChange(BaseModel):
    """Your current password and a new one."""

    model_config = ConfigDict(extra="forbid")

    current_password: CurrentPassword
    new_password: NewPassword


class PasswordReplacement(BaseModel):
    """A new password for somebody else."""

    model_config = ConfigDict(extra="forbid")

    new_password: NewPassword


class AccountEventRead(ReadSchema, model=AccountEvent, exclude=("user_id",)):
    """What happened to an account. `actor_id` is the user who did it; null if it was a command."""

    id: int = column()
    at: datetime = column()
    kind: Event = column()
    actor_id: int | None = column()
    detail: dict[str, Any] = column()


class Credentials(BaseModel):
    """The form of OAuth 2's password grant (RFC 6749, section 4.3.2). Other fields are ignored."""

    grant_type: Literal["password"]
    username: Annotated[Text, Field(max_length=EMAIL_LENGTH_MAX), AfterValidator(str.lower)] = Field(
        description="The e-mail address; case is ignored."
    )
    password: CurrentPassword


class PresentedToken(BaseModel):
    """A refresh token."""

    model_config = ConfigDict(extra="forbid")

    refresh_token: Annotated[Secret, Field(max_length=TOKEN_LENGTH_MAX)]


class TokenPair(BaseModel):
    """An access token to send with each request, and a refresh token to exchange once for a new pair."""

    access_token: str
    refresh_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 -- a kind of token
    expires_in: int = Field(description="Lifetime of the access token, in seconds.")
