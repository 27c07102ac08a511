"""The OpenAPI document and its page, Swagger UI from the wheel `fastapi-offline`: it loads nothing from elsewhere."""

import logging
import re
from base64 import b64encode
from copy import deepcopy
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tortoise_kit.problems.errors import MEDIA_TYPE

PATH = "/docs"
PACKAGE = "fastapi_offline"
SCRIPT, STYLE, ICON = "swagger-ui-bundle.js", "swagger-ui.css", "favicon.png"
CACHED = {"Cache-Control": "private, max-age=3600"}  # the files only change with the package
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)

log = logging.getLogger(__name__)


class DocumentationRoute(Route):
    """A route of the documentation, which everybody may read: it has no policy."""


def install_docs(app: FastAPI, *, home: bool = False) -> None:
    """Serve Swagger UI at `/docs`, under a Content-Security-Policy that allows only its own files and this API.

    Without the package `fastapi-offline` there is no page, and a warning says so.

    Args:
        app: An application with an `openapi_url` and no `docs_url`.
        home: Whether `/` redirects to the page.
    """
    _serve_document(app)
    package = find_spec(PACKAGE)
    if package is None or package.origin is None:
        log.warning("There is no %s: fastapi-offline is not installed; `uv sync --group docs` installs it.", PATH)
        return
    page, folder = _page(app), Path(package.origin).parent / "static"
    headers = {"Content-Security-Policy": content_security_policy(page)}

    async def read_page(_: Request) -> Response:
        return HTMLResponse(page, headers=headers)

    async def read_file(request: Request) -> Response:
        return FileResponse(folder / request.url.path.rpartition("/")[2], headers=CACHED)

    app.router.routes.append(DocumentationRoute(PATH, read_page, include_in_schema=False))
    for name in (SCRIPT, STYLE, ICON):
        app.router.routes.append(DocumentationRoute(f"{PATH}/{name}", read_file, include_in_schema=False))
    if home:
        app.router.routes.append(DocumentationRoute("/", _redirect, include_in_schema=False))


def _serve_document(app: FastAPI) -> None:
    """The OpenAPI document, below the prefix that a proxy strips, in place of FastAPI's, which forgets the login."""

    async def read_document(request: Request) -> Response:
        prefix = request.scope.get("root_path", "")
        return JSONResponse(_below(prefix, app.openapi()) if prefix else app.openapi())

    for at, route in enumerate(app.router.routes):
        if app.openapi_url and getattr(route, "path", "") == app.openapi_url:
            app.router.routes[at] = DocumentationRoute(app.openapi_url, read_document, include_in_schema=False)


def _below(prefix: str, document: dict[str, Any]) -> dict[str, Any]:
    """A document whose server and whose URL to log in have the prefix: a client resolves one by the other, or not."""
    found = deepcopy(document)
    found["servers"] = [{"url": prefix}]
    for scheme in found.get("components", {}).get("securitySchemes", {}).values():
        for flow in scheme.get("flows", {}).values():
            if "://" not in (url := flow.get("tokenUrl", "://")):
                flow["tokenUrl"] = f"{prefix}/{url.removeprefix('/')}"
    return found


async def _redirect(_: Request) -> Response:
    return RedirectResponse(PATH.removeprefix("/"))  # relative: a proxy may serve the API below a path


def _page(app: FastAPI) -> str:
    page = get_swagger_ui_html(
        openapi_url=(app.openapi_url or "").removeprefix("/"),
        title=app.title,
        swagger_js_url=f"docs/{SCRIPT}",
        swagger_css_url=f"docs/{STYLE}",
        swagger_favicon_url=f"docs/{ICON}",
        swagger_ui_parameters=app.swagger_ui_parameters,
    )
    return bytes(page.body).decode()


def content_security_policy(page: str) -> str:
    """The policy of a page that loads scripts and styles only from this service, beside its own inline scripts."""
    digests = [b64encode(sha256(script.encode()).digest()).decode() for script in _INLINE_SCRIPT.findall(page)]
    scripts = " ".join(["'self'", *(f"'sha256-{digest}'" for digest in digests)])
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )


def document_problems(app: FastAPI) -> None:
    """Document problem+json as the media type of errors: the framework writes the route's."""
    written_by_the_framework = app.openapi

    def openapi() -> dict[str, Any]:
        document = written_by_the_framework()
        for operations in document["paths"].values():
            for operation in operations.values():
                content = operation["responses"]["default"]["content"]
                content[MEDIA_TYPE] = content.popitem()[1]
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # as FastAPI's documentation has it
