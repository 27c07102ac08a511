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
    "is_active" BOOL NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "token_generation" INT NOT NULL
);
CREATE INDEX "idx_users_created_eeb5e9" ON "users" ("created_at", "id");
CREATE INDEX "idx_users_role_c21459" ON "users" ("role", "created_at", "id");
CREATE INDEX "idx_users_is_acti_4f59d7" ON "users" ("is_active", "created_at", "id");
COMMENT ON COLUMN "users"."email" IS 'lower case';
COMMENT ON COLUMN "users"."role" IS 'MEMBER: member
STAFF: staff
ADMIN: admin';
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
CREATE INDEX "idx_categories_parent__8f923f" ON "categories" ("parent_id");
COMMENT ON TABLE "categories" IS 'A node of the category tree. A root has no parent.';
CREATE TABLE "tags" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "name" VARCHAR(50) NOT NULL UNIQUE
);
COMMENT ON TABLE "tags" IS 'A label that groups products across categories.';
CREATE TABLE "account_events" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "at" TIMESTAMPTZ NOT NULL,
    "kind" VARCHAR(40) NOT NULL,
    "actor_id" BIGINT,
    "detail" JSONB NOT NULL,
    "user_id" BIGINT REFERENCES "users" ("id") ON DELETE SET NULL
);
CREATE INDEX "idx_account_eve_user_id_9b445c" ON "account_events" ("user_id", "at", "id");
COMMENT ON COLUMN "account_events"."kind" IS 'an Event';
COMMENT ON COLUMN "account_events"."actor_id" IS 'the user who did it; null for a command';
COMMENT ON TABLE "account_events" IS 'One entry of the audit trail of accounts, written in the transaction of its change, and never updated.';
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
CREATE TABLE "customers" (
    "id" BIGINT NOT NULL PRIMARY KEY,
    "name" VARCHAR(100) NOT NULL,
    "tier" VARCHAR(20) NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "user_id" BIGINT UNIQUE REFERENCES "users" ("id") ON DELETE SET NULL
);
CREATE INDEX "idx_customers_name_6f8592" ON "customers" ("name", "id");
CREATE INDEX "idx_customers_tier_b9f2fe" ON "customers" ("tier", "name", "id");
COMMENT ON COLUMN "customers"."name" IS 'the account''s at first';
COMMENT ON COLUMN "customers"."tier" IS 'STANDARD: standard
SILVER: silver
GOLD: gold';
COMMENT ON TABLE "customers" IS 'Someone who buys. Each account has one, with the same id, which stays when the account is deleted.';
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
CREATE TABLE "product_tags" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "products_id" BIGINT NOT NULL REFERENCES "products" ("id") ON DELETE CASCADE,
    "tag_id" BIGINT NOT NULL REFERENCES "tags" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_product_tag_product_dfb57b" UNIQUE ("products_id", "tag_id")
);
CREATE INDEX "idx_product_tag_tag_id_0b0ba2" ON "product_tags" ("tag_id", "products_id");
COMMENT ON TABLE "product_tags" IS 'Links a product to a tag. It is a model so that it can have a second index, from a tag to its products.';
CREATE TABLE "orders" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "status" VARCHAR(20) NOT NULL,
    "total" DECIMAL(14,2) NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "customer_id" BIGINT NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT
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
CREATE TABLE "order_events" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "kind" VARCHAR(20) NOT NULL,
    "detail" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "order_id" BIGINT NOT NULL REFERENCES "orders" ("id") ON DELETE CASCADE,
    "user_id" BIGINT REFERENCES "users" ("id") ON DELETE SET NULL
);
CREATE INDEX "idx_order_event_order_i_98f3fc" ON "order_events" ("order_id", "created_at");
CREATE INDEX "idx_order_event_user_id_7cc4e8" ON "order_events" ("user_id");
COMMENT ON TABLE "order_events" IS 'One entry of an order''s audit trail, written in the transaction of the change it records, and never updated.';
CREATE TABLE "order_items" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "product_name" VARCHAR(200) NOT NULL,
    "quantity" INT NOT NULL,
    "unit_price" DECIMAL(12,2) NOT NULL,
    "order_id" BIGINT NOT NULL REFERENCES "orders" ("id") ON DELETE CASCADE,
    "product_id" BIGINT NOT NULL REFERENCES "products" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_order_items_order_i_9b6152" UNIQUE ("order_id", "product_id")
);
CREATE INDEX "idx_order_items_product_a2ee0f" ON "order_items" ("product_id");
COMMENT ON TABLE "order_items" IS 'One product of an order, with the name and the price that it had on the day of the order.';
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
    "is_active" INT NOT NULL,
    "created_at" TIMESTAMP NOT NULL,
    "token_generation" INT NOT NULL
);
CREATE TABLE "account_events" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "kind" VARCHAR(40) NOT NULL,
    "actor_id" BIGINT,
    "detail" JSON NOT NULL,
    "user_id" BIGINT REFERENCES "users" ("id") ON DELETE SET NULL
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
CREATE TABLE "customers" (
    "id" BIGINT NOT NULL PRIMARY KEY,
    "name" VARCHAR(100) NOT NULL,
    "tier" VARCHAR(20) NOT NULL,
    "created_at" TIMESTAMP NOT NULL,
    "user_id" BIGINT UNIQUE REFERENCES "users" ("id") ON DELETE SET NULL
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
    "customer_id" BIGINT NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT
);
CREATE TABLE "order_events" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "kind" VARCHAR(20) NOT NULL,
    "detail" JSON NOT NULL,
    "created_at" TIMESTAMP NOT NULL,
    "order_id" BIGINT NOT NULL REFERENCES "orders" ("id") ON DELETE CASCADE,
    "user_id" BIGINT REFERENCES "users" ("id") ON DELETE SET NULL
);
CREATE TABLE "order_items" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "product_name" VARCHAR(200) NOT NULL,
    "quantity" INT NOT NULL,
    "unit_price" NUMERIC NOT NULL,
    "order_id" BIGINT NOT NULL REFERENCES "orders" ("id") ON DELETE CASCADE,
    "product_id" BIGINT NOT NULL REFERENCES "products" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_order_items_order_i_9b6152" UNIQUE ("order_id", "product_id")
);
CREATE INDEX "idx_users_created_eeb5e9" ON "users" ("created_at", "id");
CREATE INDEX "idx_users_role_c21459" ON "users" ("role", "created_at", "id");
CREATE INDEX "idx_users_is_acti_4f59d7" ON "users" ("is_active", "created_at", "id");
CREATE INDEX "idx_account_eve_user_id_9b445c" ON "account_events" ("user_id", "at", "id");
CREATE INDEX "idx_refresh_tok_family_8ce7f3" ON "refresh_tokens" ("family");
CREATE INDEX "idx_refresh_tok_user_id_9490e0" ON "refresh_tokens" ("user_id", "expires_at");
CREATE INDEX "idx_refresh_tok_expires_a63f42" ON "refresh_tokens" ("expires_at", "id");
CREATE INDEX "idx_idempotency_expires_5e0e96" ON "idempotency_keys" ("expires_at", "id");
CREATE INDEX "idx_customers_name_6f8592" ON "customers" ("name", "id");
CREATE INDEX "idx_customers_tier_b9f2fe" ON "customers" ("tier", "name", "id");
CREATE INDEX "idx_categories_created_55fb69" ON "categories" ("created_at", "id");
CREATE INDEX "idx_categories_name_80f342" ON "categories" ("name", "id");
CREATE INDEX "idx_categories_parent__8f923f" ON "categories" ("parent_id");
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
CREATE INDEX "idx_order_event_user_id_7cc4e8" ON "order_events" ("user_id");
CREATE INDEX "idx_order_items_product_a2ee0f" ON "order_items" ("product_id");
COMMIT;
PRAGMA foreign_keys = ON;
""",
}

DOWNGRADE: dict[str, str] = {
    "postgres": """
DROP TABLE "order_items";
DROP TABLE "order_events";
DROP TABLE "orders";
DROP TABLE "product_tags";
DROP TABLE "products";
DROP TABLE "customers";
DROP TABLE "idempotency_keys";
DROP TABLE "refresh_tokens";
DROP TABLE "account_events";
DROP TABLE "tags";
DROP TABLE "categories";
DROP TABLE "users";
""",
    "sqlite": """
PRAGMA foreign_keys = OFF;
BEGIN;
DROP TABLE "users";
DROP TABLE "account_events";
DROP TABLE "refresh_tokens";
DROP TABLE "idempotency_keys";
DROP TABLE "customers";
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
    "eJztXW1v2zgS/iuEvjQLeIPWjdte7wVwE7f1beIUibu32GahZSTa0kWmXIlKYuzlv9+QFP"
    "VmyZb8FtnVlzYmORQ1MyTnmRlSf2kT1ySOf9w1DDegrHdPKNPeo780iicE/sitbyENT6dx"
    "LS9g+NYRBFi21AlvKqrwrc88bPB+R9jxCRSZxDc8e8psl3KaS0oQtPZmyB0hZhGEA9NmCK"
    "hshxeFffot9ODZjBGKbCraQQvqQ9fQD29nMx8ZFqZjeAamJqIwCA8FUxMzYh7zsZiuAYOx"
    "6Xh3j72hN7TPkBswx74nvnxQ1LPvAjmysI+oi8jPE/5obJoe8X3Zl4u4KMTgA2p/D4jO3D"
    "GBTjx4hW9/QLFNTfJIfP7zmxb4xNNtU/BdSAr+/oO3mt7pI5s4Zkq6sqEo19lsKso+2OM+"
    "ZR9FW86xW91wnWBC4/bTGbNcGhHYUiXGhBKPvzGUMS/gYqaB44R6oSQv3yFuIgefoDHJCA"
    "cOVxZOLQcQl2m6Prgc6te9oa5rc4qkKBJCDosMl3IltLlKcgaM+RB+/lu7/fr12/bL12/e"
    "dU7evu28e/kO2orxzle9fZKDibkluxI863/qD4Z8QC5oupwIvOBJ0GCGJZWQUcx9KaA097"
    "8OT8+AicyekHwRSKKMCMyQ5Fj9kRWIYv8iiaiCWCTxdN2FTDyCzUvqzEJdWMDuYf+idz3s"
    "Xnzhj5v4/neHl551hz1e0xals0zp0Zuf0vKJOkH/6Q8/I/4T/X456An2uj4be+KJcbvh7x"
    "ofEw6Yq1P3QYdpGqutKk1y7VYXrFRFQBzL/g6q5qV/amGvR4OJEH0f2IOpQeZUQNFmlACY"
    "WR+xa5iiaLcoIfwJftQdQsfMgp8nL6EFAT7w+aJ2lGMDFIS/VivaZI49wvmZKiJ8CdXlcp"
    "yqmGLff3A9c2GdT1iqf9chee352n+fHYxJcosddwzUOqz/fE/0Zg+wdAuZQoVNj0cwXEkg"
    "fzv2xGbJAubeEap7BFZ2WMoXzIpfu1enn7tXRycvM5o+CGvaouppmWrCW7hqDym/NSSplm"
    "8QOYoZTqRt6yXffvkmiR4sF5m2Cdvv30U/aOR6CCPDnUywnF812keWycwkDPRoXmL/vr4c"
    "5MsrpsjuJbbB0P+QY/tlpLbScqL9YxRQaT7dBrbDbOof88f+S9vS3rKA5ZxDqW1EzZaji+"
    "5v2Yl0en75Ibs/8A4+LJdQwjArP6kSRDWeU/Uzu/KEwY3g0V2uIcbZPC+Yj65H7DH9hczm"
    "tuOMMEKQ9DXsZr+E8qSUTpXGQ/TwQwQakroIrw4vTJh4eXg+Gnw9Pxco0E2DBcH0W2zcPW"
    "DYXFPc5zVu282URG3nqybtSbYEUzwWDAvfzDcs2P6L3vSb2DxDWV2REcxfa8g3Vy0H8Kbq"
    "W4sArydb6mKfrgB4RXuFKMHGEH9hhsCmIQ8A/pDc/tEwqrYBZmIHrAWoHOGJ7cwk3oRyj9"
    "xDd1DBCWFnc0g+3N3FQ8vAVNmTBuUpyEoepzYwUweQI6oSv1sNlK0xlJVGqoV9Kx/U5Msg"
    "TbUZOLMNYWjXn7s/tztvWnzmWOQRm8SwJ9hZBdu8OSlhwr85KTThedVSYyOcXnOi+Pq1f5"
    "YvipgiI4YgsM1jTlcfbLkJs0+w+bX0CSStOfGmS/mbXpcqenDSxPvjyRHQyQcOSKTkSB8p"
    "ijVnLYHUyaejuFXVqcMh+mo6kaDcgELsCEo/WNyWYOgBDADyGLpJhHJwTaHkkSGXkkYzng"
    "v91W05buBfHaWyLv477V6fds96+wX/hKxyYJ+SYTHc42woifK6aAptXYoebGYBaFJhv3lo"
    "trBlGTwV+sYTQInDJ+6+5r/za20wQbjDuqBJg7RqibREfKMKyIoIaoyvHPeBeMjAfklrIQ"
    "2p2p0ymApaFYIqUbfU6hf/V+C8al/nOF157U+x/NXLlyVYDq0KWS7qlrI8CsxVdS3MER6g"
    "ENqdTim97yzQ+04JIahtZJVYtaLdHfu1CZncyl28yhJ00bv40Lt6jyT1DQUQ8PHjewSvNR"
    "rd0O7ZRX/wHmFzYtOVlqhURDseoeheWBOi5zLh3XbxnGqXmVKpbT+zi7sgLUwLtvEkXUac"
    "t0C4LXmq/WW3/qEPl5fnKbz5oZ/ZqgdfucIcvRLSgEY2Kx+uTVtbFX0FaeL98R81mUC5ui"
    "Cd4KGIOKfmNKLQss4j3Z2n4GXFFRYwDc9qlHEy4TukLgc0KH4BhD2iwkoll1lplLdfnbw9"
    "eff6zUlki0cli0zw8t6CYiSbMM2jlNfMshrSffzlijhFgipItK2Fp29tX0LanJgLmK7Orm"
    "yYds9WulL8sk0ymbqMUGOm35HZmhzrx739QmaHyjOw/Imnb2JCXvKeDm06VvK+JcyWwGfu"
    "JM9Zqjh6ScnQhX+W8/U00dcBcXWzbsrMZM1xWM5P52LXZd5CUsaLCYLyiAn7sj+FofIkEh"
    "7XEVmUL3gWCEjFZ8eoz3hSiHQMm9KTqZItW+iWGBj+4uGiCZ4heGcmk0+I7SHu7Mpziu7u"
    "wTk+1m+ayHsRCgrckg7RlNO1yU7ZE5/pHcnJhSj2HYXNG4/Ryh4j0x4TPwfbFvM8pqgz27"
    "XwoFi49LxH+5YY5DPMghyL6BoG7RSuRjHVAWUhv26/fROtQvzHonXn+qJ7fl7KtWMRUAIv"
    "h8XFqfgJkrVy8WvG5xok3d+6Zs7KPySPBYqu2q+0Bu0P+4e934aL2R85zc4vB59U86xMmj"
    "S54rQovkuAHYEMTMEE5baozIxSPq9wBym3UeyJA3TV5ChpZ1dOj0qRNQlSW0yQioFQkyK1"
    "KEUqpZH7nyQVuWhy/A5J902xx0E5jEq6Gq6hLQf4/GjmbTDzj1EPG5ZKhhK3JEB1K4b4Ih"
    "vZNqHEsqEhqN/MR9H6q+hi58C8k2E3jyyTwqWyRVR6FrMld5PlO/cvPFdGUP2WzIUOhkPM"
    "DNIS+vzCR5ihke2VtVieJ1tITZlVElUU7Q4TVfhITFjItYqCARNscNa9OhPZKaKHG3rdP/"
    "+Vp6/4tnPP01c+XZ5D/dh1ysZRF6SrJMcp+xcs4X3vImGlSZZokiVqdYr+x9jwSmGEMmkR"
    "Iha7iSjsHs7OChHYZedRVGh1u5cRPKtu7+4qgq1DJ+D42PVyQ7ZRXWshdJKtbFI6TEuhE3"
    "WTXUg9A/YRcoy6yHPd6Jq5KfZI/imUVbpY/XhKFvHITvUmkNrgnDqu5c+DaXwnGFdhuWpf"
    "39M+NWd4AzcauBEfP1I7UqVNJ0V2QCHzmoCOrHw2EJhI2mT7JZqyNnNKJ1NW8xVMnKv+6b"
    "BicCKxYlq2Y3ok5+RCFYh3eCJILyWeawbGutnIX2Qve7hxbCYXefNITXE0B6glmF2M05Jy"
    "LRfhYhbwSSQD+NgBZPWnz1zj7k8eMxL3pgT8cCBHYVObGOLCcMxEHoHPbMfh2QTCo1IUzd"
    "ps9xtEd55tpAoUwAzXpLxe/tLSgiaPU34zOjBTFGnY8/AMBqcz/57wC2iPJC94kag7utF8"
    "gj3DuoFOX6AXP/3Eu02gyUddCVCXDYVww0mniUeCSNUPwRk1GFAq01aCFWOmhhOYRNW7U8"
    "PBvk+i0Qd+KKaxPETK05ux2Fm1EfaZvDAe/RNkM9Ke0i+vYQYvdhsw6C2HEYXvlCAr9V7Z"
    "51R6R+2/vktv9Slmlu5OZQeV3rlB/bVE/f5dUAmByuYHB0BPyuDPdS/fbjwsiSBkGYa3Fw"
    "D+dinAnxzsHOeLc0UzZDuMG1eMF+9TxmhkJKSlMAgmBGoK0LaiybpbZC7+8Vmck79n82GB"
    "QM56p/2L7vnRq3arnbmBYPD1ogd4rsxhADAM55m94BhA2L62Z8yrbqybPjae+oxCyvQqex"
    "YgTdVczb940dnMKYHG49t4fKPYu/xq14q3uKaIG12oiy7kHEyIbxVasD9GDoHMYTlRXrBH"
    "RjQHYBBWEfeODMSM06jKaZEUYXNeZKvnRWJX/u4CM3WTTvlTIynN3GxshuGx7tj0bjNxhy"
    "EeH5AgnuZvjAEINdlEqmIf+jkkTq0ZpEnpYw5/LzCdDV3+b8llYUVFrGt2o3grPRN+Ct/R"
    "4xoHRmVuINH1BP/vxOUwYrLLRSSSTFgTBQRkNbM8NxhbiRpdCabo2Jo+x+unDYXe+HsWR9"
    "9CLiwNwEUvsDwId87XQ4RRSMmvlcEIyNVNMhiJx/Bv84rgmC3jYxa+J1DnEx4UQUKHWmjk"
    "uRNJzbvhXwJWrJ6Pzu3wubn32SQ1BwhzbrSJFSipME02Zj3jMplJXSE/KU3Y2MLr2sKpQ2"
    "jRHCovkMS8a2SxxXSxwhycyrjk8BJxsrAks0iUPs6emQsb4PVhoY4sn+O5v/83BhSYcktt"
    "uPK2WxeBvMFGEgbSGKzYaWz5IGx4ru+j+OhM3hmXyvTLU6Aa+6iW9tHz5lLUKHOlUyaRol"
    "OcR9EpSqNY6TyoAmyNW2rbzpZie6eyw2UNe2evnC6J98w6XiLXVdrpkrGTsp6XeHtf1+kS"
    "3zG8xg59GWZ6zu3R0Qnr4l06Pshd7gvX08AzLOyLE6X8jh11G1D+p6kXtl49DZm5TOb+qI"
    "L4Mst8AvXcwrTkZrev5W5fdLVpuetfCq843WbcdkqoyRlbTS7al97grD/49B6F9Df0S7d/"
    "Bj+xzW+C+dz/8qXHL4ex7OmUQMlpd3DaOz/nZQZ/ef419+wULJeQ2UrcCpMYPH8w/z98op"
    "g20YN2cUVMNMkrpA1GND9k2uDJ6mmDTbrUAabINOlSjS6smS6VMZwqpOakCRsX+DZTcwo/"
    "4VI9Naf8F1zqJp3SqTlpzdxsas7Ov060L1JIrSpNRk4tj00nFK/ImRCp5RKPQuIzXeX8Ct"
    "Dam8kPCMqzyvx60sC0GeKDhYE/eDZjhCL5nR9eSn0sDzWoy60sTMfio0AeMaAPvwWdmYjC"
    "UDwU2iX5bopdPryM1yPMW8v6KoQrQ92T1rgs6umyuIOXrxKgUO0P8rDnDtwEJmEwRec5Xn"
    "wcK6ZojmKlkElzFKvBk1v2LSR3tvI7VJKqQZKbTGyrxd3LP7IwFsB6V0Xv1sT0h3bPcisD"
    "6JOrw0oZbfl3M2/rQzg10/6yXF7/fuY6JbXF7oMipKt8C8uAbuTLKBk/D88JJMBm4kM0fC"
    "ACN/If4g6M6NSAhU3kSvhp4pmCnaKDgtj7tp6Uew4hWqzCx+YcRFAJEg14rS14VSKqmmWX"
    "pTtIMLubm4u+B5gym+Wcsy2cA0mSQzKPt3mTC7wq01e5mShN+EPmGaxxPVGD/54fcuTcYL"
    "vqabNGJhuSSQMDl61I24eB0zhNuDlIVu4g2QZj6M8MCLt8x7e0HDQY1rQWQUEct1mGAotF"
    "seEzST8KZFrHSlwIhu6J5+feH1qMgxIkhwiBOp0yEKjTKYZAvG6pUcLnWQWmh80PkOE7+z"
    "yOS1nuNzeKg6gJkt1HUZ8H/2wzXlrh0N2zbJRP/wdUeRct"
)
