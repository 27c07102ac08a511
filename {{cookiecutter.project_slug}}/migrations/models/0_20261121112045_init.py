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
    "created_at" TIMESTAMPTZ NOT NULL
);
COMMENT ON COLUMN "users"."email" IS 'lower case';
COMMENT ON COLUMN "users"."role" IS 'CUSTOMER: customer\\nSTAFF: staff\\nADMIN: admin';
COMMENT ON COLUMN "users"."tier" IS 'STANDARD: standard\\nSILVER: silver\\nGOLD: gold';
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
COMMENT ON TABLE "categories" IS 'A node of the category tree; a root has no parent.';
CREATE TABLE "tags" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "name" VARCHAR(50) NOT NULL UNIQUE
);
COMMENT ON TABLE "tags" IS 'A word that groups products across categories.';
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
COMMENT ON COLUMN "refresh_tokens"."token_hash" IS 'SHA-256, in hexadecimal';
COMMENT ON COLUMN "refresh_tokens"."expires_at" IS 'the same for all of a family';
COMMENT ON COLUMN "refresh_tokens"."used_at" IS 'when it was exchanged for the next one';
COMMENT ON TABLE "refresh_tokens" IS 'One link in the chain of tokens that renew a login; the chain is the family, and ends with all its rows.';
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
    "category_id" BIGINT NOT NULL REFERENCES "categories" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_products_created_6cf3a9" ON "products" ("created_at", "id");
CREATE INDEX "idx_products_name_7e732c" ON "products" ("name", "id");
CREATE INDEX "idx_products_price_51c76d" ON "products" ("price", "id");
CREATE INDEX "idx_products_categor_c79556" ON "products" ("category_id", "created_at", "id");
COMMENT ON TABLE "products" IS 'Something that is sold. Its stock is what can still be ordered.';
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
COMMENT ON COLUMN "orders"."status" IS 'PENDING: pending\\nPAID: paid\\nSHIPPED: shipped\\nCANCELLED: cancelled';
COMMENT ON TABLE "orders" IS 'What one customer bought at once.';
CREATE TABLE "order_events" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "kind" VARCHAR(20) NOT NULL,
    "detail" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "order_id" BIGINT NOT NULL REFERENCES "orders" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_order_event_order_i_98f3fc" ON "order_events" ("order_id", "created_at");
COMMENT ON TABLE "order_events" IS 'One entry of an order''s audit trail; written with the change it tells of, never changed.';
CREATE TABLE "order_items" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "quantity" INT NOT NULL,
    "unit_price" DECIMAL(12,2) NOT NULL,
    "order_id" BIGINT NOT NULL REFERENCES "orders" ("id") ON DELETE CASCADE,
    "product_id" BIGINT NOT NULL REFERENCES "products" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_order_items_order_i_9b6152" UNIQUE ("order_id", "product_id")
);
CREATE INDEX "idx_order_items_product_a2ee0f" ON "order_items" ("product_id");
COMMENT ON TABLE "order_items" IS 'One product of an order, at the price it had then.';
CREATE TABLE "product_tags" (
    "products_id" BIGINT NOT NULL REFERENCES "products" ("id") ON DELETE CASCADE,
    "tag_id" BIGINT NOT NULL REFERENCES "tags" ("id") ON DELETE CASCADE
);
CREATE UNIQUE INDEX "uidx_product_tag_product_dfb57b" ON "product_tags" ("products_id", "tag_id");
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
    "created_at" TIMESTAMP NOT NULL
);
CREATE TABLE "refresh_tokens" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "token_hash" VARCHAR(64) NOT NULL UNIQUE,
    "family" CHAR(36) NOT NULL,
    "expires_at" TIMESTAMP NOT NULL,
    "used_at" TIMESTAMP,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_refresh_tok_family_8ce7f3" ON "refresh_tokens" ("family");
CREATE INDEX "idx_refresh_tok_user_id_9490e0" ON "refresh_tokens" ("user_id", "expires_at");
CREATE TABLE "categories" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "name" VARCHAR(100) NOT NULL,
    "slug" VARCHAR(100) NOT NULL UNIQUE,
    "created_at" TIMESTAMP NOT NULL,
    "parent_id" BIGINT REFERENCES "categories" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_categories_created_55fb69" ON "categories" ("created_at", "id");
CREATE INDEX "idx_categories_name_80f342" ON "categories" ("name", "id");
CREATE TABLE "products" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "sku" VARCHAR(40) NOT NULL UNIQUE,
    "name" VARCHAR(200) NOT NULL,
    "description" TEXT NOT NULL,
    "price" VARCHAR(40) NOT NULL,
    "stock" INT NOT NULL,
    "attributes" JSON NOT NULL,
    "created_at" TIMESTAMP NOT NULL,
    "updated_at" TIMESTAMP NOT NULL,
    "category_id" BIGINT NOT NULL REFERENCES "categories" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_products_created_6cf3a9" ON "products" ("created_at", "id");
CREATE INDEX "idx_products_name_7e732c" ON "products" ("name", "id");
CREATE INDEX "idx_products_price_51c76d" ON "products" ("price", "id");
CREATE INDEX "idx_products_categor_c79556" ON "products" ("category_id", "created_at", "id");
CREATE TABLE "tags" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "name" VARCHAR(50) NOT NULL UNIQUE
);
CREATE TABLE "orders" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "status" VARCHAR(20) NOT NULL,
    "total" VARCHAR(40) NOT NULL,
    "created_at" TIMESTAMP NOT NULL,
    "updated_at" TIMESTAMP NOT NULL,
    "customer_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_orders_created_dd2f2e" ON "orders" ("created_at", "id");
CREATE INDEX "idx_orders_total_58653c" ON "orders" ("total", "id");
CREATE INDEX "idx_orders_status_37f857" ON "orders" ("status", "created_at", "id");
CREATE INDEX "idx_orders_custome_33dd1a" ON "orders" ("customer_id", "created_at", "id");
CREATE TABLE "order_events" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "kind" VARCHAR(20) NOT NULL,
    "detail" JSON NOT NULL,
    "created_at" TIMESTAMP NOT NULL,
    "order_id" BIGINT NOT NULL REFERENCES "orders" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_order_event_order_i_98f3fc" ON "order_events" ("order_id", "created_at");
CREATE TABLE "order_items" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "quantity" INT NOT NULL,
    "unit_price" VARCHAR(40) NOT NULL,
    "order_id" BIGINT NOT NULL REFERENCES "orders" ("id") ON DELETE CASCADE,
    "product_id" BIGINT NOT NULL REFERENCES "products" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_order_items_order_i_9b6152" UNIQUE ("order_id", "product_id")
);
CREATE INDEX "idx_order_items_product_a2ee0f" ON "order_items" ("product_id");
CREATE TABLE "product_tags" (
    "products_id" BIGINT NOT NULL REFERENCES "products" ("id") ON DELETE CASCADE,
    "tag_id" BIGINT NOT NULL REFERENCES "tags" ("id") ON DELETE CASCADE
);
CREATE UNIQUE INDEX "uidx_product_tag_product_dfb57b" ON "product_tags" ("products_id", "tag_id");
COMMIT;
PRAGMA foreign_keys = ON;
""",
}

DOWNGRADE: dict[str, str] = {
    "postgres": """
DROP TABLE "product_tags";
DROP TABLE "order_items";
DROP TABLE "order_events";
DROP TABLE "orders";
DROP TABLE "products";
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
DROP TABLE "categories";
DROP TABLE "products";
DROP TABLE "tags";
DROP TABLE "orders";
DROP TABLE "order_events";
DROP TABLE "order_items";
DROP TABLE "product_tags";
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
    "eJztXOtv4rgW/1esfLmzElt1KLRzO6srUaAz7LZQtXR3tTOryE1MsBpsJnFK0d7+72s77x"
    "dNeBVovswU28exf+fY55n8o0yojkz76BaNLGSPh/QREeUc/KMQOEH8j8z+GlDgdBr2igYG"
    "H0xJYLkjVSaGyi74YDMLaoz3jqBpI96kI1uz8JRhKp6mDAgCJiaPABPAxghoY8j/oiPgTs"
    "LbIAMWImgGIDCpgcnnyDhsyx8jOMHmvAYg0QEiug1mmI0BNE2AmQ0sOrOPxGp0qvHlYGJs"
    "+8EOwT8cxHExEKey+OO//c2bMdHRM7LFz2+KO5XC278pjo0sFeuCFD1PMQdVhUz5W9BMH9"
    "URRqYe45Q7VLarbD6VbRfY6BF2KceKvT+oGjWdCQnHT+dsTElAgAkTrQbfsgUZEk9gliNY"
    "RhzT9Hjsc9HdUTjE3UqERkcj6JiC8YLaXUDYpqhqfzBU77pDVVVSQuFTRNjlNWmUCIHiS7"
    "UlAIZYws//rddPTs7qxyenn5qNs7Pmp+NPfKxcb7rr7MVdTIiWO5XErPel1x+KBVEuta5Q"
    "i4YXSQMZdKkkx0L0pcCoY2iP01xoj6GVzYM4VYIXfJNJXvjIb5sZyt3X1s/15mlNHJQxeo"
    "Y60vAEmskDlcOhCXxWTUQMNuY/TxsLwP+9ddv+2rr9cNr4Kc6BvtdTl12CFyH23qlJ4X5/"
    "3+tk4x5SJDB3HKwfCbplkPcbQujD+24LB2EBrBLTk1OJ6ZTazLBkp0QoAWbkrkkB2uFgMD"
    "xB2aDGKRPA6h7pkf/H7gCsiEvc5tsHI2rJe5srAAhCGVkJ+mHvuns3bF3fiJkmtv3DlEi2"
    "hl3RU5et80Trh9OE9AeTgD96w69A/AR/DfrdJD+DccO/FLEm6DCqEjpToR5Fy2/2m2ICwP"
    "WOvgT3I2RrYL13Z22a87Mx4mqcgRm0AXrmWp0YSJdiIGSCoGcGKEHvUgZ826O4QREhet2q"
    "2IP7dHuGhbDpRo+ZdoUANc2GS2ohbJDf0FyyosfXDYmGMqD37Pd7b5o9Y8GLL2N+a3g1WH"
    "AWGMFR0eN75ztGzLW8WnftVqerSIQfoPY4g5auxqAWPbROEy3B2HTXpD5JtkACDQmO2IVY"
    "cxT1DG/K50a+FyU2VNB5aoEpH0uJ53YQADWNOoSlvZ2FI193TyrPYyc9DzSB2CzjdAQEO+"
    "xvmHSGLKBBu6DyjbsY9WYRH4OPynUyZF/cMJb/l4DZH78elN9aF8bw/Xh8XABfPioXX9kX"
    "x3cKbXtG+ZVb1olOER4g4vVms5BENxdIdDOJuEXNHInuEmeSsixioPu028Na0Ryb0YmrOc"
    "vcJe37u+Hgunt7DvwZvhNuIF9engO+udHoO2l1rnv9cwD1CSZL3TdFjkM9/zTUU4eB4Syz"
    "rxhrfNotskasROfmUlnWcDb0O63bjuSEnIGzpnf1u2CWjc0nwaovgyveb1Dv5L85a7Ctcn"
    "sMP2UcnQvKTwUkOVZPlC7BmwdOuCnm+Op4uxGni8HgKubtXvQSlk3//vqiy7WEhJ4Pwixm"
    "8ISAaxYSkCwRk4hT7k9EqriS4BvUB8Sce3zekxiEJ5KpEETKD8532yJaLJVwShxKj/7yt1"
    "tkQolwWhhy0lx7Jg557nLsOHFLyfMtl8dpIOY4JIA2GQVoc3wMas2VjEhA0FdbFA3Q3FEY"
    "FQ4JED6JzGOKZKX3DL5ThD4DCCxKGeDGMh8FptBC2bGCZaYokuOMX8pYd7OdvrckfleBhp"
    "0MNFQO8GYdYNt0jDL4+uN3N4yzS+hWVuR7sSLjQSWhm0qnsmJkSyWztpPA3EENsiCX5aK6"
    "hmxW1GraLz4UTWjFBDCW0rrlR+K21x4uymlFbr0xNnXLdWaWN/cPD+/4JWFR3dHYij7RjT"
    "vLHt7/b+IV+XBlOEURJPN9oijTXveI7uiEeyQcBLekE9vApqZ+BHqM/8Wo9iiaZqJLg4S3"
    "YNMED9z9EX4u0tPu0RrmW4+vJH5PLazFGnx3zbs/0rNUHtZOelj2o1PKAXCHH5z93yhi/j"
    "fyrf9GyvivXNdIQqRYRmRRSiSFb3RlKZiH6Dnn9kiQbTFhVTJRtY6MyLD75zDmNfmIfrhu"
    "/flTzHO6GvS/+MMjHGhfDS6SSXP/6k84tG55do5z49MkXVmX6KgT1nbvmaQvQL/TbfeuW1"
    "cfPtZr9UTGKXqjJCIyQpOn0c3VhsH47dU/Hm9WIdY/Ns4an05OG4EeDFoWqb90Eg8y/rwH"
    "h6EMK/vXu0E/G9A4VVJescbA/4GJ7Y2hq/wycogmsAMPDjYZJvaReOz/3uD+ECgtvj+SV0"
    "UtHk4REyTvjyoqln8CDjcq5kz1Jbkep6y4vitcz6jqT4U5El5hcScvQVgV968rIKpF4mrb"
    "C4nuGiuKxkQTYrhCVFSGYVRu/k3WUQfR4/McEOyrRv0iRYzQyMD3GpL5kIp/C4r2EBp7F9"
    "BYINNyV2oi5Ont0RISx9VrZmSaWhL/RzT3wPUOQsAZr8cn8rrZ2KKOMY70qD5jMt+V4e1q"
    "CuuXhbFcsfqMOK63qfwYrr+OIhUtosLbDbYafD9TG/jbBFCzqG2DsEgmq5qlLHn1OswOq9"
    "Taghjq24b6diiK2iwS52vmh/maMhxSoiRzbXojPx9XWneskJTbK/0R2WdShwRaOK4/Eloi"
    "qURC9bKq/ghsilz14VaTZiiQoMw0X4WE1ayvK5E/xPVPCQreAwEPYmcMyGYNpfVGIYrlE3"
    "mMMjfO6jdwcWaOnZ2zk4k9bxlVYm+/lFLI12Ve6Ampt5ghmSKiC2DL8UW56fY7vf6Xc+DR"
    "fyc3rV6H/4RYvNvztXdz0xWv+4zxdIp4S7vVb3evrkSbJjZvmmhH3vMJDmeJ1EpA8y5TK4"
    "0SqZUq8Jwv2PsZgqwCz++R64UCz3GrpUTgOU5YBZ7XFniOvEq9YuD5wL8skxDBFYLO6AmR"
    "VWtMpUPUfUJ7KfmFanGroPz2S3EjUpXnhAcy94onroZSXuyzr3y0NZcf3CNudex/bAAdHT"
    "Mg9m9+BjMLM4a8bxZ5314lBhJfbWPcW7A5bQ0Q/ljL68mo1t3kg4p4/16+KemzV976bnrr"
    "j3zzZULI/viDrBZdt1utI5b5var8IrCQoioAi1n8VQFY5ZHVlvLDowqpuJaJUlW+2Lp8Me"
    "onOVZ0xA7tmxy1hCcWlb5d+shn6G7kGc++L/Ka7Rz4PsVMZy8bF7VpayIxJWxXWeMvTNcx"
    "FGUPiGQbxeWnyDB3v4Ui7M3nWrYxE9hPHVZJqp01e384kDDMMqoRcxkQJTkkjbC21x74vp"
    "i6zEs6ccJ3mU4q86ZOZdBs/SJJ1euU/8pGjK5iQGVR7ppFmSHla8D18L4UkUQ2frJLJ002"
    "aa63EFeqYyXDVvd6FhrqMBzzmo2eD+qaa4vfi3m8olGWb/g+IcvOfHM9P+QbITnEqO8mvj"
    "YuDlUJhL3hB4juZj5vRwnL/LhWflw9QrL9wPrb+BZrC6Fvryw+Q5m9/Av7Eg2f"
)
