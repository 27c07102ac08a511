"""Snapshots of the models (Aerich's MODELS_STATE): how a file keeps them, and the SQL of a described field's default.

Aerich itself loses `db_default` when it adds a column and adds text, JSON and time columns without a default, so that
its migration fails on the first table with rows.
"""

import ast
import base64
import json
import re
import zlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, cast

from aerich.coder import decoder, encoder
from aerich.utils import get_models_describe
from tortoise import Tortoise
from tortoise.fields.db_defaults import Now, RandomHex

from tortoise_kit.migrations.files import MigrationError, MigrationFile
from tortoise_kit.sql.descriptions import descriptions
from tortoise_kit.sql.parsing import text

LITERAL_WIDTH = 70  # characters of MODELS_STATE in a line, as Aerich writes it
AERICH_MODEL = "Aerich"
NOT_SET = "__NOT_SET__"
SQLITE_NOW = "(strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))"  # as Tortoise writes times, which compare as text
EMPTY_JSON = {"<function builtins.dict>": "'{}'", "<function builtins.list>": "'[]'"}
_SQL_DEFAULT = re.compile(r"SqlDefault\((.*)\)", re.DOTALL)
_ENUM_MEMBER = re.compile(r"\w+\.\w+")

type Snapshot = dict[str, dict[str, Any]]


def described(app: str) -> Snapshot:
    """The models as Aerich describes them, with what it leaves out: schemas, constraints and the targets of keys."""
    snapshot: Snapshot = get_models_describe(app)
    for model in Tortoise.apps[app].values() if Tortoise.apps else ():
        meta, own = model._meta, snapshot[model._meta.full_name]
        own["schema"] = meta.schema
        own["indexes"], own["constraints"] = descriptions(model)
        for relation in (*own["fk_fields"], *own["o2o_fields"]):
            target = cast("Any", meta.fields_map[relation["name"]]).to_field_instance
            relation["to_column"] = target.source_field or target.model_field_name
        for column in own["data_fields"]:
            column["db_index"] = meta.fields_map[column["name"]].index  # also of a unique one
            if column["generated"]:
                column["generated_sql"] = meta.fields_map[column["name"]].get_for_dialect("postgres", "GENERATED_SQL")
    return snapshot


def newest(files: Sequence[MigrationFile]) -> Snapshot:
    """The models as the newest file describes them; empty without files.

    Raises:
        MigrationError: Two files have the same number, so neither includes the other's changes.
    """
    for one, other in pairwise(files):
        if one.number == other.number:
            message = (
                f"{one.name} and {other.name} have the same number: delete the one that is not applied anywhere yet, "
                "and make it again."
            )
            raise MigrationError(message)
    return snapshot_of(files[-1]) if files else {}


def snapshot_of(file: MigrationFile) -> Snapshot:
    """The models as a file leaves them."""
    snapshot: Snapshot = decoder(file.state())
    return snapshot


def normalized(snapshot: Snapshot) -> Snapshot:
    """A snapshot as it reads after a round trip through a file."""
    again: Snapshot = decoder(encoder(snapshot))
    return again


def managed(snapshot: Snapshot) -> Iterator[dict[str, Any]]:
    """The models whose tables are managed by migrations."""
    for key, model in snapshot.items():
        if model.get("managed") is not False and key.rpartition(".")[2] != AERICH_MODEL:
            yield model


def title(model: dict[str, Any]) -> str:
    """The name of a model's class."""
    return str(model["name"].rpartition(".")[2])


def joins(snapshot: Snapshot) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each model with each of its many-to-many fields that has a join table without a model."""
    own = {model["table"] for model in snapshot.values()}
    for model in managed(snapshot):
        for join in model["m2m_fields"]:
            if not join["_generated"] and join["through"] not in own:
                yield model, join


def literal(snapshot: Snapshot) -> str:
    """A snapshot as the lines of `MODELS_STATE` in a file."""
    compact = json.dumps(json.loads(encoder(snapshot)))
    packed = base64.b64encode(zlib.compress(compact.encode())).decode()
    return "\n".join(f'    "{packed[at : at + LITERAL_WIDTH]}"' for at in range(0, len(packed), LITERAL_WIDTH))


def database_default(field: dict[str, Any], dialect: str) -> str | None:
    """The SQL of a described field's `db_default`, or None."""
    value = field["db_default"]
    return None if value in (NOT_SET, None) else _sql(value, dialect)


def python_default(field: dict[str, Any], dialect: str) -> str | None:
    """The SQL of a described field's `default`, or None where every row would get a different value."""
    value = field["default"]
    if field.get("auto_now") or field.get("auto_now_add"):
        return _sql(str(Now()), dialect)
    if value is None:
        return None
    if value in EMPTY_JSON:
        return EMPTY_JSON[value]
    return _sql(value, dialect) if _is_constant(field) else None


def _is_constant(field: dict[str, Any]) -> bool:
    """Whether the description holds the value itself rather than the name of a function, an enum or a dict."""
    value = field["default"]
    if not isinstance(value, str):
        return True
    named = field["field_type"].endswith("EnumFieldInstance") and _ENUM_MEMBER.fullmatch(value)
    return not (named or value.startswith("<function ") or field["field_type"] == "JSONField")


def _sql(value: Any, dialect: str) -> str:
    if value == str(Now()):
        return SQLITE_NOW if dialect == "sqlite" else Now().get_sql(dialect=dialect)
    if value == str(RandomHex()):
        return RandomHex().get_sql(dialect=dialect)
    if isinstance(value, str) and (match := _SQL_DEFAULT.fullmatch(value)):
        return str(ast.literal_eval(match[1]))
    if isinstance(value, bool):
        return str(int(value)) if dialect == "sqlite" else str(value).upper()
    return str(value) if isinstance(value, int | float) else text(str(value))
