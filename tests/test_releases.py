"""A release keeps what it renders, and `UPGRADES.md` names everything that has broken since."""

import json
import re
import subprocess
import tomllib
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from shutil import copytree

import pytest
import yaml

from tests.rendering import FOLDER, ROOT, SERVICE, TIMEOUT_SECONDS, contents, render, sources
from tests.surface import Break, Surface, breaks, faces, surface
from tests.updating import RELEASES, RENDERED_FROM, Shell, documented, read, replace, unpack, version_key

VERSION = json.loads(read(ROOT / "cookiecutter.json"))["_template_version"]
# The oldest first.
KEPT = sorted((path.name.removesuffix(".tar.gz") for path in RELEASES.glob("*.tar.gz")), key=version_key)
PUBLIC_NAMES_MAX = 169  # of the kit, without what only development needs


def sections(page: str) -> dict[str, str]:
    """The text below each heading."""
    parts = re.split(r"^## (.+)\n", read(ROOT / page), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def upgrades_since(release: str) -> str:
    """What `UPGRADES.md` says of the versions after this one."""
    text = read(ROOT / "UPGRADES.md").split(f"\n## {release}\n")[0]
    return re.split(r"^## (?=Unreleased|\d)", text, maxsplit=1, flags=re.MULTILINE)[-1]


def test_the_version_follows_the_last_release_and_is_one_that_git_can_check_out() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+(\.dev0)?", VERSION)
    for version in KEPT:
        assert version_key(VERSION.removesuffix(".dev0")) >= version_key(version)
        subprocess.run(["git", "check-ref-format", f"refs/tags/{version}"], check=True, timeout=TIMEOUT_SECONDS)  # noqa: S607


@pytest.mark.parametrize("project", [ROOT, SERVICE / "tortoise_kit"], ids=["template", "kit"])
def test_the_other_files_that_carry_the_version_have_the_same(project: Path) -> None:
    assert tomllib.loads(read(project / "pyproject.toml"))["project"]["version"] == VERSION


@pytest.mark.parametrize("page", ["docs/layout.md", "docs/update.md"])
def test_what_a_page_says_of_releases_is_true_before_and_after_one(page: str) -> None:
    assert re.findall(r".* (?:will be|until) the (?:first|next) .*", read(ROOT / page)) == []


def test_each_kept_release_renders_and_records_its_version(tmp_path: Path, config: Path) -> None:
    for version in KEPT:
        kept = unpack(RELEASES / f"{version}.tar.gz", tmp_path / version)

        project = render(kept, tmp_path / "projects" / version, config=config)

        assert read(project / ".cookiecutter.yaml").startswith(f"# Rendered by version {version} of the template")
        assert {name.split("/")[0] for name in contents(kept)} >= {"cookiecutter.json", "hooks", FOLDER}


def test_a_version_that_is_released_is_changed_no_more(tmp_path: Path) -> None:
    if VERSION not in KEPT:
        assert VERSION.endswith(".dev0") or version_key(VERSION) > version_key(KEPT[-1])
        return
    here = {path.as_posix(): (ROOT / path).read_bytes() for path in sources()}

    kept = contents(unpack(RELEASES / f"{VERSION}.tar.gz", tmp_path))

    assert kept == {name: data for name, data in here.items() if name.split("/")[0] in RENDERED_FROM}


@pytest.mark.parametrize("page", ["CHANGELOG.md", "UPGRADES.md"])
def test_each_release_has_its_section_the_newest_first(page: str) -> None:
    headings = [heading for heading in sections(page) if heading[0].isdigit()]

    assert set(KEPT) <= set(headings)
    assert (VERSION in headings) is not ("Unreleased" in sections(page)), "a version is released, or begins with .dev0"
    assert headings == sorted(headings, key=version_key, reverse=True)


def test_upgrades_names_everything_that_breaks_since_the_last_release(tmp_path: Path) -> None:
    for release in KEPT[-1:]:
        kept = surface(unpack(RELEASES / f"{release}.tar.gz", tmp_path) / FOLDER)

        unnamed = [each for each in breaks(kept, surface(SERVICE)) if not each.is_named_in(upgrades_since(release))]

        lines = "\n".join(f"{each.line[:-1]}: say here what to do instead." for each in unnamed)
        assert not unnamed, f"Projects of {release} break, and UPGRADES.md does not say so under Unreleased:\n{lines}"


def test_the_surface_has_what_features_use() -> None:
    found = surface(SERVICE)

    for name in (
        "tortoise_kit.pagination.paging",
        "tortoise_kit.pagination.PageRequest.respond",
        "tortoise_kit.pagination.item_response",
        "tortoise_kit.db.transactional",
        "tortoise_kit.problems.NotFound",
        "DATABASE_URL",
        "python -m app migrations make",
        "python -m app users log-out",
        "http_requests",
    ):
        assert name in found
    assert not [name for name in found if "._" in name]
    assert [each.name for each in found["python -m app dev"].parameters] == ["--host", "--port", "--seed"]


def test_the_kit_has_few_public_names() -> None:
    names = {room: len(names) for room, names in faces(SERVICE / "tortoise_kit").items() if ".development" not in room}

    assert len(names) >= 10
    assert sum(names.values()) <= PUBLIC_NAMES_MAX, names


PAGES = """from tortoise_kit.pages.rows import LIMIT, Page, Row, page\n\n__all__ = ["LIMIT", "Page", "Row", "page"]\n"""


def service_of(folder: Path, files: Mapping[str, str]) -> Surface:
    """The surface of a small service with these files changed."""
    texts = {
        "tortoise_kit/pages/__init__.py": PAGES,
        "tortoise_kit/pages/rows.py": "",
        "app/settings.py": "class Settings:\n    database_url: str = 'x'\n    lock_timeout_seconds: float = 3\n",
        "app/__main__.py": "cli.command()(serve)\ncli.add_typer(users.app, name='accounts')\n",
        "app/cli/server.py": (
            "Port = Annotated[int, typer.Option('--listen')]\n"
            "def serve(port: Port = 1, workers_max: Annotated[int, typer.Option()] = 2): ...\n"
        ),
        "app/cli/users.py": "@app.command('log-out')\ndef end(email: Annotated[str, typer.Argument()]): ...\n",
        "app/metrics.py": "Counter('requests', 'All.', ('method', 'status'), registry=registry)\n",
        **files,
    }
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return surface(folder)


@pytest.mark.parametrize(
    ("before", "after", "broken"),
    [
        ("def page(rows, limit=1): ...", "def page(rows, limit=2, *, order=None): ...", []),
        ("def page(rows, *, limit): ...", "def page(rows, limit): ...", []),
        ("def page(rows): ...", "def page(rows, limit=1, *args, **more): ...", []),
        ("def _page(rows): ...", "", []),
        ("def page(rows): ...", "", ["`tortoise_kit.pages.page`: is gone"]),
        ("def page(rows): ...", "def _page(rows): ...", ["`tortoise_kit.pages.page`: is gone"]),
        ("def page(rows, limit): ...", "def page(rows): ...", ["`tortoise_kit.pages.page`: `limit` is gone"]),
        (
            "def page(rows, limit): ...",
            "def page(limit, rows): ...",
            [
                "`tortoise_kit.pages.page`: `rows` moved to place 2",
                "`tortoise_kit.pages.page`: `limit` moved to place 1",
            ],
        ),
        (
            "def page(rows, limit): ...",
            "def page(rows, *, limit): ...",
            ["`tortoise_kit.pages.page`: `limit` can only be passed by name"],
        ),
        (
            "def page(rows, *, limit=1): ...",
            "def page(rows, *, limit): ...",
            ["`tortoise_kit.pages.page`: `limit` no longer has a default"],
        ),
        (
            "def page(rows): ...",
            "def page(rows, *, limit): ...",
            ["`tortoise_kit.pages.page`: `limit` is new and has no default"],
        ),
        ("def page(): ...", "async def page(): ...", ["`tortoise_kit.pages.page`: is awaited and no longer called"]),
        (
            "async def page(): ...",
            "async def page():\n    yield",
            ["`tortoise_kit.pages.page`: is called and no longer awaited"],
        ),
        ("LIMIT = 1", "LIMIT = 2", []),
        ("LIMIT = 1", "", ["`tortoise_kit.pages.LIMIT`: is gone"]),
        ("type Row = int", "", ["`tortoise_kit.pages.Row`: is gone"]),
        (
            "class Page:\n    def next(self, at): ...",
            "class Page:\n    def next(self): ...",
            ["`tortoise_kit.pages.Page.next`: `at` is gone"],
        ),
        (
            "class Page:\n    @property\n    def next(self): ...",
            "class Page:\n    def next(self): ...",
            ["`tortoise_kit.pages.Page.next`: is called and no longer read"],
        ),
        (
            "class Page:\n    def __init__(self, rows): ...",
            "class Page:\n    def __init__(self, rows, limit): ...",
            ["`tortoise_kit.pages.Page`: `limit` is new and has no default"],
        ),
        (
            "@dataclass(frozen=True)\nclass Page:\n    rows: list\n    limit: int = 1",
            "@dataclass(frozen=True)\nclass Page:\n    total: int\n    limit: int = 1",
            [
                "`tortoise_kit.pages.Page`: `rows` is gone",
                "`tortoise_kit.pages.Page`: `total` is new and has no default",
                "`tortoise_kit.pages.Page.rows`: is gone",
            ],
        ),
    ],
)
def test_a_change_of_the_kit_is_a_break_where_a_call_that_was_right_is_wrong(
    tmp_path: Path, before: str, after: str, broken: list[str]
) -> None:
    old = service_of(tmp_path / "old", {"tortoise_kit/pages/rows.py": before})
    new = service_of(tmp_path / "new", {"tortoise_kit/pages/rows.py": after})

    assert [each.line.strip("- .") for each in breaks(old, new)] == broken


def test_a_room_may_move_what_its_face_shows_and_change_what_it_does_not(tmp_path: Path) -> None:
    face = "tortoise_kit/pages/__init__.py"
    moved = PAGES.replace("pages.rows", "pages.walks")
    page = "def page(): ..."
    old = service_of(tmp_path / "old", {"tortoise_kit/pages/rows.py": f"{page}\ndef hidden(): ..."})
    new = service_of(tmp_path / "new", {face: moved, "tortoise_kit/pages/walks.py": page})
    without = service_of(tmp_path / "without", {face: "__all__ = []", "tortoise_kit/pages/rows.py": page})

    assert list(breaks(old, new)) == []
    assert list(breaks(old, without)) == [Break("tortoise_kit.pages.page", "is gone")]


@pytest.mark.parametrize(
    ("file", "text", "broken"),
    [
        ("app/settings.py", "class Settings:\n    database_url: str = 'x'\n", ["`LOCK_TIMEOUT_SECONDS`: is gone"]),
        (
            "app/cli/server.py",
            "def serve(port: Annotated[int, typer.Option()] = 1, workers_max: int = 2): ...",
            ["`python -m app serve`: `--listen` is gone"],
        ),
        ("app/cli/server.py", "", ["`python -m app serve`: is gone"]),
        (
            "app/cli/users.py",
            "@app.command('log-out')\ndef end(email: Annotated[str, typer.Argument()], *, why: str): ...\n",
            ["`python -m app accounts log-out`: `--why` is new and has no default"],
        ),
        ("app/cli/users.py", "@app.command()\ndef end(): ...\n", ["`python -m app accounts log-out`: is gone"]),
        (
            "app/metrics.py",
            "Counter('requests', 'All.', ('method',))",
            ["`requests`: `status` is gone"],
        ),
        ("app/metrics.py", "Counter('calls', 'All.')", ["`requests`: is gone"]),
    ],
)
def test_settings_commands_and_metrics_break_too(tmp_path: Path, file: str, text: str, broken: list[str]) -> None:
    old = service_of(tmp_path / "old", {})
    new = service_of(tmp_path / "new", {file: text})

    assert [each.line.strip("- .") for each in breaks(old, new)] == broken


def test_a_break_is_named_by_a_line_with_its_name_and_its_part() -> None:
    gone, moved = (
        Break("tortoise_kit.pages.page", "is gone"),
        Break("tortoise_kit.pages.page", "`limit` is gone", "limit"),
    )

    assert gone.is_named_in("Text.\n- `tortoise_kit.pages.page` is `paged` now.")
    assert not gone.is_named_in("`tortoise_kit.pages.page_of` is gone; tortoise_kit.pages.page too.")
    assert moved.is_named_in("- `tortoise_kit.pages.page` no longer has a `limit`.")
    assert not moved.is_named_in("- `tortoise_kit.pages.page` changed.\n- `limit` is gone.")


def test_a_break_of_a_member_is_named_by_a_line_about_its_class_but_not_about_its_module() -> None:
    names = ("tortoise_kit.a.Pool.size", "tortoise_kit.a.Pool.Meta.size", "tortoise_kit.a.f", "PORT")
    member, deeper, function, setting = (Break(name, "is gone") for name in names)

    assert member.is_named_in("- `tortoise_kit.a.Pool`: import it from `tortoise_kit.b`.")
    assert deeper.is_named_in("- `tortoise_kit.a.Pool`: import it from `tortoise_kit.b`.")
    assert not function.is_named_in("- `tortoise_kit.a`: has changed.")
    assert not setting.is_named_in("- `tortoise_kit.a.Pool`: import it from `tortoise_kit.b`.")


def release_steps() -> dict[str, str]:
    """The shell lines of the release workflow, by name."""
    workflow = yaml.safe_load(read(ROOT / ".github" / "workflows" / "release.yaml"))
    steps = workflow["jobs"]["release"]["steps"]
    return {step.get("name", step["run"]): step["run"] for step in steps if "run" in step}


def number(repository: Path, version: str) -> None:
    """The first step of a release: its version in three files, and as the heading of what was not released."""
    replace(repository / "cookiecutter.json", f'"_template_version": "{VERSION}"', f'"_template_version": "{version}"')
    for project in (repository, repository / FOLDER / "tortoise_kit"):
        replace(project / "pyproject.toml", f'version = "{VERSION}"', f'version = "{version}"')
    for page in ("CHANGELOG.md", "UPGRADES.md"):
        replace(repository / page, "\n## Unreleased\n", f"\n## {version}\n")


@pytest.mark.nightly
def test_a_release_is_made_from_a_clean_clone_and_published_by_the_workflow(
    template: Path, tmp_path: Path, config: Path, shell: Shell
) -> None:
    version = "9.9.0"
    copytree(template, tmp_path / "template")
    shell.commit(tmp_path / "template")
    shell.run("git clone -q template clone", tmp_path)
    number(tmp_path / "clone", version)
    shell.commit(tmp_path / "clone", f"Version {version}")

    shell.run(documented("CONTRIBUTING.md", "Release").replace("VERSION", version), tmp_path / "clone")

    assert shell.status(tmp_path / "clone") == []
    shell.run(f"git clone -q --branch {version} clone tagged", tmp_path)
    tagged = tmp_path / "tagged"
    shell.run("python -m pytest -q -n 0 tests/test_releases.py -k 'kept or released or section or carry'", tagged)
    project = render(tagged, tmp_path / "projects", config=config, project_slug="shop")
    shell.run(f"python update.py '{project}' --render '{tmp_path}/again'", tagged)
    assert contents(tmp_path / "again") == contents(project)

    compare, gate, publish = release_steps().values()
    assert gate == ".ci/run"
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "gh").write_text("#!/bin/sh\nprintf '%s\\n' \"$@\"\n", encoding="utf-8")
    (tmp_path / "bin" / "gh").chmod(0o755)
    path = {"GITHUB_REF_NAME": version, "PATH": f"{tmp_path / 'bin'}:{shell.environment['PATH']}"}
    github = Shell({**shell.environment, **path})
    github.run(compare, tagged)
    passed = github.run(publish, tagged).splitlines()
    assert passed[:4] == ["release", "create", version, "--verify-tag"]
    assert all((tagged / name).is_file() for name in passed[-2:])
    notes = read(tagged / "notes.md")
    assert notes.strip() == sections("CHANGELOG.md")["Unreleased"].strip()
    Shell({**github.environment, "GITHUB_REF_NAME": "9.9.1"}).run(compare, tagged, code=1)
    number_of = f's/^version = "{version}"/version = "9.9.1"/'
    for damage in (
        "git commit -q --allow-empty -m 'Not on main'",
        f"sed -i '{number_of}' pyproject.toml",
        f"sed -i '{number_of}' '{FOLDER}/tortoise_kit/pyproject.toml'",
        f"cd releases && cp {version}.tar.gz other.tar.gz && sha256sum other.tar.gz > SHA256SUMS",
        f"echo another > releases/{version}.tar.gz",
    ):
        github.run(damage, tagged)
        github.run(compare, tagged, code=1)
        github.run(f"git reset -q --hard {version}", tagged)
    github.run(compare, tagged)


def test_only_the_job_that_publishes_may_write_and_its_actions_are_those_of_ci() -> None:
    release, ci = (yaml.safe_load(read(ROOT / ".github" / "workflows" / f"{name}.yaml")) for name in ("release", "ci"))

    assert release["permissions"] == ci["permissions"] == {"contents": "read"}
    [job] = release["jobs"].values()
    assert job["permissions"] == {"contents": "write"}
    checkout, python = ci["jobs"]["check"]["steps"][:2]
    assert job["steps"][:2] == [{**checkout, "with": {**checkout["with"], "fetch-depth": 0}}, python]
    assert release[True] == {"push": {"tags": ["[0-9]+.[0-9]+.[0-9]+"]}}  # YAML reads `on` as a truth value


def test_each_kept_release_has_its_hash() -> None:
    sums = RELEASES / "SHA256SUMS"
    kept = [f"{sha256((RELEASES / f'{each}.tar.gz').read_bytes()).hexdigest()}  {each}.tar.gz" for each in KEPT]

    assert sorted(read(sums).splitlines() if sums.exists() else []) == sorted(kept)
