"""What clients send to and read from accounts."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from app.accounts.models import User
from tortoise_kit.schemas import CreateSchema, ReadSchema, Secret, Text

# NIST SP 800-63B-4, section 3.1.1.2: 15 characters where the password is all that is asked for, and at least 64 must
# be allowed. The upper bound is OWASP's, against hashing novels.
PASSWORD_LENGTH_MIN, PASSWORD_LENGTH_MAX = 15, 128
EMAIL_LENGTH_MAX = 254  # RFC 5321, section 4.5.3.1.3, less the angle brackets
TOKEN_LENGTH_MAX = 100  # a refresh token has 43 characters
# ASCII alone: both databases and Python agree on its lower case.
EMAIL = r"^[A-Za-z0-9.!#$%&'*+/=?^_`~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"


Email = Annotated[str, Field(max_length=EMAIL_LENGTH_MAX, pattern=EMAIL), AfterValidator(str.lower)]
"""An e-mail address in lower case, as it is stored and compared."""

NewPassword = Annotated[Secret, Field(min_length=PASSWORD_LENGTH_MIN, max_length=PASSWORD_LENGTH_MAX)]
"""A password that is being chosen."""


class UserRead(ReadSchema, model=User, exclude=("password_hash", "tokens_valid_after")):
    """An account, as its owner sees it."""


class Registration(
    CreateSchema, model=User, exclude=("email", "password_hash", "role", "tier", "is_active", "tokens_valid_after")
):
    """A new account, always a customer's."""

    email: Email
    password: NewPassword


class Credentials(BaseModel):
    """The form of OAuth 2's password grant (RFC 6749, section 4.3.2); what else a client sends is not looked at."""

    grant_type: Literal["password"]
    username: Annotated[Text, Field(max_length=EMAIL_LENGTH_MAX), AfterValidator(str.lower)] = Field(
        description="The e-mail address, in any case."
    )
    password: Annotated[Secret, Field(max_length=PASSWORD_LENGTH_MAX)]


class PresentedToken(BaseModel):
    """A refresh token."""

    model_config = ConfigDict(extra="forbid")

    refresh_token: Annotated[Secret, Field(max_length=TOKEN_LENGTH_MAX)]


class TokenPair(BaseModel):
    """What a login gives: an access token to send along, and a refresh token to exchange for the next pair, once."""

    access_token: str
    refresh_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 -- a kind of token
    expires_in: int = Field(description="The access token's lifetime, in seconds.")
