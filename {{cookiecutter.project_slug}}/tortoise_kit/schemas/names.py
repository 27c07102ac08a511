"""Names that a column cannot have, because an attribute of Tortoise's or Pydantic's would hide it, or it them."""

from collections.abc import Iterable

from pydantic import BaseModel
from tortoise.exceptions import ConfigurationError
from tortoise.models import Model

OF_MODELS = {name for name in dir(Model) if not name.startswith("_")}
OF_SCHEMAS = {name for name in dir(BaseModel) if name.startswith("model_")}


def require_usable_names(model: type[Model], names: Iterable[str]) -> None:
    """Check the names of fields.

    Raises:
        ConfigurationError: One of them cannot be a member of a model or of its schemas.
    """
    for name in names:
        if complaint := _complaint(name):
            message = (
                f"{model.__name__}.{name} {complaint}. Call the field differently; with source_field={name!r} the "
                "column keeps its name."
            )
            raise ConfigurationError(message)


def _complaint(name: str) -> str | None:
    if name.startswith("_"):
        return "begins with an underscore, and no member of a schema can"
    if name in OF_MODELS:
        return f"hides Tortoise's Model.{name}"
    if name in OF_SCHEMAS:
        return f"hides Pydantic's BaseModel.{name}"
    return None
