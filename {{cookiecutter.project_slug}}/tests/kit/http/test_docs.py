import logging
from base64 import b64encode
from hashlib import sha256

import pytest
from fastapi import FastAPI

from tortoise_kit.development.testing import Exchange
from tortoise_kit.http import docs
from tortoise_kit.http.route_checks import check_routes

TEXT = "alert('hello')"


def application() -> FastAPI:
    return FastAPI(docs_url=None, redoc_url=None)


async def status(app: FastAPI, path: str) -> int:
    exchange = Exchange(path=path)
    await exchange.run(app)
    return exchange.status


async def test_only_the_pages_own_files_and_scripts_may_run() -> None:
    digest = b64encode(sha256(TEXT.encode()).digest()).decode()

    policy = docs.content_security_policy(f"<script src='docs/x.js'></script><script>{TEXT}</script>")

    assert f"script-src 'self' 'sha256-{digest}';" in policy
    assert "unsafe" not in policy


async def test_the_documentation_needs_no_policy_of_its_own() -> None:
    app = application()
    docs.install_docs(app, home=True)

    check_routes(app)
    found = [await status(app, path) for path in ("/", "/docs", "/docs/swagger-ui.css", "/docs/core.py")]

    assert found == [307, 200, 200, 404]


async def test_without_its_package_there_is_no_page_and_a_warning_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(docs, "PACKAGE", "not_installed_here")
    app = application()

    with caplog.at_level(logging.WARNING):
        docs.install_docs(app, home=True)

    assert [await status(app, path) for path in ("/", "/docs")] == [404, 404]
    assert "uv sync --group docs" in caplog.text
