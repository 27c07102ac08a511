"""The files of a new feature's tests: the skeleton's, with values for each column."""

from collections.abc import Callable

from tortoise_kit.development.features.app_sources import COMMON
from tortoise_kit.development.features.columns import RANGES, Column
from tortoise_kit.development.features.contract_lines import lines_with_relations, owned_lines
from tortoise_kit.development.features.edits import replaced, with_imports
from tortoise_kit.development.features.samples import EARLIER, Wrong, samples_of
from tortoise_kit.development.features.shape import Shape

UNIQUE_TEST = "async def test_a_name_is_unique("
NEXT_TEST = '@pytest.mark.parametrize("wrong"'


def factories(text: str, shape: Shape) -> str:
    """Bodies with a value of each column."""
    members = "".join(f'        "{each.field}": {sent_source(each, shape)},\n' for each in shape.sent)
    text = replaced(text, ('{"name": f"New name {number}", **given}', f"{{\n{members}        **given,\n    }}"))
    if "number" not in members:
        text = replaced(
            text,
            ("    number = next(_numbers)\n", ""),
            ("_numbers = count(1)\n\n", ""),
            ("from itertools import count\n", ""),
        )
    if shape.owner:
        user = f"{shape.owner.name}: User | None = None"
        text = replaced(
            text,
            ("make_paper_clip(**given", f"make_paper_clip({user}, **given"),
            (
                "    return await service",
                f"    owner = {shape.owner.name} or await make_user()\n    return await service",
            ),
            ("paper_clip_body(**given)))", f"paper_clip_body(**given)), {shape.owner.field}=owner.id)"),
        )
    return with_imports(text, _places(shape))


def sent_source(column: Column, shape: Shape) -> str:
    """The value of a column in a body."""
    if column.kind in {"fk", "m2m"}:
        made = f"(await {shape.targets[column.name].factory}()).id"
        value = f"[{made}]" if column.kind == "m2m" else made
        return f'given["{column.field}"] if "{column.field}" in given else {value}'
    return shape.samples(column).body


def contract(text: str, shape: Shape) -> str:
    """The lists: who may call, how many queries, what is rejected."""
    wrong = "".join(line for each in shape.sent for line in wrong_lines(each))
    ranges = "".join(
        f'    ("{each.label} that means nothing", f"{_parameter(each)}={{CANARY}}", 422),\n'
        for each in shape.filters
        if each.kind != "str"
    )
    text = replaced(
        text,
        ('{"name": "Changed"}', _changes(shape)),
        ('    ("unknown member", {CANARY: 1}, 422),\n', f'    ("unknown member", {{CANARY: 1}}, 422),\n{wrong}'),
        ('    ("limit 0", "limit=0", 422),\n', f'    ("limit 0", "limit=0", 422),\n{ranges}'),
        ("    await seed(", f"{_rows_of_others(shape)}    await seed("),
    )
    if shape.owner:
        text = owned_lines(text)
    if many := shape.of("m2m"):
        text = lines_with_relations(text, len(many), one_statement=not shape.of("time", "duration", "binary"))
    return with_imports(text, _places(shape))


def _rows_of_others(shape: Shape) -> str:
    makes = dict.fromkeys(found.factory for found in shape.targets.values())
    return "".join(f"    await {factory}()\n" for factory in makes)


def wrong_lines(column: Column) -> list[str]:
    """Lines of BODIES: what a column does not take."""
    values: Wrong
    if column.kind == "m2m":
        values = (("a row that does not exist", "[INT64 - 1]"), ("a key beyond 64 bits", "[INT64]"), ("null", "None"))
    elif column.kind == "fk":
        values = (("a row that does not exist", "INT64 - 1"), ("a key beyond 64 bits", "INT64"), ("a text", "CANARY"))
    else:
        values = samples_of(column, distinct=False).wrong
    lines = [f'    ("{column.label}: {name}", {{"{column.field}": {value}}}, 422),\n' for name, value in values]
    if not column.null and column.kind != "m2m":
        lines.append(f'    ("{column.label}: null", {{"{column.field}": None}}, 422),\n')
    return lines


def _changes(shape: Shape) -> str:
    found = {each.field: shape.samples(each).other for each in shape.sent if each.kind not in {"fk", "m2m"}}
    if shape.span:  # so that each change by itself leaves the end after the start
        found[shape.span[0].field] = EARLIER[shape.span[0].kind]
    return "{" + ", ".join(f'"{name}": {value}' for name, value in found.items()) + "}"


def _parameter(column: Column) -> str:
    return f"{column.name}_from" if column.kind in RANGES else column.field


def tests(text: str, shape: Shape) -> str:
    """What the routes do with these columns."""
    text = replaced(text, ('{"name": "Changed"}', _changes(shape)))
    start, end = text.index(UNIQUE_TEST), text.index(NEXT_TEST)
    text = text[:start] + "".join(_unique_tests(shape)) + text[end:]
    return with_imports(text + _filter_test(shape), _places(shape))


def _unique_tests(shape: Shape) -> list[str]:
    groups = [(each,) for each in shape.columns if each.unique] + list(shape.uniques)
    return [_unique_test(group, shape) for group in groups]


def _unique_test(columns: tuple[Column, ...], shape: Shape) -> str:
    names = "_and_".join(each.name for each in columns)
    verb = "is_unique" if len(columns) == 1 else "are_unique_together"
    copied = ", ".join(f'{each.field}=sent["{each.field}"]' for each in columns if each is not shape.owner)
    return (
        f"async def test_{names}_{verb}(staff: AsyncClient) -> None:\n"
        "    sent = await paper_clip_body()\n"
        "    await staff.post(URL, json=sent)\n\n"
        f"    answer = await staff.post(URL, json=await paper_clip_body({copied}))\n\n"
        "    assert answer.status_code == 409\n\n\n"
    )


def _filter_test(shape: Shape) -> str:
    filters = [each for each in shape.filters if each is not shape.owner and each.kind != "fk"]
    keys = [each for each in shape.filters if each not in filters]
    if not shape.filters:
        return ""
    one = ", ".join(f"{each.name}={shape.samples(each).one}" for each in filters)
    ends = [shape.span[1]] if shape.span and shape.span[0] in filters and shape.span[1] not in filters else []
    other = ", ".join(f"{each.name}={shape.samples(each).other}" for each in [*filters, *ends])
    plain = "".join(f'        {{"{_upper(each)}": {_query_value(each, shape)}}},\n' for each in filters)
    related = "".join(f'        {{"{each.field}": str(found.{each.field})}},\n' for each in keys)
    return (
        "\n\nasync def test_a_filter_leaves_only_what_matches(staff: AsyncClient) -> None:\n"
        f"    found = await make_paper_clip({one})\n"
        f"    await make_paper_clip({other})\n\n"
        f"    for query in (\n{plain}{related}    ):\n"
        "        answer = await staff.get(URL, params=query)\n\n"
        '        assert [each["id"] for each in answer.json()["items"]] == [found.id], query\n'
    )


def _upper(column: Column) -> str:
    return f"{column.name}_to" if column.kind in RANGES else column.field


def _query_value(column: Column, shape: Shape) -> str:
    samples = shape.samples(column)
    value = samples.other if column.kind in RANGES else samples.one
    return value if value.startswith('"') else f'"{value.lower()}"'


def _places(shape: Shape) -> dict[str, str]:
    factories = {found.factory: found.factories for found in shape.targets.values()}
    return {
        **COMMON,
        **factories,
        "DATA_END": "tortoise_kit.development.seeding",
        "make_user": "tests.accounts.factories",
        "INT64": "tests.contract.cases",
    }


TESTS: dict[str, Callable[[str, Shape], str]] = {
    "factories.py": factories,
    "contract.py": contract,
    "test_paper_clips.py": tests,
}
