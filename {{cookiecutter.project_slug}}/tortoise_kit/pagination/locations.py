"""Paths of rows. To look for a route by its name among all of them takes longer than a small statement."""

import contextlib
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from fastapi import FastAPI

_templates: WeakKeyDictionary[FastAPI, dict[tuple[str, ...], str | None]] = WeakKeyDictionary()


def path_of(app: FastAPI, route: str, keys: Mapping[str, Any]) -> str:
    """The path of a route with these values of its parameters, as `url_path_for` of the app.

    Raises:
        NoMatchFound: There is no such route, or it has other parameters.
    """
    templates = _templates.setdefault(app, {})
    place = (route, *keys)
    if place not in templates:
        templates[place] = _template(app, route, keys)
    template = templates[place]
    if template and all(isinstance(key, int | UUID) for key in keys.values()):
        return template.format_map(keys)
    return str(app.url_path_for(route, **keys))


def _template(app: FastAPI, route: str, names: Iterable[str]) -> str | None:
    """The path with its parameters in braces; None where it converts one of them."""
    with contextlib.suppress(AssertionError, ValueError):
        return str(app.url_path_for(route, **{name: f"{{{name}}}" for name in names}))
    return None
