"""What clients send and receive."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from app.accounts.models import User
from tortoise_kit.schemas import CreateSchema, ReadSchema, Text
from tortoise_kit.schemas.text_types import encodable

# NIST SP 800-63B-4, section 3.1.1.2: at least 15 characters where the password is the only factor; at least 64 must be
# allowed. The upper bound is OWASP's, against costly hashes of long texts.
PASSWORD_LENGTH_MIN, PASSWORD_LENGTH_MAX = 15, 128
EMAIL_LENGTH_MAX = 254  # RFC 5321, section 4.5.3.1.3, less the angle brackets
TOKEN_LENGTH_MAX = 100  # a refresh token has 43 characters
# Only ASCII: both databases and Python agree on its lower case.
EMAIL = r"^[A-Za-z0-9.!#$%&'*+/=?^_`~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"


def _encodable(secret: SecretStr) -> SecretStr:
    encodable(secret.get_secret_value())
    return secret


Secret = Annotated[SecretStr, AfterValidator(_encodable)]
"""Text that never appears in a log or an error."""

Email = Annotated[str, Field(max_length=EMAIL_LENGTH_MAX, pattern=EMAIL), AfterValidator(str.lower)]
"""An e-mail address in lower case, as it is stored and compared."""

NewPassword = Annotated[Secret, Field(min_length=PASSWORD_LENGTH_MIN, max_length=PASSWORD_LENGTH_MAX)]
"""A password being chosen."""


class UserRead(ReadSchema, model=User, exclude=("password_hash", "tokens_valid_after")):
    """Your account."""


class Registration(
    CreateSchema, model=User, exclude=("email", "password_hash", "role", "tier", "is_active", "tokens_valid_after")
):
    """A new account, always a customer's."""

    email: Email
    password: NewPassword


class Credentials(BaseModel):
    """The form of OAuth 2's password grant (RFC 6749, section 4.3.2); other fields are ignored."""

    grant_type: Literal["password"]
    username: Annotated[Text, Field(max_length=EMAIL_LENGTH_MAX), AfterValidator(str.lower)] = Field(
        description="The e-mail address, in upper or lower case."
    )
    password: Annotated[Secret, Field(max_length=PASSWORD_LENGTH_MAX)]


class PresentedToken(BaseModel):
    """A refresh token."""

    model_config = ConfigDict(extra="forbid")

    refresh_token: Annotated[Secret, Field(max_length=TOKEN_LENGTH_MAX)]


class TokenPair(BaseModel):
    """An access token to send with requests, and a refresh token to exchange, once, for the next pair."""

    access_token: str
    refresh_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 -- a kind of token
    expires_in: int = Field(description="Lifetime of the access token, in seconds.")
