"""Whether a database sorts text as the others do: by code point, as SQLite and Python.

Postgres sorts text by the collation of the column, or else of the database. Under `en_US.UTF-8`, the default of the
official image, `a` comes before `B`. Lists are complete and their pages fit together under any collation, but the order
of text, `<` and `>`, `min` and `max` are not those of SQLite.
"""

from tortoise.backends.base.client import BaseDBAsyncClient

CODE_POINT_LOCALE = "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"  # since Postgres 17; before: LC_COLLATE 'C'

# These sort apart under each locale of a language. The name of a locale says less: `C` has several spellings, and each
# provider its own. The catalog's column is called daticulocale before Postgres 17, and older versions have neither.
_LOCALE = """
SELECT array_agg(word ORDER BY word) = array_agg(word ORDER BY word COLLATE "C") AS by_code_point, (
    SELECT coalesce(to_jsonb(own)->>'datlocale', to_jsonb(own)->>'daticulocale', own.datcollate)
    FROM pg_database AS own WHERE datname = current_database()
) AS locale
FROM unnest(ARRAY['B', 'a', 'a b', 'a-c', 'ab', '_']) AS word
"""


async def collation_problem(client: BaseDBAsyncClient) -> str | None:
    """What is wrong with the order of text, in one line; None if it is by code point."""
    if client.capabilities.dialect != "postgres":
        return None
    (row,) = await client.execute_query_dict(_LOCALE)
    problem = (
        f"The database sorts text by the locale {row['locale']}, not by code point as SQLite does: create it with "
        f"TEMPLATE template0 {CODE_POINT_LOCALE}."
    )
    return None if row["by_code_point"] else problem
