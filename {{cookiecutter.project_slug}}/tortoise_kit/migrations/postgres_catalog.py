"""The objects of a Postgres schema, each with the statements that create, change and drop it.

Names are read with an empty `search_path`, so that every definition is qualified and two schemas compare as text.
What belongs to an extension is left out, and so is the table of applied migrations.
"""

from collections.abc import Mapping

from tortoise.backends.base.client import BaseDBAsyncClient

from tortoise_kit.migrations.catalog import Catalog, SchemaObject
from tortoise_kit.sql.parsing import quoted

RELATIONS = """
relations AS (
    SELECT c.oid, c.relkind, c.relname::text AS name, format('%I.%I', n.nspname, c.relname) AS qualified
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY($1::text[]) AND c.relname <> 'aerich'
    AND c.relname NOT LIKE 'aerich\\_id\\_seq%'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
),
tables AS (SELECT oid, qualified FROM relations WHERE relkind IN ('r', 'p')),
attributes AS (
    SELECT t.qualified, a.attnum, a.attrelid, quote_ident(a.attname) AS name, a.attnotnull, a.attidentity::text,
        format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attcollation <> ty.typcollation
            THEN format(' COLLATE %s', a.attcollation::regcollation) ELSE '' END AS type,
        a.attgenerated::text, pg_get_expr(d.adbin, d.adrelid) AS expression,
        'ALTER TABLE ' || t.qualified || ' ALTER COLUMN ' || quote_ident(a.attname) || ' ' AS alteration
    FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type ty ON ty.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
)
"""

EXTENSION = """
SELECT 'extension' AS kind, '' AS owner, extname::text AS name, '' AS definition,
    format('CREATE EXTENSION IF NOT EXISTS %I', extname) AS creation, '' AS deletion, NULL AS change, '' AS body
FROM pg_extension
"""
SEQUENCE = """
SELECT 'sequence', coalesce(t.qualified, ''), r.qualified,
    settings || coalesce(' OWNED BY ' || owned, ''),
    CASE WHEN d.deptype = 'i' THEN '' ELSE format('CREATE SEQUENCE %s %s', r.qualified, settings) END,
    CASE WHEN d.deptype = 'i' THEN '' ELSE format('DROP SEQUENCE %s', r.qualified) END,
    format('ALTER SEQUENCE %s %s', r.qualified, settings)
        || CASE WHEN d.deptype = 'a' THEN ' OWNED BY ' || owned ELSE '' END,
    CASE WHEN d.deptype = 'a' THEN format('ALTER SEQUENCE %s OWNED BY %s', r.qualified, owned) ELSE '' END
FROM relations r JOIN pg_sequence s ON s.seqrelid = r.oid
LEFT JOIN pg_depend d ON d.objid = r.oid AND d.deptype IN ('a', 'i') AND d.refclassid = 'pg_class'::regclass
    AND d.classid = 'pg_class'::regclass
LEFT JOIN tables t ON t.oid = d.refobjid
LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid,
LATERAL (SELECT format('AS %s INCREMENT BY %s MAXVALUE %s %s', s.seqtypid::regtype, s.seqincrement, s.seqmax,
    CASE WHEN s.seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END), t.qualified || '.' || quote_ident(a.attname))
    AS texts (settings, owned)
"""
TABLE = """
SELECT 'table', qualified, qualified, '', '', 'DROP TABLE ' || qualified, NULL, '' FROM tables
"""
# What differs from what CREATE TABLE results in; there is no such object where nothing does.
TABLE_STATE = """
SELECT s.kind, t.qualified, s.name, '', format('ALTER TABLE %s %s', t.qualified, s.set),
    format('ALTER TABLE %s %s', t.qualified, s.unset), NULL, ''
FROM tables t JOIN pg_class c ON c.oid = t.oid, LATERAL (VALUES
    ('persistence', 'UNLOGGED', 'SET UNLOGGED', 'SET LOGGED', c.relpersistence = 'u'),
    ('row security', 'ENABLE', 'ENABLE ROW LEVEL SECURITY', 'DISABLE ROW LEVEL SECURITY', c.relrowsecurity),
    ('row security', 'FORCE', 'FORCE ROW LEVEL SECURITY', 'NO FORCE ROW LEVEL SECURITY', c.relforcerowsecurity)
) AS s (kind, name, set, unset, there) WHERE s.there
"""
POLICY = """
SELECT 'policy', t.qualified, quote_ident(p.polname), s.definition,
    format('CREATE POLICY %I ON %s %s', p.polname, t.qualified, s.definition),
    format('DROP POLICY %I ON %s', p.polname, t.qualified), NULL, ''
FROM tables t JOIN pg_policy p ON p.polrelid = t.oid, LATERAL (SELECT
    CASE WHEN p.polpermissive THEN 'AS PERMISSIVE FOR ' ELSE 'AS RESTRICTIVE FOR ' END || CASE p.polcmd
        WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END
    || ' TO ' || (SELECT string_agg(CASE r WHEN 0 THEN 'PUBLIC' ELSE r::regrole::text END, ', ' ORDER BY r)
        FROM unnest(p.polroles) AS r)
    || coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
    || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '')) AS s (definition)
"""
COLUMN = """
SELECT 'column', qualified, name, type,
    format('ALTER TABLE %s ADD COLUMN ', qualified), format('ALTER TABLE %s DROP COLUMN %s', qualified, name),
    -- A cast to a shorter text would cut it, where an assignment fails.
    alteration || 'TYPE ' || type
        || CASE WHEN type LIKE 'character%' THEN '' ELSE format(' USING %s::%s', name, type) END,
    name || ' ' || type || CASE WHEN attidentity = 'a' THEN ' GENERATED ALWAYS AS IDENTITY'
        WHEN attidentity = 'd' THEN ' GENERATED BY DEFAULT AS IDENTITY'
        WHEN attgenerated = 's' THEN format(' GENERATED ALWAYS AS (%s) STORED', expression)
        WHEN attgenerated = 'v' THEN format(' GENERATED ALWAYS AS (%s)', expression)
        ELSE coalesce(' DEFAULT ' || expression, '') END || CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END
FROM attributes
"""
DEFAULT = """
SELECT 'default', qualified, name, expression, alteration || 'SET DEFAULT ' || expression,
    alteration || 'DROP DEFAULT', alteration || 'SET DEFAULT ' || expression, ''
FROM attributes WHERE expression IS NOT NULL AND attgenerated = ''
"""
GENERATION = """
SELECT 'generation', qualified, name, coalesce(attgenerated || expression, '') || attidentity,
    CASE WHEN attgenerated = '' THEN alteration || 'ADD GENERATED BY DEFAULT AS IDENTITY'
        ELSE format('ALTER TABLE %s DROP COLUMN %s', qualified, name) END,
    alteration || CASE WHEN attgenerated = '' THEN 'DROP IDENTITY' ELSE 'DROP EXPRESSION' END, NULL, ''
FROM attributes WHERE attgenerated <> '' OR attidentity <> ''
"""
NOT_NULL = """
SELECT 'NOT NULL', qualified, name, '', alteration || 'SET NOT NULL', alteration || 'DROP NOT NULL', NULL, ''
FROM attributes WHERE attnotnull
"""
CONSTRAINT = """
SELECT 'constraint', t.qualified, quote_ident(c.conname), pg_get_constraintdef(c.oid),
    format('ALTER TABLE %s ADD CONSTRAINT %I %s', t.qualified, c.conname, pg_get_constraintdef(c.oid)),
    format('ALTER TABLE %s DROP CONSTRAINT %I', t.qualified, c.conname), NULL,
    format('ALTER TABLE %s VALIDATE CONSTRAINT %I', t.qualified, c.conname)
FROM tables t JOIN pg_constraint c ON c.conrelid = t.oid
WHERE c.contype IN ('p', 'u', 'c', 'f', 'x') AND c.conparentid = 0
ORDER BY c.contype = 'f'
"""
INDEX = """
SELECT 'index', t.qualified, quote_ident(r.name),
    regexp_replace(pg_get_indexdef(r.oid), 'INDEX .*? ON ', 'INDEX ON ')
        || CASE WHEN i.indisvalid THEN '' ELSE ' INVALID' END,
    regexp_replace(pg_get_indexdef(r.oid), '^CREATE (UNIQUE )?INDEX ', 'CREATE \\1INDEX CONCURRENTLY '),
    format('DROP INDEX CONCURRENTLY %s', r.qualified), NULL, ''
FROM tables t JOIN pg_index i ON i.indrelid = t.oid JOIN relations r ON r.oid = i.indexrelid
WHERE NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = r.oid AND c.contype IN ('p', 'u', 'x'))
"""
VIEW = """
SELECT 'view', r.qualified, r.qualified, pg_get_viewdef(r.oid),
    format('CREATE %s AS %s', s.name, pg_get_viewdef(r.oid)), 'DROP ' || s.name, NULL, ''
FROM relations r,
    LATERAL (SELECT CASE r.relkind WHEN 'v' THEN 'VIEW ' ELSE 'MATERIALIZED VIEW ' END || r.qualified) AS s (name)
WHERE r.relkind IN ('v', 'm')
"""
FUNCTION = """
SELECT 'function', '', format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)),
    pg_get_functiondef(p.oid), pg_get_functiondef(p.oid),
    format('DROP ROUTINE %I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)),
    pg_get_functiondef(p.oid), ''
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = ANY($1::text[]) AND p.prokind IN ('f', 'p')
AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""
TRIGGER = """
SELECT 'trigger', t.qualified, quote_ident(g.tgname), pg_get_triggerdef(g.oid), pg_get_triggerdef(g.oid),
    format('DROP TRIGGER %I ON %s', g.tgname, t.qualified), NULL, ''
FROM tables t JOIN pg_trigger g ON g.tgrelid = t.oid WHERE NOT g.tgisinternal
"""
# The triggers of a foreign key have numbers for names, and only ALL reaches them.
TRIGGER_STATE = """
SELECT DISTINCT 'state of trigger', t.qualified, s.name, g.tgenabled::text,
    format('ALTER TABLE %s %s TRIGGER %s', t.qualified, CASE g.tgenabled WHEN 'D' THEN 'DISABLE'
        WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, s.name),
    format('ALTER TABLE %s ENABLE TRIGGER %s', t.qualified, s.name), NULL, ''
FROM tables t JOIN pg_trigger g ON g.tgrelid = t.oid,
    LATERAL (SELECT CASE WHEN g.tgisinternal THEN 'ALL' ELSE quote_ident(g.tgname) END) AS s (name)
WHERE g.tgenabled <> 'O'
"""
COMMENT = """
SELECT 'comment', t.qualified, coalesce(a.name, ''), d.description,
    format('COMMENT ON %s IS %L', s.name, d.description), format('COMMENT ON %s IS NULL', s.name),
    format('COMMENT ON %s IS %L', s.name, d.description), ''
FROM tables t JOIN pg_description d ON d.objoid = t.oid AND d.classoid = 'pg_class'::regclass
LEFT JOIN attributes a ON a.attrelid = t.oid AND a.attnum = d.objsubid,
LATERAL (SELECT coalesce('COLUMN ' || t.qualified || '.' || a.name, 'TABLE ' || t.qualified)) AS s (name)
"""
TABLES = (EXTENSION, SEQUENCE, TABLE, TABLE_STATE, COLUMN, DEFAULT, GENERATION, NOT_NULL, CONSTRAINT, INDEX)
OTHERS = (VIEW, FUNCTION, TRIGGER, TRIGGER_STATE, POLICY, COMMENT)
# Parentheses, since some parts are ordered.
READ = f"WITH {RELATIONS} " + " UNION ALL ".join(f"({part})" for part in (*TABLES, *OTHERS))
"""All objects of the schemas `$1`: kind, owner, name, definition, creation, deletion, change, body."""


async def read_postgres(client: BaseDBAsyncClient, schemas: list[str], names: Mapping[str, str]) -> Catalog:
    """The objects of these schemas. `names` has other names for schemas; an empty one leaves their objects bare."""
    await client.execute_query("SELECT set_config('search_path', '', TRUE)")
    rows = await client.execute_query_dict(READ, [schemas])
    texts = [{name: renamed(value, names) if value else value for name, value in row.items()} for row in rows]
    objects = [SchemaObject(**row) for row in texts]
    return {one.key: one for one in objects}


def renamed(sql: str, schemas: Mapping[str, str]) -> str:
    """SQL with other names for schemas."""
    for schema, name in schemas.items():
        for spelled in (schema, quoted(schema)):
            sql = sql.replace(f"{spelled}.", f"{name}." if name else "")
    return sql
