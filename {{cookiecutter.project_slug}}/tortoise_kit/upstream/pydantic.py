"""What the kit uses of Pydantic beyond its documented interface, as read in Pydantic 2.14."""

from typing import TYPE_CHECKING

from pydantic import BaseModel

if TYPE_CHECKING:
    from pydantic._internal._model_construction import ModelMetaclass
else:
    ModelMetaclass = type(BaseModel)

__all__ = ["ModelMetaclass"]
