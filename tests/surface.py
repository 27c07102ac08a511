"""What a team's own code may use of a rendered project: the kit's faces, settings, commands and metrics, as text.

A name is broken when it is gone, when a call that was right no longer is (a parameter that is gone, moved, renamed,
or new without a default), or when it is awaited where it was not. What a function does is for its tests.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

type Function = ast.FunctionDef | ast.AsyncFunctionDef

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
DESCRIPTORS = {"property", "cached_property"}
ASSIGNED = (ast.Assign, ast.AnnAssign, ast.TypeAlias)


@dataclass(frozen=True)
class Parameter:
    """One of what a name is called with.

    Attributes:
        name: As it is called by.
        required: It has no default.
        at: Its place where it may be given without its name.
    """

    name: str
    required: bool
    at: int | None = None


@dataclass(frozen=True)
class Entry:
    """A public name.

    Attributes:
        parameters: By their names; none for what is not called.
        way: How it is used where that is not by a plain call: `awaited`, or `read` without a call.
    """

    parameters: tuple[Parameter, ...] = ()
    way: str = ""


@dataclass(frozen=True)
class Break:
    """What no longer works.

    Attributes:
        name: The public name.
        how: What became of it, in Markdown, with the part of it that is concerned in backquotes.
        part: That part, if it is not the whole.
    """

    name: str
    how: str
    part: str = ""

    @property
    def line(self) -> str:
        """What to begin the line of `UPGRADES.md` with."""
        return f"- `{self.name}`: {self.how}."

    def is_named_in(self, text: str) -> bool:
        """Whether a line names it, or a class that it is in."""
        parts = self.name.split(".")
        classes = (".".join(parts[:end]) for end in range(1, len(parts)) if parts[end - 1][:1].isupper())
        names = (self.name, *classes)
        return any(
            all(f"`{each}`" in line for each in (name, self.part) if each)
            for name in names
            for line in text.splitlines()
        )


type Surface = dict[str, Entry]


def surface(service: Path) -> Surface:
    """The public names of a service's folder."""
    return dict(
        chain(
            _kit(service / "tortoise_kit"),
            _settings(service / "app" / "settings.py"),
            _commands(service / "app"),
            _metrics(service / "app"),
            _metrics(service / "tortoise_kit"),
        )
    )


def breaks(old: Surface, new: Surface) -> Iterator[Break]:
    """What was right with the old names and is wrong with the new ones."""
    for name, entry in old.items():
        if name not in new:
            yield Break(name, "is gone")
            continue
        if entry.way != new[name].way:
            yield Break(name, f"is {new[name].way or 'called'} and no longer {entry.way or 'called'}")
        yield from _breaks_of_calls(name, entry, new[name])


def _breaks_of_calls(name: str, old: Entry, new: Entry) -> Iterator[Break]:
    before, after = ({each.name: each for each in entry.parameters} for entry in (old, new))
    for each in old.parameters:
        now = after.get(each.name)
        if now is None:
            yield Break(name, f"`{each.name}` is gone", each.name)
        elif each.at is not None and each.at != now.at:
            where = "can only be passed by name" if now.at is None else f"moved to place {now.at + 1}"
            yield Break(name, f"`{each.name}` {where}", each.name)
        elif now.required and not each.required:
            yield Break(name, f"`{each.name}` no longer has a default", each.name)
    for each in new.parameters:
        if each.required and each.name not in before:
            yield Break(name, f"`{each.name}` is new and has no default", each.name)


def faces(kit: Path) -> dict[str, set[str]]:
    """The public names of each room of the kit, such as `tortoise_kit.db`: what its `__init__.py` has in `__all__`."""
    found = {_dotted(kit, path.parent): _exports(_parse(path)) for path in sorted(kit.rglob("__init__.py"))}
    return {room: names for room, names in found.items() if names}


def _dotted(kit: Path, path: Path) -> str:
    return ".".join(path.relative_to(kit.parent).with_suffix("").parts)


def _kit(kit: Path) -> Iterator[tuple[str, Entry]]:
    """Each public name and its members, wherever below the face they are defined."""
    for room, names in faces(kit).items():
        for name in sorted(names):
            yield from ((f"{room}.{found}", entry) for found, entry in _definition(kit.parent, room, name))


def _definition(folder: Path, module: str, name: str) -> Iterator[tuple[str, Entry]]:
    """The name and its members, looked for where its import leads."""
    path = folder.joinpath(*module.split("."))
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    if not path.exists():
        return
    body = _parse(path).body
    for node in body:
        if isinstance(node, ast.ImportFrom) and name in {each.name for each in node.names}:
            yield from _definition(folder, str(node.module), name)
    yield from ((found, entry) for found, entry in _names(body) if found.partition(".")[0] == name)


def _exports(module: ast.Module) -> set[str]:
    """The names in `__all__`."""
    for node in module.body:
        if isinstance(node, ast.Assign) and "__all__" in _targets(node):
            return set(ast.literal_eval(node.value))
    return set()


def _names(body: list[ast.stmt], owner: str = "") -> Iterator[tuple[str, Entry]]:
    """The public names that these statements define; methods as `Class.method`."""
    for node in body:
        if isinstance(node, FUNCTIONS) and not node.name.startswith("_"):
            yield owner + node.name, _called(node, bound=bool(owner))
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield owner + node.name, Entry(_constructor(node))
            yield from _names(node.body, f"{owner}{node.name}.")
        elif isinstance(node, ASSIGNED):
            yield from ((owner + name, Entry()) for name in _targets(node) if not name.startswith("_"))


def _targets(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.TypeAlias):
        return [node.name.id]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _called(node: Function, *, bound: bool) -> Entry:
    decorators = {_last_name(each) for each in node.decorator_list}
    if decorators & DESCRIPTORS:
        return Entry(way="read")
    generates = isinstance(node, ast.AsyncFunctionDef) and any(isinstance(each, ast.Yield) for each in ast.walk(node))
    awaited = isinstance(node, ast.AsyncFunctionDef) and not generates
    return Entry(_parameters(node, bound=bound and "staticmethod" not in decorators), way="awaited" if awaited else "")


def _last_name(node: ast.expr) -> str:
    node = node.func if isinstance(node, ast.Call) else node
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _parameters(node: Function, *, bound: bool) -> tuple[Parameter, ...]:
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args][bound:]
    required = len(positional) - len(arguments.defaults)
    by_place = (Parameter(each.arg, at < required, at) for at, each in enumerate(positional))
    by_name = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return (*by_place, *(Parameter(each.arg, default is None) for each, default in by_name))


def _constructor(node: ast.ClassDef) -> tuple[Parameter, ...]:
    """What makes an object: of `__init__`, or the fields of a dataclass."""
    for each in node.body:
        if isinstance(each, FUNCTIONS) and each.name == "__init__":
            return _parameters(each, bound=True)
    dataclasses = [each for each in node.decorator_list if _last_name(each) == "dataclass"]
    if not dataclasses:
        return ()
    by_name = "kw_only=True" in ast.unparse(dataclasses[0])
    fields = (each for each in node.body if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name))
    return tuple(
        Parameter(each.target.id, each.value is None, None if by_name else at)
        for at, each in enumerate(fields)
        if isinstance(each.target, ast.Name)
    )


def _settings(path: Path) -> Iterator[tuple[str, Entry]]:
    """Each setting by its name in the environment."""
    settings = next(node for node in _parse(path).body if isinstance(node, ast.ClassDef) and node.name == "Settings")
    for node in settings.body:
        if isinstance(node, ast.AnnAssign):
            yield from ((name.upper(), Entry()) for name in _targets(node) if not name.startswith("_"))


def _commands(app: Path) -> Iterator[tuple[str, Entry]]:
    """Each command of `python -m app` with its options and arguments."""
    groups = {}
    top = []
    commands = app / "cli" / "main.py"
    registry = commands if commands.exists() else app / "__main__.py"  # where 0.1.0 had them
    for call in (node for node in ast.walk(_parse(registry)) if isinstance(node, ast.Call)):
        if _last_name(call.func) == "add_typer":
            groups[ast.unparse(call.args[0]).removesuffix(".app")] = _keyword(call, "name")
        elif isinstance(call.func, ast.Call) and _last_name(call.func) == "command":
            top.append(ast.unparse(call.args[0]))
    for path in sorted((app / "cli").glob("*.py")):
        module = _parse(path)
        aliases = {name: node.value for node in module.body if isinstance(node, ast.Assign) for name in _targets(node)}
        for node in module.body:
            if not isinstance(node, FUNCTIONS):
                continue
            decorators = [each for each in node.decorator_list if _last_name(each) == "command"]
            if decorators and path.stem in groups:
                yield f"python -m app {groups[path.stem]} {_command_name(node, decorators[0])}", _options(node, aliases)
            elif node.name in top:
                yield f"python -m app {node.name}", _options(node, aliases)


def _command_name(node: Function, decorator: ast.expr) -> str:
    given = [each for each in getattr(decorator, "args", []) if isinstance(each, ast.Constant)]
    return str(given[0].value) if given else node.name.replace("_", "-")


def _options(node: Function, aliases: Mapping[str, ast.expr]) -> Entry:
    """As they are typed: `--limit`, or the name of an argument with its place."""
    types = {each.arg: each.annotation for each in (*node.args.args, *node.args.kwonlyargs)}
    found: list[Parameter] = []
    for each in _parameters(node, bound=False):
        written = types[each.name]
        meaning = aliases.get(written.id, written) if isinstance(written, ast.Name) else written
        calls = [call for call in ast.walk(meaning) if isinstance(call, ast.Call)] if meaning else []
        names = [
            part.value
            for call in calls
            for part in call.args
            if isinstance(part, ast.Constant) and str(part.value).startswith("--")
        ]
        prompts = any(_keyword(call, "prompt") for call in calls)
        if any(_last_name(call) == "Argument" for call in calls):
            found.append(Parameter(each.name, each.required, sum(one.at is not None for one in found)))
        else:
            typed = str(names[0]) if names else f"--{each.name.replace('_', '-')}"
            found.append(Parameter(typed, each.required and not prompts))
    return Entry(tuple(found))


def _keyword(call: ast.Call, name: str) -> str:
    values = [each.value for each in call.keywords if each.arg == name]
    return str(values[0].value) if values and isinstance(values[0], ast.Constant) else ""


METRICS = {"Counter", "Gauge", "Histogram", "gauge"}  # name, text, labels; the kit's own has a registry before


def _metrics(package: Path) -> Iterator[tuple[str, Entry]]:
    """Each metric with its labels; a label that is gone breaks queries, and a new one does not."""
    for path in sorted(package.rglob("*.py")):
        for call in (node for node in ast.walk(_parse(path)) if isinstance(node, ast.Call)):
            names = [str(each.value) for each in call.args if isinstance(each, ast.Constant)]
            if _last_name(call) in METRICS and names:
                given = [ast.literal_eval(each) for each in call.args if isinstance(each, ast.Tuple)]
                labels = tuple(Parameter(str(label), required=False) for label in chain.from_iterable(given))
                yield names[0], Entry(labels)


def _parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))
