"""Lines of `contract.py` for rows with an owner, and with many-to-many relations."""

from tortoise_kit.development.features.edits import replaced

ANOTHERS = '''async def anothers(_: User | None) -> Call:
    return await one(None)


OTHERS = (401, 404, 200, 200)
"""The statuses for another user's."""

ACCESS = [
'''


def owned_lines(text: str) -> str:
    """Lines for the caller's rows and those of others, in place of those for staff."""
    line = '    Access(f"{method} {{ONE}}", {statuses}, one),\n'
    lines = (
        '    Access(f"{method} {{ONE}}", {own}, one, "own"),\n'
        '    Access(f"{method} {{ONE}}", {others}, anothers, "another\'s"),\n'
    )
    statuses = (
        ("GET", "SIGNED_IN", "SIGNED_IN", "OTHERS"),
        ("PATCH", "STAFF", "SIGNED_IN", "OTHERS"),
        ("DELETE", "(401, 403, 204, 204)", "(401, 204, 204, 204)", "(401, 404, 204, 204)"),
    )
    return replaced(
        text,
        ("async def one(_: User | None)", "async def one(caller: User | None)"),
        (
            'Call({"paper_clip_id": (await make_paper_clip()).id}',
            'Call({"paper_clip_id": (await make_paper_clip(caller)).id}',
        ),
        ("ACCESS = [\n", ANOTHERS),
        ("STAFF_CREATES, new", "(401, 201, 201, 201), new"),
        *(
            (line.format(method=method, statuses=staff), lines.format(method=method, own=own, others=others))
            for method, staff, own, others in statuses
        ),
        ("STAFF, STAFF_CREATES, ", ""),
    )


def lines_with_relations(text: str, many: int, *, one_statement: bool) -> str:
    """Each relation is read by two more queries, and is written by four.

    Args:
        text: `contract.py`.
        many: The number of relations.
        one_statement: Whether Postgres reads the rows with their relations at once.
    """
    per_database = ', {"postgres": 2}' if one_statement else ""
    return replaced(
        text,
        ('(f"GET {URL}", 2, last_of)', f'(f"GET {{URL}}", {2 + 2 * many}, last_of{per_database})'),
        ('(f"GET {ONE}", 2, last_of)', f'(f"GET {{ONE}}", {2 + 2 * many}, last_of{per_database})'),
        ('(f"POST {URL}", 2, create)', f'(f"POST {{URL}}", {2 + 6 * many}, create)'),
        ('(f"PATCH {ONE}", 3, last_of)', f'(f"PATCH {{ONE}}", {3 + 2 * many}, last_of)'),
    )
