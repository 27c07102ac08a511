"""Requests and responses of accounts."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from app.accounts.models import Role, User
from tortoise_kit.schemas import CreateSchema, ReadSchema, Secret, Text, column

# NIST SP 800-63B-4, section 3.1.1.2: at least 15 characters when the password is the only factor, and 64 must be
# allowed. The upper bound follows OWASP: hashing very long passwords costs too much.
PASSWORD_LENGTH_MIN, PASSWORD_LENGTH_MAX = 15, 128
EMAIL_LENGTH_MAX = 254  # RFC 5321, section 4.5.3.1.3, without the angle brackets
TOKEN_LENGTH_MAX = 100  # a refresh token has 43 characters
# ASCII only: both databases and Python agree on its lower case.
EMAIL = r"^[A-Za-z0-9.!#$%&'*+/=?^_`~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"


Email = Annotated[str, Field(max_length=EMAIL_LENGTH_MAX, pattern=EMAIL), AfterValidator(str.lower)]
"""An e-mail address, stored and compared in lower case."""

NewPassword = Annotated[Secret, Field(min_length=PASSWORD_LENGTH_MIN, max_length=PASSWORD_LENGTH_MAX)]
"""A new password."""


class UserRead(ReadSchema, model=User, exclude=("password_hash", "token_generation")):
    """Your account."""

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


class Credentials(BaseModel):
    """The form of OAuth 2's password grant (RFC 6749, section 4.3.2). Other fields are ignored."""

    grant_type: Literal["password"]
    username: Annotated[Text, Field(max_length=EMAIL_LENGTH_MAX), AfterValidator(str.lower)] = Field(
        description="The e-mail address; case is ignored."
    )
    password: Annotated[Secret, Field(max_length=PASSWORD_LENGTH_MAX)]


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
