"""The catalog: who may call which route, how many queries it sends, what it rejects, and what its lists read."""

import gzip
import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

from app.accounts.models import Role, User
from app.catalog.models import Category, Product, ProductTag, Tag
from tests.catalog.factories import make_category, make_product
from tests.contract.cases import (
    API,
    EVERYBODY,
    FORM,
    INT64,
    JSON,
    MANY_DIGITS,
    STAFF,
    STAFF_CREATES,
    Access,
    Budget,
    Call,
    Hostile,
    Paged,
    nested,
)
from tortoise_kit.development.seeding import DATA_START
from tortoise_kit.development.testing import CANARY, ROWS

CATEGORIES, PRODUCTS = f"{API}/categories", f"{API}/products"
PRODUCT = f"{PRODUCTS}/{{product}}"


async def new_category(_: User | None) -> Call:
    return Call(json={"name": "Books", "slug": "books"})


async def category(_: User | None) -> Call:
    return Call({"category_id": (await make_category()).id})


async def new_product(_: User | None) -> Call:
    return Call(json={"sku": "NEW", "name": "Lamp", "price": "9.90", "category_id": (await make_category()).id})


async def product(_: User | None) -> Call:
    return Call({"product_id": (await make_product()).id})


async def patch(_: User | None) -> Call:
    return Call({"product_id": (await make_product()).id}, json={"price": "5.00"})


ACCESS = [
    Access(f"GET {CATEGORIES}", EVERYBODY),
    Access(f"POST {CATEGORIES}", STAFF_CREATES, new_category),
    Access(f"GET {CATEGORIES}/{{category_id}}/tree", EVERYBODY, category),
    Access(f"GET {PRODUCTS}", EVERYBODY),
    Access(f"POST {PRODUCTS}", STAFF_CREATES, new_product),
    Access(f"GET {PRODUCTS}/{{product_id}}", EVERYBODY, product),
    Access(f"PATCH {PRODUCTS}/{{product_id}}", STAFF, patch),
    Access(f"DELETE {PRODUCTS}/{{product_id}}", (401, 403, 204, 204), product),
]


def tag_names(rows: int) -> list[str]:
    return [f"tag {number}" for number in range(rows)]


async def tagged(rows: int) -> Product:
    """Create as many products as tags, all tagged; returns the last one."""
    tags = [await Tag.create(name=name) for name in tag_names(rows)]
    product = await make_product()
    for _ in range(rows - 1):
        await product.tags.add(*tags)
        product = await make_product()
    await product.tags.add(*tags)
    return product


async def tree(rows: int) -> Category:
    root = category = await make_category()
    for _ in range(rows):
        category = await make_category(parent=category)
        await make_category(parent=root)
    return root


async def create_category(rows: int) -> Call:
    return Call(json={"name": "Books", "slug": "books", "parent_id": (await tree(rows)).id})


async def read_tree(rows: int) -> Call:
    return Call({"category_id": (await tree(rows)).id})


async def read_product(rows: int) -> Call:
    return Call({"product_id": (await tagged(rows)).id})


async def filter_products(rows: int) -> Call:
    filters = (
        f"category={(await tagged(rows)).category_id}&tag=tag 0&q=Product&attributes={{}}&price_min=0&price_max=99"
    )
    return Call(query=f"{filters}&available=true")


async def create_product(rows: int) -> Call:
    category = await make_category()
    new = {"sku": "A", "name": "A", "price": "1.00", "category_id": category.id, "tags": tag_names(rows)}
    return Call(json=new)


async def change_product(rows: int) -> Call:
    change = {"price": "5.00", "tags": [*tag_names(rows)[1:], "new"]}
    return Call({"product_id": (await tagged(rows)).id}, json=change)


BUDGETS = [
    Budget(f"GET {CATEGORIES}", 1, read_tree),
    Budget(f"POST {CATEGORIES}", 2, create_category),
    Budget(f"GET {CATEGORIES}/{{category_id}}/tree", 1, read_tree),
    Budget(f"GET {PRODUCTS}", 3, read_product, {"postgres": 1}),
    Budget(f"GET {PRODUCTS}", 5, filter_products, {"postgres": 4}),
    Budget(f"POST {PRODUCTS}", 8, create_product),
    Budget(f"GET {PRODUCTS}/{{product_id}}", 3, read_product, {"postgres": 1}),
    Budget(f"PATCH {PRODUCTS}/{{product_id}}", 10, change_product),
    Budget(f"DELETE {PRODUCTS}/{{product_id}}", 2, read_product),
]

CATEGORY = {"name": "Books", "slug": "books"}
NEW = {"sku": "H-1", "name": "Novel", "price": "9.90", "stock": 3, "category_id": "{category}"}

QUERIES: list[tuple[str, str, int]] = [
    ("limit of nothing", "limit=", 422),
    ("limit 0", "limit=0", 422),
    ("negative limit", "limit=-1", 422),
    ("limit above the maximum", "limit=101", 422),
    ("limit of 5000 digits", f"limit={MANY_DIGITS}", 422),
    ("limit as a float", "limit=1e1", 422),
    ("limit that is not a number", f"limit={CANARY}", 422),
    ("limit in other digits", "limit=%D9%A1%D9%A0", 422),
    ("limit with NUL", "limit=1%00", 422),
    ("limit given twice", "limit=1&limit=500", 422),
    ("unknown order", f"order_by={CANARY}", 422),
    ("order by a hidden column", "order_by=password_hash", 422),
    ("order by SQL", "order_by=price;DROP%20TABLE%20products", 422),
    ("order with NUL", "order_by=price%00", 422),
    ("empty cursor", "cursor=", 400),
    ("cursor that is not base64", f"cursor={CANARY}%21%21", 400),
    ("cursor that is base64 of JSON", "cursor=MFsiMjAyNS0wMS0wMSIsIDFd", 400),
    ("cursor of zeros", "cursor=" + "A" * 64, 400),
    ("cursor with NUL", "cursor=%00", 400),
    ("cursor with a broken percent sign", "cursor=%", 400),
    ("cursor of another alphabet", "cursor=%E6%95%B0%E6%8D%AE", 400),
    ("cursor that is too long", "cursor=" + "A" * 5000, 400),
    ("cursor of bytes that are not UTF-8", "cursor=%ED%A0%80", 400),
    ("category beyond 64 bits", f"category={INT64}", 422),
    ("category at the edge of 64 bits", f"category={INT64 - 1}", 200),
    ("category below zero", "category=-1", 422),
    ("category of 5000 digits", f"category={MANY_DIGITS}", 422),
    ("category as SQL", "category=1%20OR%201=1", 422),
    ("tag with NUL", f"tag={CANARY}%00", 422),
    ("tag that is too long", "tag=" + "t" * 51, 422),
    ("tag of bytes that are not UTF-8", "tag=%ff%fe", 200),
    ("tag of an encoded surrogate", "tag=%ED%A0%80", 200),
    ("search with NUL", f"q={CANARY}%00", 422),
    ("search for nothing", "q=", 200),
    ("search for wildcards", "q=%25_%5C", 200),
    ("search for a quote", "q=%27%22%3B--", 200),
    ("search for a lone backslash", "q=%5C", 200),
    ("search that is too long", "q=" + "q" * 201, 422),
    ("search for characters beyond the first plane", "q=%F0%9F%92%A9", 200),
    ("price that is NaN", "price_min=NaN", 422),
    ("price that is infinite", "price_max=Infinity", 422),
    ("price with too many digits", "price_min=99999999999.99", 422),
    ("price with the maximum of digits", "price_min=9999999999.99", 200),
    ("price with too many places", "price_min=0.001", 422),
    ("price with a huge exponent", "price_min=1e999999999", 422),
    ("price with a tiny exponent", "price_min=1e-999999999", 422),
    ("price of zero with a huge exponent", "price_min=0e999999999999999999", 422),
    ("price with an exponent that fits", "price_min=1e3", 200),
    ("price below zero", "price_min=-0.01", 422),
    ("price of minus zero", "price_min=-0", 200),
    ("price that is not a number", f"price_min={CANARY}", 422),
    ("price of 5000 digits", f"price_min={MANY_DIGITS}", 422),
    ("available that is no boolean", f"available={CANARY}", 422),
    ("query of unknown names", f"{CANARY}=1&__proto__=1", 200),
    ("query of 8 kB and a byte", "x=" + "a" * 8191, 414),
    ("query of 8 kB", "x=" + "a" * 8190, 200),
    ("query of a thousand names", "&".join(f"n{number}=1" for number in range(1000)), 200),
    ("query of broken percent signs", "q=%zz%", 200),
]

PATHS: list[tuple[str, str, str, int]] = [
    ("id 0", "GET", f"{PRODUCTS}/0", 422),
    ("negative id", "GET", f"{PRODUCTS}/-1", 422),
    ("id beyond 64 bits", "GET", f"{PRODUCTS}/{INT64}", 422),
    ("id at the edge of 64 bits", "GET", f"{PRODUCTS}/{INT64 - 1}", 404),
    ("id of 5000 digits", "GET", f"{PRODUCTS}/{MANY_DIGITS}", 422),
    ("id that is not a number", "GET", f"{PRODUCTS}/{CANARY}", 422),
    ("id with NUL", "GET", f"{PRODUCTS}/1%00", 422),
    ("id as a float", "GET", f"{PRODUCTS}/1.5", 422),
    ("id not a number", "GET", f"{PRODUCTS}/NaN", 422),
    ("id with a slash", "GET", f"{PRODUCTS}/1%2F2", 404),
    ("path that climbs", "GET", f"{PRODUCTS}/%2e%2e/%2e%2e/etc/passwd", 404),
    ("path of bytes that are not UTF-8", "GET", f"{PRODUCTS}/%ff", 422),
    ("tree beyond 64 bits", "GET", f"{CATEGORIES}/{INT64}/tree", 422),
    ("tree of nothing", "GET", f"{CATEGORIES}/{INT64 - 1}/tree", 404),
    ("method PUT", "PUT", PRODUCTS, 405),
    ("method TRACE", "TRACE", PRODUCTS, 405),
    ("method OPTIONS", "OPTIONS", PRODUCTS, 405),
    ("method HEAD", "HEAD", PRODUCTS, 200),
    ("method of no standard", "BREW", PRODUCTS, 405),
    ("delete of an id beyond 64 bits", "DELETE", f"{PRODUCTS}/{INT64}", 422),
    ("delete of nothing", "DELETE", f"{PRODUCTS}/{INT64 - 1}", 404),
]

BODIES: list[tuple[str, Any, int]] = [
    ("name with NUL", {"name": f"{CANARY}\0"}, 422),
    ("name with a lone surrogate", {"name": f"{CANARY}\ud800"}, 422),
    ("name with surrogates in the wrong order", {"name": "\udc00\ud800"}, 422),
    ("name that is too long", {"name": CANARY * 100}, 422),
    ("name that is null", {"name": None}, 422),
    ("name that is a number", {"name": 7}, 422),
    ("name that is a list", {"name": [CANARY]}, 422),
    ("name of characters that change direction", {"name": "\u202e\u0007"}, 201),
    ("description with NUL", {"description": f"{CANARY}\0"}, 422),
    ("description with a lone surrogate", {"description": "\udfff"}, 422),
    ("description of 900 000 characters", {"description": "d" * 900_000}, 422),
    ("description at its limit", {"description": "d" * 10_000}, 201),
    ("attributes of 900 000 characters", {"attributes": {"a": "d" * 900_000}}, 422),
    ("sku with NUL", {"sku": "\0"}, 422),
    ("sku with a quote", {"sku": "'; DROP TABLE products; --"}, 201),
    ("price that is NaN as text", {"price": "NaN"}, 422),
    ("price that is infinite as text", {"price": "-Infinity"}, 422),
    ("price with a hidden exponent", {"price": "1E+999999999"}, 422),
    ("price with too many places as a number", {"price": 0.001}, 422),
    ("price with too many digits as a number", {"price": 10**10}, 422),
    ("price of 4000 digits as a number", {"price": 10**4000}, 422),
    ("price below zero as text", {"price": "-1"}, 422),
    ("price that is null", {"price": None}, 422),
    ("price that is true", {"price": True}, 422),
    ("price that is an object", {"price": {}}, 422),
    ("price with underscores, as Python has them", {"price": "1_0"}, 201),
    ("stock beyond 32 bits", {"stock": 2**31}, 422),
    ("stock at the edge of 32 bits", {"stock": 2**31 - 1}, 201),
    ("stock below zero", {"stock": -1}, 422),
    ("stock of 4000 digits", {"stock": 10**4000}, 422),
    ("stock as a float", {"stock": 1.5}, 422),
    ("stock as a text that is not a number", {"stock": CANARY}, 422),
    ("category beyond 64 bits in a body", {"category_id": INT64}, 422),
    ("category that does not exist", {"category_id": INT64 - 1}, 422),
    ("category that is null", {"category_id": None}, 422),
    ("attribute with NUL", {"attributes": {"a": f"{CANARY}\0"}}, 422),
    ("attribute named with NUL", {"attributes": {f"{CANARY}\0": 1}}, 422),
    ("attribute with a lone surrogate", {"attributes": {"a": ["\ud800"]}}, 422),
    ("attribute named with a lone surrogate", {"attributes": {"\ud800": 1}}, 422),
    ("attribute beyond 64 bits", {"attributes": {"a": INT64}}, 422),
    ("attribute below 64 bits", {"attributes": {"a": -INT64 - 1}}, 422),
    ("attribute at the edges of 64 bits", {"attributes": {"a": [INT64 - 1, -INT64]}}, 201),
    ("attribute of 4000 digits", {"attributes": {"a": 10**4000}}, 422),
    ("attributes that are a list", {"attributes": []}, 422),
    ("attribute of 31 levels", {"attributes": {"a": nested(30)}}, 201),
    ("attribute of 33 levels", {"attributes": {"a": nested(31)}}, 422),
    ("attribute of 10 000 names", {"attributes": {str(number): 0 for number in range(10_000)}}, 201),
    ("tag with NUL in a body", {"tags": [f"{CANARY}\0"]}, 422),
    ("tag with a lone surrogate", {"tags": ["\ud800"]}, 422),
    ("tags that repeat", {"tags": ["a", "a"]}, 422),
    ("too many tags", {"tags": [str(number) for number in range(21)]}, 422),
    ("tag that is null", {"tags": [None]}, 422),
    ("unknown member", {CANARY: 1}, 422),
    ("member named like Python's own", {"__class__": "x"}, 422),
    ("id of the client's choice", {"id": 1}, 422),
]


def _raw(text: str) -> bytes:
    """A new product, with `text` in place of its stock."""
    return json.dumps({**NEW, "stock": "STOCK"}).replace('"STOCK"', text).encode()


RAW: list[tuple[str, bytes, dict[str, str], int]] = [
    ("empty body", b"", JSON, 422),
    ("null body", b"null", JSON, 422),
    ("body that is a list", b"[]", JSON, 422),
    ("body that is a number", b"7", JSON, 422),
    ("body cut off", b'{"name": "' + CANARY.encode(), JSON, 422),
    ("body of a lone brace", b"{", JSON, 422),
    ("body with a trailing comma", b'{"name": "x",}', JSON, 422),
    ("body with two documents", b"{}{}", JSON, 422),
    ("body with NaN", _raw("NaN"), JSON, 422),
    ("body with Infinity", _raw("-Infinity"), JSON, 422),
    ("body with a number beyond floats", _raw("1e999"), JSON, 422),
    ("body with a number of 5000 digits", _raw(MANY_DIGITS), JSON, 400),
    ("body with a raw NUL", b'{"name": "\0"}', JSON, 400),
    ("body with bytes that are not UTF-8", b'{"name": "\xff"}', JSON, 400),
    ("body with an encoded surrogate", b'{"name": "\xed\xa0\x80"}', JSON, 400),
    ("body in UTF-16", json.dumps(NEW).encode("utf-16"), JSON, 400),
    ("body in UTF-16 without a mark", json.dumps(NEW).encode("utf-16-le"), JSON, 400),
    ("body in UTF-32", json.dumps(NEW).encode("utf-32"), JSON, 400),
    ("body with a byte order mark", b"\xef\xbb\xbf" + json.dumps(NEW).encode(), JSON, 201),
    ("body in Latin-1", '{"name": "é"}'.encode("latin-1"), JSON, 400),
    ("body with another charset named", json.dumps(NEW).encode(), {"Content-Type": "application/json; charset=x"}, 201),
    ("attribute given twice", json.dumps(NEW).encode()[:-1] + b', "attributes": {"a": 1, "a": 2}}', JSON, 422),
    ("name given twice", json.dumps(NEW).encode()[:-1] + b', "name": "Second"}', JSON, 422),
    ("body of 33 levels", b"[" * 33 + b"]" * 33, JSON, 422),
    ("body of 100 000 opening brackets", b"[" * 100_000, JSON, 422),
    ("body of 100 000 opening braces", b'{"a":' * 100_000, JSON, 422),
    ("body of 500 000 escaped quotes", b'"' + b'\\"' * 500_000, JSON, 422),
    ("body of brackets in a text", json.dumps({**NEW, "description": "[" * 100}).encode(), JSON, 201),
    ("body of a megabyte and a byte", b" " * (2**20 + 1), JSON, 413),
    ("body of a megabyte of blanks", b" " * 2**20, JSON, 422),
    ("body that is gzip", gzip.compress(json.dumps(NEW).encode(), mtime=0), {**JSON, "Content-Encoding": "gzip"}, 415),
    ("body as text", json.dumps(NEW).encode(), {"Content-Type": "text/plain"}, 415),
    ("body without a type", json.dumps(NEW).encode(), {}, 415),
    ("body with a broken type", json.dumps(NEW).encode(), {"Content-Type": "application/json/x"}, 415),
    ("body with an empty type", json.dumps(NEW).encode(), {"Content-Type": ""}, 415),
    ("body as a form", b"name=x", FORM, 415),
    ("body as a form with parts", b"--x\r\n\r\n--x--", {"Content-Type": "multipart/form-data; boundary=x"}, 415),
    ("body as XML", b'<!DOCTYPE x [<!ENTITY a "a">]><x>&a;</x>', {"Content-Type": "application/xml"}, 415),
]

HOSTILE = [
    *[Hostile(name=name, path=f"{PRODUCTS}?{query}", status=status) for name, query, status in QUERIES],
    *[
        Hostile(name=name, method=method, path=path, status=status, role=Role.STAFF)
        for name, method, path, status in PATHS
    ],
    *[
        Hostile(
            name=name,
            method="POST",
            path=PRODUCTS,
            json={**NEW, **change},
            status=status,
            role=Role.STAFF,
        )
        for name, change, status in BODIES
    ],
    *[
        Hostile(
            name=f"patch: {name}",
            method="PATCH",
            path=PRODUCT,
            json=change,
            status=200 if status == 201 else status,
            role=Role.STAFF,
        )
        for name, change, status in BODIES
    ],
    *[
        Hostile(
            name=name, method="POST", path=PRODUCTS, content=content, headers=headers, status=status, role=Role.STAFF
        )
        for name, content, headers, status in RAW
    ],
    *[
        Hostile(name=name, method="POST", path=CATEGORIES, json={**CATEGORY, **change}, status=status, role=Role.STAFF)
        for name, change, status in (
            ("slug with NUL", {"slug": "a\0"}, 422),
            ("slug with a line break", {"slug": "a\n"}, 422),
            ("slug that exists", {"slug": "{slug}"}, 409),
            ("parent that does not exist", {"parent_id": INT64 - 1}, 422),
            ("parent beyond 64 bits", {"parent_id": INT64}, 422),
            ("parent 0", {"parent_id": 0}, 422),
            ("parent that is an object", {"parent_id": {"id": 1}}, 422),
        )
    ],
]


async def make_rows() -> dict[str, Any]:
    """A category and a product."""
    category = await make_category()
    return {"category": category.id, "slug": category.slug, "product": (await make_product(category=category)).id}


async def make_many() -> int:
    """Many categories and products, with ties and out of order; returns the category of all products."""
    text = "x" * 1_000  # else the planner reads the whole table as cheaply as four of its rows
    moments = [DATA_START + timedelta(minutes=(n * 7_919) % ROWS // 3) for n in range(ROWS)]
    names = [f"name {(n * 104_729) % ROWS // 3}" for n in range(ROWS)]
    await Category.bulk_create([Category(name=names[n], slug=f"slug-{n}", created_at=moments[n]) for n in range(ROWS)])
    whole: int = (await Category.all().order_by("id").limit(1))[0].id
    await Product.bulk_create(
        [
            Product(
                sku=f"MANY-{n}",
                name=names[n],
                description=f"{'rare' if n % 500 == 0 else ''} {text}",
                price=Decimal((n * 1_299_709) % 500) / 4,
                stock=0 if n % 20 == 0 else 5,
                attributes={"colour": "red" if n % 500 == 0 else "blue", "number": n},
                category_id=whole,
                created_at=moments[n],
            )
            for n in range(ROWS)
        ]
    )
    tags = [await Tag.create(name=f"tag {n}") for n in range(3)]
    rare = await Tag.create(name="rare")
    numbers = await Product.all().values_list("id", flat=True)
    links = [(number, tags[n % 3]) for n, number in enumerate(numbers)] + [(number, rare) for number in numbers[::500]]
    await ProductTag.bulk_create([ProductTag(products_id=number, tag=tag) for number, tag in links])
    return whole


LISTS = [
    Paged(CATEGORIES, "categories", make_many),
    Paged(
        PRODUCTS,
        "products",
        make_many,
        queries=(
            "category={}&order_by=-created_at",
            "category={}&order_by=created_at",
            "price_min=1&order_by=price",
            "price_min=1&price_max=120&order_by=-price",
            "price_min=1&price_max=120&order_by=price",
        ),
    ),
]
