import fnmatch
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from hooks.pre_gen_project import CHOICES
from tests.conftest import Bake
from tests.pairs import OPTIONS, PAIRS
from tests.rendering import FOLDER, QUESTIONS, ROOT, SERVICE, TIMEOUT_SECONDS, Answer, contents, render, sources

# Which files an answer drops, told apart from the hook's own table: patterns of paths within the project.
DROPPED: dict[tuple[str, Answer], list[str]] = {
    ("ci", "github"): [".gitlab-ci.yml", "renovate.json"],
    ("ci", "gitlab"): [".github/*"],
    ("ci", "none"): [".gitlab-ci.yml", "renovate.json", ".github/*"],
    ("container_files", False): ["Dockerfile", ".dockerignore", "compose.yaml", "deploy/*"],
    ("kit_tests", False): ["tests/kit/*"],
    ("benchmarks", False): ["benchmarks/*", ".github/workflows/benchmarks.yaml"],
}
JINJA = ("{{", "{%", "{#", "# jinja:")
# The records of where the project comes from may name the tool that made it.
NAMES_COOKIECUTTER = {".cookiecutter.yaml", "README.md"}
FREE_TEXT = "Free text 7f3a"

type Baked = tuple[dict[str, Answer], Path]


@pytest.fixture(scope="session", params=PAIRS, ids=lambda answers: "-".join(map(str, answers.values())))
def baked(
    request: pytest.FixtureRequest, template: Path, config: Path, tmp_path_factory: pytest.TempPathFactory
) -> Baked:
    """One project of each combination: together they hold every pair of answers."""
    answers: dict[str, Answer] = request.param
    return answers, render(template, tmp_path_factory.mktemp("pairs"), config=config, **answers)


@pytest.fixture(scope="session")
def project(template: Path, config: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project of the default answers."""
    return render(template, tmp_path_factory.mktemp("default"), config=config)


def service_files() -> list[Path]:
    return [path.relative_to(FOLDER) for path in sources() if path.parts[0] == FOLDER]


def parse(path: Path, text: str) -> object:
    """What the file says, or the parser's complaint."""
    if path.suffix == ".toml":
        return tomllib.loads(text)
    if path.suffix in {".yaml", ".yml"}:
        return yaml.safe_load(text)
    return json.loads(text) if path.suffix == ".json" else text


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def module_commands(project: Path) -> dict[str, list[str]]:
    """Every `python -m app …` that the rendered files run, by the file that says so."""
    (command,) = re.findall(r"^CMD (.+)$", (project / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    commands = {"Dockerfile CMD": json.loads(command)}
    for name, service in load(project / "compose.yaml")["services"].items():
        if service.get("command", [""])[0] == "python":
            commands[f"compose.yaml {name}"] = service["command"]
    for hook in load(project / ".pre-commit-config.yaml")["repos"][0]["hooks"]:
        if "python -m app" in hook["entry"]:
            commands[f".pre-commit-config.yaml {hook['id']}"] = hook["entry"].removeprefix("uv run --no-sync ").split()
    return commands


def test_the_pairs_hold_every_value_of_every_option() -> None:
    assert 12 <= len(PAIRS) <= 24
    assert all({answers[name] for answers in PAIRS} == set(values) for name, values in OPTIONS.items())


def test_every_python_file_is_the_templates_own(baked: Baked) -> None:
    _, project = baked
    rendered = {name: data for name, data in contents(project).items() if name.endswith(".py")}

    assert len(rendered) > 10
    assert {name: (SERVICE / name).read_bytes() for name in rendered} == rendered


def test_answers_keep_and_drop_whole_files(baked: Baked) -> None:
    answers, project = baked
    patterns = [pattern for (name, value), dropped in DROPPED.items() if answers[name] == value for pattern in dropped]

    expected = {
        path.as_posix() for path in service_files() if not any(fnmatch.fnmatch(path.as_posix(), p) for p in patterns)
    }

    assert set(contents(project)) == expected
    assert all(path.is_file() or any(path.iterdir()) for path in project.rglob("*"))


def test_nothing_of_the_template_language_is_left(baked: Baked) -> None:
    _, project = baked
    rendered = {
        name: data.decode()
        for name, data in contents(project).items()
        if not any(fnmatch.fnmatch(name, pattern) for pattern in QUESTIONS["_copy_without_render"])
    }

    assert {name for name, text in rendered.items() if any(marker in text for marker in JINJA)} == set()
    assert {name for name, text in contents(project).items() if b"cookiecutter" in text} <= NAMES_COOKIECUTTER


def test_every_toml_yaml_and_json_file_parses(baked: Baked) -> None:
    _, project = baked

    for name, data in contents(project).items():
        assert parse(Path(name), data.decode()) is not None, name


def test_every_file_of_the_template_folder_parses_as_it_lies_there() -> None:
    for path in service_files():
        assert parse(path, (SERVICE / path).read_text(encoding="utf-8")) is not None, path


def test_a_project_registers_the_marks_that_its_tests_use(baked: Baked) -> None:
    answers, project = baked
    configured = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["markers"]
    tests = "".join(path.read_text(encoding="utf-8") for path in (project / "tests").rglob("*.py"))
    of_the_kit = {"chaos", "nightly"} if answers["kit_tests"] else set()

    assert {"chaos", "nightly"} & {re.split(r"\W", each, maxsplit=1)[0] for each in configured} == of_the_kit
    assert set(re.findall(r"mark\.(chaos|nightly)", tests)) == of_the_kit


def test_the_projects_metadata_says_what_was_answered(baked: Baked) -> None:
    answers, project = baked
    table = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    author = {"name": answers["author_name"], "email": answers["author_email"]}

    assert table["license"] == {"Proprietary": "LicenseRef-Proprietary"}.get(
        str(answers["license"]), answers["license"]
    )
    assert table["requires-python"] == f">={answers['python_version']}"
    assert table.get("authors", [{}]) == [{key: value for key, value in author.items() if value}]
    assert (project / ".python-version").read_text(encoding="utf-8").strip() == answers["python_version"]


def test_the_license_is_the_one_that_was_chosen(baked: Baked) -> None:
    answers, project = baked
    license_text = (project / "LICENSE").read_text(encoding="utf-8")
    titles = {
        "MIT": "Permission is hereby granted, free of charge",
        "Apache-2.0": "Version 2.0, January 2004",
        "BSD-3-Clause": "3. Neither the name of the copyright holder",
        "Proprietary": "All rights reserved. No part of this software",
    }

    found = [name for name, words in titles.items() if words in license_text]

    assert found == [answers["license"]]
    assert (
        f"Copyright {'' if found == ['Apache-2.0'] else '(c) '}{answers['author_name'] or 'the authors of '}"
        in license_text
    )


def test_the_recorded_answers_render_the_same_bytes_again(baked: Baked, template: Path, tmp_path: Path) -> None:
    _, project = baked

    again = render(template, tmp_path, config=project / ".cookiecutter.yaml")

    assert contents(again) == contents(project)


def test_a_project_records_the_version_of_its_template(project: Path) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

    recorded = (project / ".cookiecutter.yaml").read_text(encoding="utf-8").splitlines()[0]

    assert recorded.startswith(f"# Rendered by version {version} of the template")


def test_a_second_render_gives_the_same_bytes(bake: Bake, project: Path) -> None:
    assert contents(bake()) == contents(project)


def busy_seconds() -> float:
    """What this process and its ended children have used of a processor: how busy others keep it does not count."""
    return sum(os.times()[:4])


def test_rendering_takes_less_than_a_second(bake: Bake, capsys: pytest.CaptureFixture[str]) -> None:
    seconds = []
    for _ in range(3):
        begun = busy_seconds()
        bake()
        seconds.append(busy_seconds() - begun)

    with capsys.disabled():
        print(f"\nrendered in {min(seconds):.2f} s ", end="")  # noqa: T201 - a number to watch over time
    assert min(seconds) < 1


def test_free_text_reaches_no_file_that_a_shell_or_compose_interprets(bake: Bake) -> None:
    project = bake(project_name=FREE_TEXT, project_slug="shop", description=FREE_TEXT, author_name=FREE_TEXT)

    found = {name for name, data in contents(project).items() if FREE_TEXT.encode() in data}

    assert found == {".cookiecutter.yaml", "LICENSE", "README.md", "pyproject.toml"}


def test_every_link_of_a_page_leads_to_a_file(baked: Baked) -> None:
    _, project = baked
    links = [
        (page, link)
        for page in [*project.glob("*.md"), *project.glob("docs/*.md")]
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
    ]

    assert {page.name for page, _ in links} >= {"README.md", "CONTRIBUTING.md"}
    assert [(page.name, link) for page, link in links if not (page.parent / link).is_file()] == []


def test_each_decision_has_a_number_of_its_own_and_says_what_was_not_taken() -> None:
    records = sorted((ROOT / "docs" / "decisions").iterdir())
    titles = [record.read_text(encoding="utf-8").splitlines()[0] for record in records]

    assert len({record.name[:2] for record in records}) == len(records)
    assert [title for title in titles if not re.fullmatch(r"# .+ not .+", title)] == []


def test_the_readme_shows_the_name_as_it_was_written(bake: Bake) -> None:
    project = bake(project_name="*Shop* <b> [x](y) `z` a_b", project_slug="shop")

    title = (project / "README.md").read_text(encoding="utf-8").splitlines()[0]

    assert title == r"# \*Shop\* \<b\> \[x\](y) \`z\` a\_b"


@pytest.mark.parametrize(
    "place",
    [
        "Dockerfile CMD",
        "compose.yaml migrate",
        ".pre-commit-config.yaml migrations",
        ".pre-commit-config.yaml schemas",
        ".pre-commit-config.yaml migrations-lint",
    ],
)
def test_every_command_of_the_service_that_a_file_runs_exists(project: Path, place: str) -> None:
    _, *arguments = module_commands(project)[place]

    ended = subprocess.run(
        [sys.executable, "-B", *arguments, "--help"],
        cwd=project,
        capture_output=True,
        check=False,
        text=True,
        timeout=TIMEOUT_SECONDS,
    )

    assert ended.returncode == 0, ended.stderr
    assert "Usage:" in ended.stdout


def test_every_command_is_named_in_the_test_above(project: Path) -> None:
    assert list(module_commands(project)) == [
        "Dockerfile CMD",
        "compose.yaml migrate",
        ".pre-commit-config.yaml migrations",
        ".pre-commit-config.yaml schemas",
        ".pre-commit-config.yaml migrations-lint",
    ]


def test_both_kinds_of_ci_run_the_same_checks(bake: Bake) -> None:
    github = load(bake(ci="github") / ".github" / "workflows" / "ci.yaml")
    gitlab = load(bake(ci="gitlab") / ".gitlab-ci.yml")

    steps = [step["run"] for step in github["jobs"]["check"]["steps"] if "run" in step]
    assert steps[1:] == gitlab["check"]["script"][1:]
    checks = ["uv run pre-commit run --all-files --show-diff-on-failure", "uv run pytest", "uv audit"]
    assert steps[1:] == ["if [ -e uv.lock ]; then uv sync --locked; else uv sync; fi", *checks]


@pytest.mark.parametrize("job", ["newest", "lowest"])
def test_both_kinds_of_ci_run_the_same_weekly_jobs(bake: Bake, job: str) -> None:
    github = load(bake(ci="github") / ".github" / "workflows" / "ci.yaml")
    gitlab = load(bake(ci="gitlab", python_version="3.12") / ".gitlab-ci.yml")[job]

    assert [set(github[True]), github["jobs"][job]["if"]] == [  # YAML 1.1 reads the key `on` as yes
        {"push", "pull_request", "schedule"},
        "github.event_name == 'schedule'",
    ]
    assert gitlab["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "schedule"'}]
    assert [step["run"] for step in github["jobs"][job]["steps"] if "run" in step][1:] == gitlab["script"][1:]
    assert github["jobs"][job]["env"] == gitlab["variables"]
    assert (
        gitlab["image"] == {"newest": f"python:{max(CHOICES['python_version'], key=str)}", "lowest": "python:3.12"}[job]
    )


def test_each_python_of_the_answers_is_run_each_week_and_named_where_answers_are_described() -> None:
    matrix = load(ROOT / ".github" / "workflows" / "ci.yaml")["jobs"]["versions"]["strategy"]["matrix"]["python"]
    default, *others = map(str, CHOICES["python_version"])
    page = (ROOT / "docs" / "answers.md").read_text(encoding="utf-8")

    assert sorted(matrix) == sorted([default, *others])
    assert default == QUESTIONS["python_version"] == (ROOT / ".python-version").read_text(encoding="utf-8").strip()
    assert f"| `python_version` | {default} | or {', '.join(others)}: " in page
    assert QUESTIONS["__prompts__"]["python_version"] == (
        f"Python version: {', '.join([default, *others[:-1]])} or {others[-1]}"
    )


def test_images_and_ci_install_one_uv_and_only_the_job_of_the_newest_takes_any() -> None:
    files = [ROOT / ".ci" / "run", ROOT / "docs" / "regenerate.md", SERVICE / ".gitlab-ci.yml", SERVICE / "Dockerfile"]
    files += (SERVICE / ".github" / "workflows").iterdir()
    installs = [
        (path.name, version)
        for path in files
        for version in re.findall(r"\bpip.* \.?\"?uv(==\S+?)?\"?\]?$", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]

    assert [name for name, version in installs if not version] == [".gitlab-ci.yml", "ci.yaml"]
    assert len({version for _, version in installs if version}) == 1
    assert {name for name, version in installs if version} == {path.name for path in files}


def test_a_project_has_no_lock_and_its_owner_may_commit_one(project: Path) -> None:
    table = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["uv"]

    assert list(project.rglob("*.lock")) == []
    assert "lock" not in (project / ".gitignore").read_text(encoding="utf-8")
    assert table["exclude-newer"] == "7 days"


def test_updates_are_proposed_where_the_project_is_hosted(baked: Baked) -> None:
    answers, project = baked
    found = {name for name in (".github/dependabot.yml", "renovate.json") if (project / name).exists()}

    assert (
        found == {"github": {".github/dependabot.yml"}, "gitlab": {"renovate.json"}, "none": set()}[str(answers["ci"])]
    )
    if answers["ci"] == "github":
        ecosystems = {update["package-ecosystem"] for update in load(project / ".github" / "dependabot.yml")["updates"]}
        images = {"docker", "docker-compose"} if answers["container_files"] else set()
        assert ecosystems == {"uv", "github-actions"} | images


def test_the_template_and_its_projects_pin_the_same_actions() -> None:
    text = "".join(
        path.read_text(encoding="utf-8")
        for folder in (ROOT, SERVICE)
        for path in sorted((folder / ".github" / "workflows").iterdir())
    )
    pins = set(re.findall(r"uses: (\S+)@(\S+ # \S+)", text))

    assert len(pins) == len({action for action, _ in pins}) >= 2


@pytest.mark.parametrize("folder", [ROOT, SERVICE], ids=["template", "service"])
def test_workflows_are_pinned_bounded_and_may_only_read(folder: Path) -> None:
    workflow = load(folder / ".github" / "workflows" / "ci.yaml")
    jobs = workflow["jobs"]
    actions = [step["uses"] for job in jobs.values() for step in job["steps"] if "uses" in step]

    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["concurrency"]["cancel-in-progress"] is True
    assert 0 < jobs["check"]["timeout-minutes"] <= 60
    assert all(0 < job["timeout-minutes"] <= 180 for job in jobs.values())
    assert [action for action in actions if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action)] == []


@pytest.mark.parametrize("folder", [ROOT, SERVICE], ids=["template", "service"])
def test_commit_checks_download_nothing(folder: Path) -> None:
    repositories = load(folder / ".pre-commit-config.yaml")["repos"]
    hooks = [hook for repository in repositories for hook in repository["hooks"]]

    assert [repository["repo"] for repository in repositories] == ["local"]
    commands = [hook for hook in hooks if hook["language"] != "pygrep"]  # which pre-commit does itself
    assert {hook["language"] for hook in commands} == {"system"}
    assert all(hook["entry"].startswith("uv run --no-sync ") for hook in commands)


def test_the_templates_environment_holds_what_the_service_needs() -> None:
    template = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    service = tomllib.loads((SERVICE / "pyproject.toml").read_text(encoding="utf-8"))

    assert template["service"] == service["project"]["dependencies"]
    assert template["service-dev"] == service["dependency-groups"]["dev"]
    assert template["service-docs"] == service["dependency-groups"]["docs"]
    assert template["service-postgres"] == service["dependency-groups"]["postgres"]
    assert template["service-otel"] == service["dependency-groups"]["otel"]
    assert template["service-fuzz"] == service["dependency-groups"]["fuzz"]
    assert template["service-coverage"] == service["dependency-groups"]["coverage"]
