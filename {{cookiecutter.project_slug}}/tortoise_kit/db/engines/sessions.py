"""What a statement may leave in a session of Postgres for its next user, and the reset that undoes all of it.

Only what is known to leave nothing is passed over: a statement of other words, or one that calls a function that is not
listed here, touches its session, which is then reset at release. What the functions of triggers, views and defaults do
shows in no statement, so the catalog is asked for those that may change a session; where there is one, each release
resets. One thing is left out, since most inserts do it: the last values of sequences. `currval` and `lastval` without
an insert before them in the same transaction may return a value of an earlier user, unless the session was reset.
"""

import re
from enum import IntEnum
from functools import lru_cache

from tortoise_kit.sql.parsing import text as quoted_text
from tortoise_kit.sql.parsing import without_comments

RESET = (
    "SET SESSION AUTHORIZATION DEFAULT",
    "RESET ROLE",
    "RESET ALL",
    "CLOSE ALL",
    "UNLISTEN *",
    "SELECT pg_catalog.pg_advisory_unlock_all()",
    "DISCARD PLANS",
    "DISCARD TEMP",
    "DISCARD SEQUENCES",
    # DEALLOCATE ALL would also drop what asyncpg has prepared; where a user did that, the reset fails.
    """DO $reset$ DECLARE statement record; BEGIN
        FOR statement IN SELECT name FROM pg_catalog.pg_prepared_statements WHERE from_sql LOOP
            EXECUTE pg_catalog.format('DEALLOCATE %I', statement.name);
        END LOOP;
        IF (SELECT pg_catalog.count(*) FROM pg_catalog.pg_prepared_statements WHERE NOT from_sql) < {prepared} THEN
            RAISE EXCEPTION 'statements that the driver has prepared are gone';
        END IF; END $reset$""",
)


def reset_query(prepared: int) -> str:
    """The script that undoes all that a statement may leave; asyncpg counts on this number of prepared statements."""
    return "; ".join(RESET).format(prepared=prepared)


_WORD = re.compile(r"\w+")
HARMLESS_WORDS = frozenset(
    _WORD.findall("""
    abort analyze begin commit copy delete end explain insert lock merge notify release rollback savepoint select
    show start table truncate update vacuum values with
    """)
)
# Words that may stand before a bracket, types, and the server's own functions.
HARMLESS_CALLS = frozenset(
    _WORD.findall("""
    all and any array as between by case cast coalesce conflict distinct else except exists explain extract filter
    from group greatest grouping having in insert intersect interval is join key lateral least like ilike limit
    materialized not nullif offset on only or over overlay partition position range returning row rows select set
    similar sets some substring then trim union update using values when where window with within

    bit char character date decimal float int numeric time timestamp timestamptz varbit varchar varying text

    array_agg avg bit_and bit_or bool_and bool_or count every json_agg json_object_agg jsonb_agg jsonb_object_agg
    max min mode percentile_cont percentile_disc stddev string_agg sum variance cume_dist dense_rank first_value lag
    last_value lead nth_value ntile percent_rank rank row_number

    abs ceil ceiling div exp floor ln log mod power random round sign sqrt trunc width_bucket ascii btrim
    char_length chr concat concat_ws decode encode format initcap left length lower lpad ltrim md5 normalize
    octet_length quote_ident quote_literal regexp_count regexp_match regexp_matches regexp_replace
    regexp_split_to_array regexp_split_to_table repeat replace reverse right rpad rtrim sha256 split_part
    starts_with strpos substr to_char to_date to_hex to_number to_timestamp translate upper age clock_timestamp
    date_bin date_part date_trunc gen_random_uuid isfinite justify_days make_date make_interval make_timestamp
    make_timestamptz now statement_timestamp timezone transaction_timestamp uuidv4 uuidv7

    array_append array_cat array_length array_position array_prepend array_remove array_replace array_to_json
    array_to_string array_to_tsvector cardinality generate_series generate_subscripts string_to_array
    string_to_table unnest isempty int4range int8range lower_inc numrange tsrange tstzrange daterange upper_inc
    upper_inf lower_inf json_array_elements json_array_elements_text json_array_length json_build_array
    json_build_object json_each json_extract_path json_extract_path_text json_object json_typeof
    jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object
    jsonb_each jsonb_each_text jsonb_extract_path jsonb_extract_path_text jsonb_insert jsonb_object
    jsonb_object_keys jsonb_path_exists jsonb_path_query jsonb_path_query_array jsonb_path_query_first
    jsonb_populate_record jsonb_pretty jsonb_set jsonb_strip_nulls jsonb_to_record jsonb_to_recordset jsonb_typeof
    row_to_json to_json to_jsonb phraseto_tsquery plainto_tsquery setweight to_tsquery to_tsvector ts_headline
    ts_rank ts_rank_cd websearch_to_tsquery

    col_description current_database current_schema current_setting format_type has_table_privilege hashtext
    hashtextextended num_nonnulls num_nulls obj_description pg_advisory_xact_lock pg_advisory_xact_lock_shared
    pg_backend_pid pg_column_size pg_current_wal_lsn pg_get_constraintdef pg_get_expr pg_get_indexdef
    pg_get_serial_sequence pg_is_in_recovery pg_last_wal_replay_lsn pg_notify pg_relation_size pg_sleep
    pg_table_is_visible pg_total_relation_size pg_try_advisory_xact_lock pg_try_advisory_xact_lock_shared pg_typeof
    to_regclass to_regtype version
    """)
)

# Functions that a trigger, a view or a default may call, and that may change the session. Those of extensions are not
# asked about: they count where a statement names them. Objects below 16384 are the server's own.
_CHANGES = (
    r"\m(set_config|pg_(try_)?advisory_lock\w*|listen|prepare|execute|load|setseed|dblink\w*|with\s+hold)\M"
    r"|\m(create|into)\s+(local\s+|global\s+)?temp|\mpg_temp"
    r"|(^|;|'|\"|\$|\m(begin|then|else|loop))\s*set\s+(?!local\M|transaction\M|constraints\M)"
)
FIND_CHANGING_FUNCTIONS = f"""
SELECT FROM pg_catalog.pg_proc function JOIN pg_catalog.pg_language language ON language.oid = function.prolang
WHERE function.oid >= 16384 AND language.lanname <> ALL ('{{internal,c}}') AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend
    WHERE classid = 'pg_catalog.pg_proc'::regclass AND objid = function.oid AND deptype = 'e'
) AND (
    language.lanname <> ALL ('{{sql,plpgsql}}')
    OR coalesce(pg_catalog.pg_get_function_sqlbody(function.oid), function.prosrc) ~* {quoted_text(_CHANGES)}
) LIMIT 1"""  # noqa: S608 -- of constants

_COMMENT = re.compile(r"/\*|--")
_HIDES_COMMENTS = re.compile(r"[\\$]")  # texts in which a comment may only seem to begin
_NAME = r'(?:"(?:[^"]|"")*"|[^\W\d][\w$]*)'
# Not calls: the columns of a table after INTO, of an alias after AS, and of the first query of a WITH.
_CALL = re.compile(
    rf"\b(?:into|as|with(?:\s+recursive)?)\s+{_NAME}(?:\s*\.\s*{_NAME})*|(?:({_NAME})\s*\.\s*)?({_NAME})\s*\(",
    re.IGNORECASE,
)
_SET = re.compile(r"set\s+(?:local|transaction|constraints)\b", re.IGNORECASE)
_TEMPORARY = re.compile(r"\binto\s+(?:local\s+|global\s+)?temp|\bpg_temp", re.IGNORECASE)
_BEYOND_RESET = re.compile(
    r"(?:^|;)\s*(?:load|set\s+(?:session\s+)?seed)\b|\b(?:dblink_connect|setseed)",
    re.IGNORECASE,
)


class Touch(IntEnum):
    """What a statement may leave in its session."""

    NOTHING = 0
    SESSION = 1
    """State that the reset undoes."""
    SCHEMA = 2
    """State that the reset undoes, and perhaps a function that changes sessions."""
    BEYOND_RESET = 3
    """What only the end of the session undoes: libraries, the seed of `random()`, connections of `dblink`."""


@lru_cache(maxsize=2048)
def touch_of(query: str) -> Touch:
    """What a statement or a script may leave in its session."""
    texts = {query}
    if _COMMENT.search(query):
        if _HIDES_COMMENTS.search(query):
            return Touch.BEYOND_RESET if _BEYOND_RESET.search(query) else Touch.SCHEMA
        texts = {query, without_comments(query)}
    if any(map(_BEYOND_RESET.search, texts)):
        return Touch.BEYOND_RESET
    touch = max(map(_first_word, min(texts, key=len).split(";")))
    return touch or Touch(any(map(_calls_unknown, texts)) or bool(_TEMPORARY.search(query)))


def _first_word(statement: str) -> Touch:
    words = statement.lstrip(" \t\r\n(").split(None, 1)
    if not words or (word := words[0].lower().rstrip("*(")) in HARMLESS_WORDS or _SET.match(statement.lstrip()):
        return Touch.NOTHING
    return Touch.SCHEMA if word in {"create", "alter", "drop", "do"} else Touch.SESSION


def _calls_unknown(text: str) -> bool:
    for schema, name in _CALL.findall(text):
        known = name.strip('"').lower() in HARMLESS_CALLS and schema.strip('"').lower() in {"", "pg_catalog"}
        if name and not known:
            return True
    return False
