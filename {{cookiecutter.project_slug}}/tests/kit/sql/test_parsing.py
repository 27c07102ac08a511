import pytest

from tortoise_kit.sql.parsing import (
    definitions,
    owner,
    quoted,
    split_default,
    statements,
    text,
    tokens,
    without_comments,
)


def test_names_and_texts_are_quoted() -> None:
    assert quoted('a"b') == '"a""b"'
    assert text("it's") == "'it''s'"


def test_a_semicolon_ends_a_statement_only_between_statements() -> None:
    trigger = "CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; DELETE FROM c; END"
    script = f"SELECT ';' /* ; */; -- ;\n{trigger};\n\n;SELECT 2 -- the last"

    assert list(statements(script)) == ["SELECT ';' /* ; */", f"-- ;\n{trigger}", "SELECT 2 -- the last"]


@pytest.mark.parametrize("script", ["", ";", " \n;; ", "-- nothing", "/* nothing; */"])
def test_a_script_without_statements_has_none(script: str) -> None:
    assert list(statements(script)) == []


def test_comments_are_removed_and_texts_that_look_like_comments_are_not() -> None:
    assert without_comments("SELECT '/* a */', \"--b\" /* c\n */ -- d") == "SELECT '/* a */', \"--b\""


def test_definitions_are_split_only_at_outer_commas() -> None:
    create = """CREATE TABLE "t" ("a" DECIMAL(8,2) DEFAULT 'x,)', "b" INT, UNIQUE ("a", "b"))"""

    assert definitions(create) == ["\"a\" DECIMAL(8,2) DEFAULT 'x,)'", '"b" INT', 'UNIQUE ("a", "b")']


@pytest.mark.parametrize("default", ["1", "-1.5", "'it''s'", "CURRENT_TIMESTAMP", "(strftime('%Y', 'now'))"])
def test_a_default_is_split_from_its_definition(default: str) -> None:
    rest, value = split_default(f'"a" INT NOT NULL DEFAULT {default} REFERENCES "b" ("id")')

    assert rest == tokens('"a" INT NOT NULL REFERENCES "b" ("id")')
    assert value == tokens(default)


@pytest.mark.parametrize(
    "statement",
    [
        'CREATE TABLE IF NOT EXISTS "t" ("a" INT)',
        'CREATE UNIQUE INDEX "i" ON "t" ("a")',
        "COMMENT ON TABLE \"t\" IS 'x'",
        'COMMENT ON COLUMN "t"."a" IS \'on "table"\'',
    ],
)
def test_the_table_of_a_statement_is_found(statement: str) -> None:
    assert owner(statement) == "t"
