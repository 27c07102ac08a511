"""Drops the files that the answers do not want, and prints what comes next. The same answers write the same bytes."""

import json
import shlex
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

# Files are named one by one where a folder may hold a team's own: rendering over a project must not delete those.
GITHUB = (".github/dependabot.yml", ".github/workflows/benchmarks.yaml", ".github/workflows/ci.yaml")
CONTAINERS = (
    ".dockerignore",
    "Dockerfile",
    "compose.yaml",
    "deploy/grafana/dashboards/service.json",
    "deploy/grafana/provisioning/dashboards/files.yaml",
    "deploy/grafana/provisioning/datasources/prometheus.yaml",
    "deploy/pgbouncer/pgbouncer.ini",
    "deploy/pgbouncer/userlist.txt",
    "deploy/postgres/pg_hba.conf",
    "deploy/prometheus/alerts.yml",
    "deploy/prometheus/prometheus.yml",
)
UNWANTED: dict[tuple[str, object], tuple[str, ...]] = {
    ("ci", "github"): (".gitlab-ci.yml", "renovate.json"),
    ("ci", "gitlab"): GITHUB,
    ("ci", "none"): (*GITHUB, ".gitlab-ci.yml", "renovate.json"),
    ("container_files", False): CONTAINERS,
    ("kit_tests", False): ("tests/kit",),
    ("benchmarks", False): ("benchmarks", ".github/workflows/benchmarks.yaml"),
}


def unwanted(answers: Mapping[str, object]) -> list[str]:
    """The paths that these answers drop."""
    return [path for (name, value), paths in UNWANTED.items() if answers[name] == value for path in paths]


def drop(project: Path, paths: Iterable[str]) -> None:
    """Delete the paths that exist, and the folders that this leaves empty."""
    for path in map(project.joinpath, paths):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
        for folder in path.relative_to(project).parents[:-1]:
            if (project / folder).is_dir() and not any((project / folder).iterdir()):
                (project / folder).rmdir()


def next_steps(project: Path, port: object) -> list[str]:
    """The commands that a new user tries first."""
    return [
        f"cd {shlex.quote(str(project))}",
        f"uv run python -m app dev --seed 200    # http://127.0.0.1:{port}/docs, with example data",
        "uv run pytest                          # on SQLite and on Postgres; README.md has the rest",
    ]


if __name__ == "__main__":
    answers = json.loads(r"""{{ cookiecutter | tojson }}""")
    drop(Path(), unwanted(answers))
    # On standard error, since the standard output of tools that render is theirs, such as that of `cruft diff`.
    print("\n".join(next_steps(Path.cwd(), answers["_port"])), file=sys.stderr)  # noqa: T201
