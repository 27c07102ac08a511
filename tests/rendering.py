"""Renders the template: in this process, or by the command line as a user does."""

import json
import logging
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from shutil import copy2
from typing import Any

from click.testing import CliRunner, Result
from cookiecutter.cli import main as cookiecutter_command
from cookiecutter.main import cookiecutter

ROOT = Path(__file__).resolve().parent.parent
FOLDER = "{{cookiecutter.project_slug}}"
SERVICE = ROOT / FOLDER
TIMEOUT_SECONDS = 60
QUESTIONS: dict[str, Any] = json.loads((ROOT / "cookiecutter.json").read_text(encoding="utf-8"))
DEFAULT_SLUG: str = QUESTIONS["project_name"].lower().replace(" ", "-")
PORT = int(QUESTIONS["_port"])  # of every project

type Answer = str | bool


def sources() -> list[Path]:
    """The files of this repository that git knows or would add: never a cache, an environment or a database."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "-z", "--exclude-standard"],  # noqa: S607 - the git of this machine
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
    )
    paths = (Path(name) for name in listed.stdout.split("\0") if name)
    return sorted(path for path in paths if (ROOT / path).is_file())


def copy_sources(target: Path) -> Path:
    """A copy of the template, so that what runs in the repository meanwhile is not rendered."""
    for path in sources():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        copy2(ROOT / path, target / path)
    return target


def write_config(home: Path) -> Path:
    """A configuration that keeps cookiecutter out of the user's folder, and the user's defaults out of the tests."""
    config = home / "cookiecutter.yaml"
    config.write_text(
        f"cookiecutters_dir: {home}/cookiecutters\nreplay_dir: {home}/replay\ndefault_context: {{}}\n", encoding="utf-8"
    )
    return config


def render(template: Path, into: Path, *, config: Path, **answers: Answer) -> Path:
    """The folder of the project that these answers give."""
    into.mkdir(parents=True, exist_ok=True)
    project = cookiecutter(
        str(template), no_input=True, extra_context=answers or None, output_dir=str(into), config_file=str(config)
    )
    return Path(project)


def run_command(  # noqa: PLR0913 - what a shell passes to a process
    template: Path,
    into: Path,
    *arguments: str,
    config: Path,
    typed: str | None = None,
    environment: Mapping[str, str] | None = None,
    umask: int = -1,
) -> subprocess.CompletedProcess[str]:
    """The ended process of `cookiecutter`; `typed` answers its questions."""
    options = ["--config-file", str(config), *(["--no-input"] if typed is None else [])]
    return subprocess.run(
        [sys.executable, "-m", "cookiecutter", *options, str(template), *arguments],
        cwd=into,
        env=environment,
        umask=umask,
        input=typed,
        capture_output=True,
        check=False,
        text=True,
        timeout=TIMEOUT_SECONDS,
    )


def invoke(template: Path, into: Path, *arguments: str, config: Path, asks: bool = False) -> Result:
    """How `cookiecutter` ends that is run in this process, by default with `--no-input`."""
    logger = logging.getLogger("cookiecutter")
    handlers = list(logger.handlers)
    options = [*([] if asks else ["--no-input"]), "--config-file", str(config), "--output-dir", str(into)]
    try:
        return CliRunner().invoke(cookiecutter_command, [*options, str(template), *arguments])
    finally:
        logger.handlers[:] = handlers  # the command's own writes to a stream that is closed by now


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below the folder with its bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
