"""What models are prepared for once: their relations, the order of their columns, and the names that they take."""

from collections.abc import Iterable, Iterator, Sequence
from contextvars import copy_context
from difflib import get_close_matches

from tortoise import Tortoise
from tortoise.exceptions import FieldError
from tortoise.models import Model

from tortoise_kit.schemas.expressions import use_operations
from tortoise_kit.schemas.field_values import given
from tortoise_kit.schemas.limits import hold_to_columns
from tortoise_kit.upstream.joins import reject_misleading_joins
from tortoise_kit.upstream.querysets import reject_limited_changes
from tortoise_kit.upstream.tortoise import check_given


class _OrderedSet(set[str]):
    """A set whose iteration order is that of its arguments."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(names)
        super().__init__(self._names)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)


def prepare_models(models: Iterable[type[Model]]) -> None:
    """Let these models behave alike on both databases; call it after each initialisation of Tortoise.

    Their SELECTs name the columns in the models' order. Tortoise 1.1.9 keeps them in a set, whose order follows
    PYTHONHASHSEED: each worker would send another text for the same query, and `pg_stat_statements` would count each of
    them separately.

    Their fields refuse what their columns cannot hold, which SQLite would store: see `tortoise_kit.schemas.limits`.
    Unknown names raise FieldError, as after `wire_models`.
    """
    use_operations()
    reject_limited_changes()
    reject_misleading_joins()
    for model in models:
        meta = model._meta
        meta.db_fields = _OrderedSet(meta.fields_db_projection.values())
        meta.basequery_all_fields = meta.basequery.select(*meta.db_fields)  # type: ignore[assignment]  # as upstream does
        hold_to_columns(model)
        check_given(model, _require_fields, given)


def wire_models(modules: Sequence[str], app: str) -> None:
    """Let the relations of all models find their other ends, before schemas are created from them; needs no database.

    An unknown name then raises FieldError in the constructor of a model, in `create`, `update_from_dict`,
    `update_or_create`, and in the defaults of `get_or_create`. Tortoise 1.1.9 drops the value.

    Args:
        modules: The modules of all models, those too that a relation refers to.
        app: The name before the dot in relations, as `models` in `models.User`.
    """
    # In a copied context: the empty TortoiseContext that Tortoise enters would hide the service's from every request.
    copy_context().run(_wire, modules, app)


def _wire(modules: Sequence[str], app: str) -> None:
    Tortoise.init_models(modules, app)
    for model in (Tortoise.apps or {})[app].values():
        check_given(model, _require_fields, given)


def _require_fields(model: type[Model], names: Iterable[str]) -> None:
    known = model._meta.fields_map
    if unknown := [name for name in names if name not in known]:
        name = unknown[0]
        close = [str(model._meta.pk_attr)] if name == "pk" else get_close_matches(name, known, n=1)
        message = f"{model.__name__} has no field {name!r}{f'; did you mean {close[0]!r}?' if close else '.'}"
        raise FieldError(message)
