from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

UPGRADE: dict[str, str] = {
    "postgres": """
CREATE TABLE IF NOT EXISTS "aerich" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "version" VARCHAR(255) NOT NULL,
    "app" VARCHAR(100) NOT NULL,
    "content" JSONB NOT NULL
);
CREATE TABLE "users" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "email" VARCHAR(254) NOT NULL UNIQUE,
    "name" VARCHAR(100) NOT NULL,
    "password_hash" VARCHAR(255) NOT NULL,
    "role" VARCHAR(20) NOT NULL,
    "tier" VARCHAR(20) NOT NULL,
    "is_active" BOOL NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "token_generation" INT NOT NULL
);
COMMENT ON COLUMN "users"."email" IS 'lower case';
COMMENT ON COLUMN "users"."role" IS 'CUSTOMER: customer
STAFF: staff
ADMIN: admin';
COMMENT ON COLUMN "users"."tier" IS 'STANDARD: standard
SILVER: silver
GOLD: gold';
COMMENT ON COLUMN "users"."token_generation" IS 'access tokens of another generation are revoked';
COMMENT ON TABLE "users" IS 'A person with an account.';
CREATE TABLE "categories" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "name" VARCHAR(100) NOT NULL,
    "slug" VARCHAR(100) NOT NULL UNIQUE,
    "created_at" TIMESTAMPTZ NOT NULL,
    "parent_id" BIGINT REFERENCES "categories" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_categories_created_55fb69" ON "categories" ("created_at", "id");
CREATE INDEX "idx_categories_name_80f342" ON "categories" ("name", "id");
COMMENT ON TABLE "categories" IS 'A node of the category tree. A root has no parent.';
CREATE TABLE "tags" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "name" VARCHAR(50) NOT NULL UNIQUE
);
COMMENT ON TABLE "tags" IS 'A label that groups products across categories.';
CREATE TABLE "refresh_tokens" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "token_hash" VARCHAR(64) NOT NULL UNIQUE,
    "family" UUID NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "used_at" TIMESTAMPTZ,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_refresh_tok_family_8ce7f3" ON "refresh_tokens" ("family");
CREATE INDEX "idx_refresh_tok_user_id_9490e0" ON "refresh_tokens" ("user_id", "expires_at");
CREATE INDEX "idx_refresh_tok_expires_a63f42" ON "refresh_tokens" ("expires_at", "id");
COMMENT ON COLUMN "refresh_tokens"."token_hash" IS 'SHA-256, in hexadecimal';
COMMENT ON COLUMN "refresh_tokens"."expires_at" IS 'the same for all of a family';
COMMENT ON COLUMN "refresh_tokens"."used_at" IS 'when it was exchanged for the next one';
COMMENT ON TABLE "refresh_tokens" IS 'One token in the chain that renews a login. The chain is called a family, and is revoked as a whole.';
CREATE TABLE "idempotency_keys" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "key" VARCHAR(255) NOT NULL,
    "digest" VARCHAR(64) NOT NULL,
    "status" SMALLINT,
    "headers" JSONB,
    "body" TEXT,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "caller_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_idempotency_caller__7cc813" UNIQUE ("caller_id", "key")
);
CREATE INDEX "idx_idempotency_expires_5e0e96" ON "idempotency_keys" ("expires_at", "id");
COMMENT ON COLUMN "idempotency_keys"."digest" IS 'of the request: SHA-256, in hexadecimal';
COMMENT ON COLUMN "idempotency_keys"."expires_at" IS 'when the key can be used for another request';
COMMENT ON TABLE "idempotency_keys" IS 'A stored response to one user''s request. It is deleted with the user, because it may contain their data.';
CREATE TABLE "products" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "sku" VARCHAR(40) NOT NULL UNIQUE,
    "name" VARCHAR(200) NOT NULL,
    "description" TEXT NOT NULL,
    "price" DECIMAL(12,2) NOT NULL,
    "stock" INT NOT NULL,
    "attributes" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "search" TEXT NOT NULL,
    "category_id" BIGINT NOT NULL REFERENCES "categories" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_products_created_6cf3a9" ON "products" ("created_at", "id");
CREATE INDEX "idx_products_name_7e732c" ON "products" ("name", "id");
CREATE INDEX "idx_products_price_51c76d" ON "products" ("price", "id");
CREATE INDEX "idx_products_categor_c79556" ON "products" ("category_id", "created_at", "id");
CREATE INDEX "idx_products_search" ON "products" USING gin ((array_to_tsvector(string_to_array("search", ' ')))) WITH (fastupdate = off);
CREATE INDEX "idx_products_attributes" ON "products" USING gin ("attributes" jsonb_path_ops) WITH (fastupdate = off);
COMMENT ON TABLE "products" IS 'Something for sale. `stock` is the number of pieces that can still be ordered.';
CREATE TABLE "orders" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "status" VARCHAR(20) NOT NULL,
    "total" DECIMAL(14,2) NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "customer_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_orders_created_dd2f2e" ON "orders" ("created_at", "id");
CREATE INDEX "idx_orders_total_58653c" ON "orders" ("total", "id");
CREATE INDEX "idx_orders_status_37f857" ON "orders" ("status", "created_at", "id");
CREATE INDEX "idx_orders_custome_33dd1a" ON "orders" ("customer_id", "created_at", "id");
COMMENT ON COLUMN "orders"."status" IS 'PENDING: pending
PAID: paid
SHIPPED: shipped
CANCELLED: cancelled';
COMMENT ON TABLE "orders" IS 'One purchase of one customer.';
CREATE TABLE "product_tags" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "products_id" BIGINT NOT NULL REFERENCES "products" ("id") ON DELETE CASCADE,
    "tag_id" BIGINT NOT NULL REFERENCES "tags" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_product_tag_product_dfb57b" UNIQUE ("products_id", "tag_id")
);
CREATE INDEX "idx_product_tag_tag_id_0b0ba2" ON "product_tags" ("tag_id", "products_id");
COMMENT ON TABLE "product_tags" IS 'Links a product to a tag. It is a model so that it can have a second index, from a tag to its products.';
CREATE TABLE "order_events" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "kind" VARCHAR(20) NOT NULL,
    "detail" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "order_id" BIGINT NOT NULL REFERENCES "orders" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_order_event_order_i_98f3fc" ON "order_events" ("order_id", "created_at");
COMMENT ON TABLE "order_events" IS 'One entry of an order''s audit trail, written in the transaction of the change it records, and never updated.';
CREATE TABLE "order_items" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "quantity" INT NOT NULL,
    "unit_price" DECIMAL(12,2) NOT NULL,
    "order_id" BIGINT NOT NULL REFERENCES "orders" ("id") ON DELETE CASCADE,
    "product_id" BIGINT NOT NULL REFERENCES "products" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_order_items_order_i_9b6152" UNIQUE ("order_id", "product_id")
);
CREATE INDEX "idx_order_items_product_a2ee0f" ON "order_items" ("product_id");
COMMENT ON TABLE "order_items" IS 'One product of an order, at the price on the day of the order.';
""",
    "sqlite": """
PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE IF NOT EXISTS "aerich" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "version" VARCHAR(255) NOT NULL,
    "app" VARCHAR(100) NOT NULL,
    "content" JSON NOT NULL
);
CREATE TABLE "users" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "email" VARCHAR(254) NOT NULL UNIQUE,
    "name" VARCHAR(100) NOT NULL,
    "password_hash" VARCHAR(255) NOT NULL,
    "role" VARCHAR(20) NOT NULL,
    "tier" VARCHAR(20) NOT NULL,
    "is_active" INT NOT NULL,
    "created_at" TIMESTAMP NOT NULL,
    "token_generation" INT NOT NULL
);
CREATE TABLE "refresh_tokens" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "token_hash" VARCHAR(64) NOT NULL UNIQUE,
    "family" CHAR(36) NOT NULL,
    "expires_at" TIMESTAMP NOT NULL,
    "used_at" TIMESTAMP,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE
);
CREATE TABLE "idempotency_keys" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "key" VARCHAR(255) NOT NULL,
    "digest" VARCHAR(64) NOT NULL,
    "status" SMALLINT,
    "headers" JSON,
    "body" TEXT,
    "expires_at" TIMESTAMP NOT NULL,
    "caller_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_idempotency_caller__7cc813" UNIQUE ("caller_id", "key")
);
CREATE TABLE "categories" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "name" VARCHAR(100) NOT NULL,
    "slug" VARCHAR(100) NOT NULL UNIQUE,
    "created_at" TIMESTAMP NOT NULL,
    "parent_id" BIGINT REFERENCES "categories" ("id") ON DELETE RESTRICT
);
CREATE TABLE "products" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "sku" VARCHAR(40) NOT NULL UNIQUE,
    "name" VARCHAR(200) NOT NULL,
    "description" TEXT NOT NULL,
    "price" NUMERIC NOT NULL,
    "stock" INT NOT NULL,
    "attributes" JSON NOT NULL,
    "created_at" TIMESTAMP NOT NULL,
    "updated_at" TIMESTAMP NOT NULL,
    "search" TEXT NOT NULL,
    "category_id" BIGINT NOT NULL REFERENCES "categories" ("id") ON DELETE RESTRICT
);
CREATE TABLE "tags" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "name" VARCHAR(50) NOT NULL UNIQUE
);
CREATE TABLE "product_tags" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "products_id" BIGINT NOT NULL REFERENCES "products" ("id") ON DELETE CASCADE,
    "tag_id" BIGINT NOT NULL REFERENCES "tags" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_product_tag_product_dfb57b" UNIQUE ("products_id", "tag_id")
);
CREATE TABLE "orders" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "status" VARCHAR(20) NOT NULL,
    "total" NUMERIC NOT NULL,
    "created_at" TIMESTAMP NOT NULL,
    "updated_at" TIMESTAMP NOT NULL,
    "customer_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE RESTRICT
);
CREATE TABLE "order_events" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "kind" VARCHAR(20) NOT NULL,
    "detail" JSON NOT NULL,
    "created_at" TIMESTAMP NOT NULL,
    "order_id" BIGINT NOT NULL REFERENCES "orders" ("id") ON DELETE CASCADE
);
CREATE TABLE "order_items" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "quantity" INT NOT NULL,
    "unit_price" NUMERIC NOT NULL,
    "order_id" BIGINT NOT NULL REFERENCES "orders" ("id") ON DELETE CASCADE,
    "product_id" BIGINT NOT NULL REFERENCES "products" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_order_items_order_i_9b6152" UNIQUE ("order_id", "product_id")
);
CREATE INDEX "idx_refresh_tok_family_8ce7f3" ON "refresh_tokens" ("family");
CREATE INDEX "idx_refresh_tok_user_id_9490e0" ON "refresh_tokens" ("user_id", "expires_at");
CREATE INDEX "idx_refresh_tok_expires_a63f42" ON "refresh_tokens" ("expires_at", "id");
CREATE INDEX "idx_idempotency_expires_5e0e96" ON "idempotency_keys" ("expires_at", "id");
CREATE INDEX "idx_categories_created_55fb69" ON "categories" ("created_at", "id");
CREATE INDEX "idx_categories_name_80f342" ON "categories" ("name", "id");
CREATE INDEX "idx_products_created_6cf3a9" ON "products" ("created_at", "id");
CREATE INDEX "idx_products_name_7e732c" ON "products" ("name", "id");
CREATE INDEX "idx_products_price_51c76d" ON "products" ("price", "id");
CREATE INDEX "idx_products_categor_c79556" ON "products" ("category_id", "created_at", "id");
CREATE INDEX "idx_product_tag_tag_id_0b0ba2" ON "product_tags" ("tag_id", "products_id");
CREATE INDEX "idx_orders_created_dd2f2e" ON "orders" ("created_at", "id");
CREATE INDEX "idx_orders_total_58653c" ON "orders" ("total", "id");
CREATE INDEX "idx_orders_status_37f857" ON "orders" ("status", "created_at", "id");
CREATE INDEX "idx_orders_custome_33dd1a" ON "orders" ("customer_id", "created_at", "id");
CREATE INDEX "idx_order_event_order_i_98f3fc" ON "order_events" ("order_id", "created_at");
CREATE INDEX "idx_order_items_product_a2ee0f" ON "order_items" ("product_id");
COMMIT;
PRAGMA foreign_keys = ON;
""",
}

DOWNGRADE: dict[str, str] = {
    "postgres": """
DROP TABLE "order_items";
DROP TABLE "order_events";
DROP TABLE "product_tags";
DROP TABLE "orders";
DROP TABLE "products";
DROP TABLE "idempotency_keys";
DROP TABLE "refresh_tokens";
DROP TABLE "tags";
DROP TABLE "categories";
DROP TABLE "users";
""",
    "sqlite": """
PRAGMA foreign_keys = OFF;
BEGIN;
DROP TABLE "users";
DROP TABLE "refresh_tokens";
DROP TABLE "idempotency_keys";
DROP TABLE "categories";
DROP TABLE "products";
DROP TABLE "tags";
DROP TABLE "product_tags";
DROP TABLE "orders";
DROP TABLE "order_events";
DROP TABLE "order_items";
COMMIT;
PRAGMA foreign_keys = ON;
""",
}


def sql(statements: dict[str, str], db: BaseDBAsyncClient) -> str:
    dialect = db.capabilities.dialect
    if dialect not in statements:
        message = f"No SQL for {dialect}: add it to UPGRADE and DOWNGRADE."
        raise NotImplementedError(message)
    return statements[dialect] or "SELECT 1"  # asyncpg fails on an empty script


async def upgrade(db: BaseDBAsyncClient) -> str:
    return sql(UPGRADE, db)


async def downgrade(db: BaseDBAsyncClient) -> str:
    return sql(DOWNGRADE, db)


MODELS_STATE = (
    "eJztXetv2zgS/1cIfWkLZIPUzaMX3B3gJG7rbWIXibO32LbQMhJt6yKTqkglMXr5329IvW"
    "XJlvyK7epLG5McSpwZkvP4kfqpjZhJbL5/Tfou4cMeuydUO0U/NYpHBP7Ird9DGnacuFYW"
    "CHxnKwLXb6kL2VRV4TsuXGwIqO1jmxMoMgk3XMsRFpNP07qUINUeWRSJIUHGEKu/sEAuoe"
    "SRI4xsNrDoPupF1RZHBrZtYkJlH48se7yHMDVluUseoDuokISPQ2aTffkmJjPgVSw6WOdD"
    "PWr98AjwY0DgKS48+ut3KLaoSZ4Ilz+/an5PGpR/1TxOXN0yJSl5cixgpo6FX5X4LXswte"
    "+yJ+de71vENlNy8ztQ5boYO6rszBq0qfig2kpu3OkGs70Rjds7YzFkNCKwqHrQALjhYkHk"
    "E4TrSQFSz7YDiYcy9ccZN/EHmKAxSR97tlQDSe2/QFym6Xqn29NvWj1d1yZUJKRICDAoMh"
    "iV6gWvyhUDBvIVfvtHo/Hu3Unj4N3x+6PDk5Oj9wfvoa1638mqk2f/ZWJu+V0pnrU/tjs9"
    "+UIMdNhXcVnwrGiwwD6VkmPMfaVX+hDz4aQUzofYzZdBmiojCxhkVhYh59ctDO3mU/O3xt"
    "Hxnpw5Q/KETWJYI2xnp1iBhEb4SbcJHYgh/Dw+nML8P5rX55+a16+PD9+kJdAJahqqKuhB"
    "jTHkAZTF4gim14Qobm/bF/miiCkyYvA8y9yXdPMIIyyIpREviGuYG1M4rdj87lix2WFcDF"
    "xVqTg0m7/pdSnD4975BbBIWCOSz+o0cYbdZkC6H/6xOWzX5J7BgQOoz1wEewJi/WhTKDcV"
    "pgik175q3fSaV19kTyPOf9iy9KLZa8mahiodZ0pfH2emSdQJ+k+79wnJn+ivbqeVlXLUrv"
    "eXEjb2BNMpe9SxmeRWWJxk4DS1gJ3MnE8nEpRLUIhgyVu1PjwOpS0h0CMYAOQJzAU6AGtA"
    "KofUFEqeBGKU1Jrhyze0ccqbKAmi2XbKFizHazNV8qQhDcf+fa7xIvk8KZkPzCXWgH4mYy"
    "WdNgwFU4PkSCNwGW6DbrZMKs+h2oWl8QLi4sfI0k5qI4wdRkyEb941b86bF2oiwZxIGdiK"
    "6XfYuH/ErqmnuC9rWINlSqK2k1WjxihbgikeKH4FA+PGkIxw0UC/fpcjTcoqx+0LZVjs7k"
    "k2lPTymsiBtoyiR0sMwWlC2DCYR8Wkaza15Wx/qnaKNtIpAmW07Cr+UESwwa6QzR6JiwzM"
    "S27sae+ncVTG/YFWhf6PqptpoKv/K3A+bL8cxr/0Ppti+duDgxIsh1aFLFd1M1nuYM4fGa"
    "zdVaMAE4Q7KITG0VEpvT+aovdHJYTgMrtA71vUG00YMik5hLTrY79meFywkb/lVlmEzm9v"
    "et2r1vUpCnv4RsFq//DhFMHg+v1vtHlx1e6cImyOLDrXQnUALQjwTC7pqfdUD1AGgOr7ex"
    "m5Fs+tRpmpJaw8A7WcVEPaNUpVvokJVlxVqYIEOxfN6wslRNUDSLV9+YeUM7fsBynlj91L"
    "qB+wYB1ZSKrJ9/T7VyyRfa9DqhbXwXy0HnIm7BmDuYhpgZGWpMuI9Q4IVyXX0HpYb6DurN"
    "u9TDn+Z+2MIda5vTprwQ6mpAGNLDHdE0zKwHCJ5NJ8QZs08fYE8srvYTBAs0vtcSD9LQnS"
    "BIpaNUbjZyMCEUlOTWhEod+UR7q+kM1BxXUWnEvCuZ8L5CqIS5n0LFE8AIRdEub3Si60vs"
    "vVeHt4cvj+3fFh5GlFJdMcrPJhm+KQQsIKmkjJZpbXgP7D52tiFwmsIBG8ZVO4KLqT3olM"
    "MnKYINQY6/dkvCDH2nFvn8l4V3kGDksQCJqfU13Zxy4x6IWjehnNy4nvTepmcaQvb1aUCf"
    "qBq+ASE1ZP7sCrSsyFTIMgGTh8JUETIEIu9lFbSAyFH0c1/cCfTJvIZnvojhgY/pLZlREe"
    "Ixiz8LEaxHKRDDjlxRDX9+CckCQ4SRImotQZuOUjNVKYjxrMsSVxy3uSAx0ojt8Ezeuozd"
    "xRG9MawMyswvOYYpPZroFtKZeWYOk5RduGo+ECCy9nk7+Bl7YLV6OYai4fYD3Z+6pr0rvG"
    "yXG0Cskf09adm6vm5WUpB3wIHmauHfX7TbeTz94ESdbntgyB/odsi28hn6ewU/Ii5VeHav"
    "z6qvlnVsPPL7tnWYdZdnA2Wxh3zMxZ+XvkqUDRw/ZzrUHbw/5e68/edPZHoY3Lbudj2Dwr"
    "kxpVVowikrsE2BHIwBRMUGmL+kCiMDIR7CDlNootCVPNiyXy7ezKaKIUWY0nWiGeKHaEak"
    "TRNERRSiO3H1N0DhIaMDc37hDV7U2LOBh+K4uUjjVQ6AQFVnZAPQZeE7KPmshlTKAh5tAK"
    "Odgl+cijebooc8QjnR2R7r480RECLWr3f2Pd/xo7s3bsDLe9QRWWh+03Fye24Qyv87513j"
    "cGrsl9rbI9nSLboUDPxpnTPqOXYE4njbDtEk1ZizqlkymL+homznX7vFfRpE6smEPLNl2S"
    "g4qokvHcPRGklxKXmZ4hFkwLf/F72cKNY1MTwyFHczyzBLOLHbOkXGe7ZTdsBG4R8EmFsD"
    "i2wZX6mwtm3P8tM6/qcJw3uiOudLscixiE+6fwZfSLC8u2ZQxMAQyIOemyLb/75bhz8rfj"
    "WkaqIPQogzUpr5efWlrQ5MmB/Z4DM1WRhl0Xj+HldMEfiCGY+9rnhSxSda+/aZxg1xh+g0"
    "5foVdv3shuE97kkx4KUPcbKuEGk05TjwSRhj8UZ8KXAaUyrVCw6p2pYXsmCeuZY9iY8/gc"
    "jscDMQ184LFMymO1s2p9zIXnSLsQ/Qtk09ee04PXsICB3XkCesthROGYEmSlxpV9TqUxav"
    "/ljN7pDhZDnTl+B5XGXHv9G+n183uvkgfqN985B/SwjP95WOx+HpbxPusISwKRX4bhjSkO"
    "f6OUw5982QnOF2c4M2RrPEShrdZEe8k8Z2QkpKXQ8UYEagq87ZAmG27xEST7FzGSZMvmwx"
    "SBXLTO21fNy9dvG3uNzOmGzu1VC/y5MhAWMAwnmT0FvBK031j8etWNddmQ9CR306ZXWQRL"
    "mmohEMt8i8s/+x41FM7/zrNsYVG+Lx/77xdYdNaFbakjvnXEN7rwQzkk817VkyKudWFTdC"
    "EHThOfWJyyP0YBgQzEU5UX7JERzQ4YhFXEvSYDMRM0qoJxShHWKKeVopziUP76EjObJp3y"
    "WKeUZi43NyPwQLcter+cvEMPD3ZIEJOH9nRwoUbLOLnXhn52iVMLJmlS+pjD3ytMxz0m/y"
    "25LMypiC8aTZyyHqhR6Zn0UzBGV2ocGJW5iUTmKv7fqyONarL7i0gkmaAmSgj41WLoMm8w"
    "TNTooWCKwJb6BK+fl5R6k+Mszr4FXJiZgIsGMDsJdynXQ4RRQCkPQ2IE5OH5R4zUYxBnfn"
    "LM8vNjQ/xAoI4TmRRBSof2UN9lI59admMJHvbKJ7Nza3xu7inMpOYAYc45zFiBkgpTozE3"
    "My+TmdQV8ElpwtoWXtQWTt0VEs2h8gJJzLtaFiuEixVicCr7JbsHxMm6JZlFovQhjMxcWA"
    "Kvd8vryPI5nvvbf86lwJSbacOVt92aCOQNNpIykAZgxTqx5YOw4TLOUXxWJu9QS2X6+pLd"
    "zd0ANvi0ygYhV47KACmOinEUR0Uwiom9tkxIKnTY6rDUqoMtxfZO5YDLAvbOVgVdEuPMBl"
    "6i0FU66JKxk7KRl3h7XzToEunGIjt0N0B6TuzR0YVjxbt0fK9Zuc+YOZ5rDDFXR0jlbVPh"
    "Vbn53x+b2np+GLJgwsf+hAXxFSz5BOFzC2HJ9W6/kbt90YU85e5CLryYZ5V5W4dQUzK2ml"
    "y0L63ORbvz8RQF9N/ol2b7An5iS16L/Kn95UtL3pQ8tByHQMl5s3PeuryUZYYcvPxkX3YK"
    "lgNk7iWuSE68vHyw/D94opo20YPWcgt2OMkrwAYjml8SNng4P2ywhkvtIESmhkvVurAgXC"
    "pjOFWA5qQJ6xD4KqE5ic9VLBiW3fUriNJauVxYDnkgdNGzwMpjaz2QrZwfpTA5NRpnI49M"
    "JxSvKJAQqeWMaIIeT4RyMQVo7Y79DxP455RfcYQ90xJIviy8+KNrCRF/yBxKKcf+gYbwJi"
    "v1NVKJrnCJAX1w/6vlFF7FRYFNkh+iWOfDy0Q8AsxaNk5RRyg2M0JxD4Ovko8I2+/k2c41"
    "RAVMInK/slh8+iqmqE9epRyR+uRV7T6uOJSQ3MzK71BJqtpxXKHjyML80IJe46592GYv4z"
    "YmFXL7AT2x+1Rk6Ye+1SxDP/LlSuYOA4x0wtgGS1koG1od+EfMt7FNPA5ta9WqILm4UHe5"
    "aOpoQgR958CpwzRvnTXcWJv8h4epsETOUbVCASRJdmnLWeVlCDBUoc9zuUea8JdM1S1ww0"
    "dtU728TZVzCeS8BzZqmdR27lbbuTlzYQms/mXOYiwxFfXCfkVT7vhDLcepCGqmehQ4bjPL"
    "mSgWxZJh/b+Kvb6IlTjVEn8gLs+9gq84QJ4g2cUY+Zo+MSnnWQWmB813kOFr+8IEoyL32v"
    "rixESCZP2ZiZfxf1aZg6hwbuVFNsrn/wMvljP0"
)
