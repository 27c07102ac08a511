"""What has to go when features go, and what is in the way."""

from pathlib import Path

from tortoise_kit.development.features import registry
from tortoise_kit.development.features.benchmarks import measuring
from tortoise_kit.development.features.deletion import ANEW, Deletion, history
from tortoise_kit.development.features.passages import changed_texts
from tortoise_kit.development.features.references import users_of
from tortoise_kit.development.features.tools import ROOT, FeatureError, refuse_pending_changes, shown


def plan(wanted: set[str], *, deployed: bool) -> Deletion:
    """What goes when these features go.

    Raises:
        FeatureError: There is no such feature, or something that stays uses one of them.
    """
    names = [name for name in registry.names() if name in wanted]
    if not wanted:
        message = "there is nothing to delete: name features, or say --examples while there are any."
        raise FeatureError(message)
    if unknown := sorted(wanted - set(names)):
        message = f"{unknown[0]} is no feature: app/features.py has {', '.join(registry.names())}."
        raise FeatureError(message)
    refuse_pending_changes()
    benchmarks = measuring({path for name in names for path in users_of(name)})
    _refuse_users(names, benchmarks)
    own = [ROOT / folder / name for name in names for folder in ("app", "tests")]
    has_tables = any((ROOT / "app" / name / "models.py").exists() for name in names)
    migration = None if not has_tables else f"drop_{'_'.join(names)}" if deployed else ANEW
    gone = history() if migration == ANEW else set()
    paths = [*filter(Path.exists, own), *sorted(benchmarks), *sorted(gone)]
    texts = {registry.REGISTRY: registry.without_lines(wanted), **dict(changed_texts(wanted))}
    return Deletion(names, [*map(shown, paths)], {shown(path): text for path, text in texts.items()}, migration)


def _refuse_users(names: list[str], benchmarks: set[Path]) -> None:
    folders = [ROOT / folder / name for name in names for folder in ("app", "tests")]
    for name in names:
        users = [path for path in users_of(name) if not any(path.is_relative_to(gone) for gone in folders)]
        staying = [path.relative_to(ROOT) for path in users if not any(map(path.is_relative_to, benchmarks))]
        owners = [feature for feature in registry.names() if any(path.parts[1] == feature for path in staying)]
        if others := [path.as_posix() for path in staying if path.parts[1] not in owners]:
            message = f"{others[0]} uses {name}, and belongs to no feature: change it first."
            raise FeatureError(message)
        if owners:
            message = f"{name} is used by {', '.join(owners)}: delete them as well, or change {staying[0]} first."
            raise FeatureError(message)
