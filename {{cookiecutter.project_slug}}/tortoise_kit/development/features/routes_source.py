"""The routes, reads and writes of a new feature, with filters, with an owner and with many-to-many relations."""

from tortoise_kit.development.features.columns import RANGES, Column
from tortoise_kit.development.features.edits import replaced, with_imports
from tortoise_kit.development.features.shape import DEFAULT_ORDER, Shape

SCHEMAS = "tortoise_kit.development.features.skeleton.paper_clips.schemas"
READS = {
    "Any": "typing",
    "PaperClipFilters": SCHEMAS,
    "User": "app.accounts.models",
    "is_staff": "app.accounts.policies",
    "owner_scope": "tortoise_kit.models",
}
VISIBLE = 'visible = owner_scope(PaperClip, "{owner.field}", sees_all=is_staff)\n\n\n'


def condition_source(column: Column) -> str:
    """The conditions of a filter in its query."""
    if column.kind not in RANGES:
        return f'        "{column.field}": filters.{column.field},\n'
    name = column.name
    return f'        "{name}__gte": filters.{name}_from,\n        "{name}__lt": filters.{name}_to,\n'


def queries(text: str, shape: Shape) -> str:
    """Reads: with filters, and for an owner only their own."""
    if shape.filters:
        conditions = "".join(map(condition_source, shape.filters))
        chosen = "**{name: value for name, value in conditions.items() if value is not None}"
        text = replaced(
            text,
            ("def paper_clips()", "def paper_clips(filters: PaperClipFilters)"),
            ('"""All paper clips."""', '"""The paper clips that match all `filters`."""'),
            (
                "    return PaperClip.all()\n",
                f"    conditions: dict[str, Any] = {{\n{conditions}    }}\n    return PaperClip.filter({chosen})\n",
            ),
        )
    if shape.owner:
        text = _owned(text, shape.owner, "filters: PaperClipFilters, " if shape.filters else "")
    return with_imports(text, READS)


def _owned(text: str, owner: Column, filters: str) -> str:
    """The same reads, of what a user may see."""
    rows = "PaperClip.filter(**{" if filters else "PaperClip.all()"
    text = replaced(
        text,
        (rows, rows.replace("PaperClip", "visible(user)").replace("(user).all()", "(user)")),
        (f"def paper_clips({filters.removesuffix(', ')})", f"def paper_clips({filters}user: User)"),
        ("def paper_clip(paper_clip_id: int)", "def paper_clip(paper_clip_id: int, user: User)"),
        ("with this id, if it exists", "with this id, if the user may see it"),
        ("    return PaperClip.filter(id=paper_clip_id)\n", "    return visible(user).filter(id=paper_clip_id)\n"),
    )
    return replaced(text, ("def paper_clips(", f"{VISIBLE.format(owner=owner)}def paper_clips("))


def routes(text: str, shape: Shape) -> str:
    """Who may call: signed-in users read and staff writes, or each user their own."""
    orders = ", ".join(f'"{order}"' for order in shape.orders or (DEFAULT_ORDER,))
    text = replaced(text, ('"-created_at", "name"', orders))
    arguments = [*(["filters"] if shape.filters else []), *(["user"] if shape.owner else [])]
    text = replaced(text, ("queries.paper_clips()", f"queries.paper_clips({', '.join(arguments)})"))
    if shape.filters:
        text = replaced(
            text,
            (
                "_: SignedIn, page: PaperClipPage)",
                "_: SignedIn, page: PaperClipPage, filters: Annotated[PaperClipFilters, Query()])",
            ),
            ('"""List paper clips."""', '"""List paper clips that match all filters."""'),
        )
    if shape.owner:
        text = replaced(
            text,
            ("_: SignedIn", "user: SignedIn"),
            ("_: Staff", "user: SignedIn"),
            ("import SignedIn, Staff", "import SignedIn"),
            ("create_paper_clip(new)", f"create_paper_clip(new, {shape.owner.field}=user.id)"),
            ("queries.paper_clip(paper_clip_id)", "queries.paper_clip(paper_clip_id, user)"),
            ("change_paper_clip(paper_clip_id, patch)", "change_paper_clip(paper_clip_id, patch, user)"),
            ("service.delete_paper_clip(paper_clip_id)", "service.delete_paper_clip(paper_clip_id, user)"),
        )
    return with_imports(text, {"Query": "fastapi", "PaperClipFilters": SCHEMAS})


def service(text: str, shape: Shape) -> str:
    """Changes: owners change only their rows, with the relations."""
    if owner := shape.owner:
        text = replaced(
            text,
            ("(new: PaperClipCreate)", f"(new: PaperClipCreate, *, {owner.field}: int)"),
            ("(**new.model_dump())", f"(**new.model_dump(), {owner.field}={owner.field})"),
            ("patch: PaperClipPatch)", "patch: PaperClipPatch, user: User)"),
            ("delete_paper_clip(paper_clip_id: int)", "delete_paper_clip(paper_clip_id: int, user: User)"),
            ("queries.paper_clip(paper_clip_id)", "queries.paper_clip(paper_clip_id, user)"),
            ("NotFound: It does not exist.", "NotFound: It does not exist, or the user may not see it."),
        )
    if not shape.of("m2m"):
        return with_imports(text, {"User": "app.accounts.models"})
    return with_imports(_with_relations(text, shape), _modules(shape))


def _modules(shape: Shape) -> dict[str, str]:
    targets = {found.model: found.module for found in shape.targets.values()}
    return {**targets, "User": "app.accounts.models", "Unprocessable": "tortoise_kit.problems"}


def _with_relations(text: str, shape: Shape) -> str:
    many = shape.of("m2m")
    excluded = ", ".join(f'"{each.name}"' for each in many)
    links = "".join(f"    await _link_{each.name}(paper_clip, new.{each.name})\n" for each in many)
    pops = "".join(f'    {each.name} = changes.pop("{each.name}", None)\n' for each in many)
    relinks = "".join(
        f"    if {each.name} is not None:\n        await _link_{each.name}(paper_clip, {each.name})\n" for each in many
    )
    fetch = f"    await paper_clip.fetch_related({excluded})\n    return paper_clip\n"
    text = replaced(
        text,
        ("    return await PaperClip.create(", "    paper_clip = await PaperClip.create("),
        ("new.model_dump()", f"new.model_dump(exclude={{{excluded}}})"),
        ("    changes = patch.model_dump()\n", f"    changes = patch.model_dump()\n{pops}"),
        ("    return paper_clip\n", f"{relinks}{fetch}"),
    )
    created, transactional, rest = text.partition("\n\n@transactional()\nasync def change_paper_clip")
    text = f"{created.rstrip()}\n{links}{fetch}\n{transactional}{rest}"
    return text + "".join(
        LINK.format(name=each.name, label=each.label, model=shape.targets[each.name].model) for each in many
    )


LINK = '''

async def _link_{name}(paper_clip: PaperClip, ids: list[int]) -> None:
    """Link exactly these {label}.

    Raises:
        Unprocessable: One of them does not exist.
    """
    found = await {model}.filter(id__in=ids)
    if len(found) < len(set(ids)):
        detail = "One of the {label} does not exist."
        raise Unprocessable(detail)
    await paper_clip.{name}.clear()
    await paper_clip.{name}.add(*found)
'''
