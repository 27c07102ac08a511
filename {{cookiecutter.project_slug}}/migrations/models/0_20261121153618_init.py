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
    "tokens_valid_after" TIMESTAMPTZ
);
COMMENT ON COLUMN "users"."email" IS 'lower case';
COMMENT ON COLUMN "users"."role" IS 'CUSTOMER: customer\\nSTAFF: staff\\nADMIN: admin';
COMMENT ON COLUMN "users"."tier" IS 'STANDARD: standard\\nSILVER: silver\\nGOLD: gold';
COMMENT ON COLUMN "users"."tokens_valid_after" IS 'access tokens issued until then are revoked';
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
COMMENT ON COLUMN "orders"."status" IS 'PENDING: pending\\nPAID: paid\\nSHIPPED: shipped\\nCANCELLED: cancelled';
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
    "tokens_valid_after" TIMESTAMP
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
CREATE INDEX "idx_refresh_tok_expires_a63f42" ON "refresh_tokens" ("expires_at", "id");
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
CREATE INDEX "idx_idempotency_expires_5e0e96" ON "idempotency_keys" ("expires_at", "id");
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
    "price" NUMERIC NOT NULL,
    "stock" INT NOT NULL,
    "attributes" JSON NOT NULL,
    "created_at" TIMESTAMP NOT NULL,
    "updated_at" TIMESTAMP NOT NULL,
    "search" TEXT NOT NULL,
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
CREATE TABLE "product_tags" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "products_id" BIGINT NOT NULL REFERENCES "products" ("id") ON DELETE CASCADE,
    "tag_id" BIGINT NOT NULL REFERENCES "tags" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_product_tag_product_dfb57b" UNIQUE ("products_id", "tag_id")
);
CREATE INDEX "idx_product_tag_tag_id_0b0ba2" ON "product_tags" ("tag_id", "products_id");
CREATE TABLE "orders" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "status" VARCHAR(20) NOT NULL,
    "total" NUMERIC NOT NULL,
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
    "unit_price" NUMERIC NOT NULL,
    "order_id" BIGINT NOT NULL REFERENCES "orders" ("id") ON DELETE CASCADE,
    "product_id" BIGINT NOT NULL REFERENCES "products" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_order_items_order_i_9b6152" UNIQUE ("order_id", "product_id")
);
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
    "eJztXVtv2zgW/iuEXtoCmaDjJmm32F3ASdzWM4ldJO7sYNpCw0i0zY1MakQqiTHb/76H1P"
    "3mSI7j2I5e2pjkocjvHJLnRulvY8Zt4oj9CzL2iJiO+DVhxnv0t8HwjMAfpfV7yMCum9Sq"
    "AomvHE3gBS1NqZrqKnwlpIctCbVj7AgCRTYRlkddSbl6mjFkBOn2iDIkpwRZU6z/whJ5hJ"
    "FbgTBy+ISyfTSKq6lAFnYcYkPlGM+oM99DmNmq3CM30B1UKMLbKXfIvhqJzS0YCmWTdT7U"
    "Z/QvnwAeEwJP8eDRX79DMWU2uSNC/fxqBD0ZUP7V8AXxTGorUnLnUgDTxDKoSv1WPdjGd9"
    "WTe22OKXHsDN+CDnS5KeeuLjumkz6TH3RbhcaVaXHHn7GkvTuXU85iAsr0gyaAhoclUU+Q"
    "nq8YyHzHCTke8TSYZ9IkmGCKxiZj7DtKDBR1MICkzDDNwXBkXvZGpmkURCSiSDEwLLI4U+"
    "IFQxUagIkawk//6HTevHnbef3m6N3hwdu3h+9ev4O2erzFqrc/gsEkaAVdacz6H/uDkRoQ"
    "BxkORFwV/NA0WOKASvMxQV/LlTnFYlrkwskUe+U8yFLleAGTzPMiQn7dzDAuP3V/6hwe7a"
    "mVMyV32CYWnWEnv8QqODTDd6ZD2ERO4efRwQLwf+tenHzqXrw8OniV5cAgrOnoKsWLBPtw"
    "LRVw//Klf1qOe0KRw9z3qb2v6JZBPipIoE92vzUshAWwakzfHGlMXS7kxNOVGqEcmNkdJw"
    "fo6OQU8JB0RspxzRLnsLVD0v3oj83B2FCngQAE0Jh7CHZ7xMfxdl9PyBegP+qf9y5H3fPP"
    "qqeZEH85qvS0O+qpmo4unedKXx7lFkDcCfpPf/QJqZ/oj+Ggl2dp3G70h6HGhH3JTcZvTW"
    "yn0YqKo6KMDMCBZC8nACnKFXA/3Lkem/m3U6USSHQL5zi5g1OfTeBQV5KgxIKRO4k4I89S"
    "DCK9pL5akSK6X7fYgl11feqF0uzG16XahQK1yIYP3CN0wn4lc82KPowbM4uUQB/q9F/Cbr"
    "aMBT8iGYtKk63Bw7exKpwWPZg7zJjIQP/qXp50T/USAWnPaMAa9CtsXd9izzYz6Ksa3uG5"
    "krhtsWrWmeVLMMMTjVc4MWFNyQxXTfTrdzXTNK9K7LKIh9X2mIKhphnWRS605QzdUjkFqw"
    "Zhy+I+k0XbaWHL+w2e1mrZSKsFhJE6TQyWmGCDbRWH3xIPbHZR88jOmiedwzr2CbSqNFB0"
    "XVap1v83gDlqvxqUn/oEzeD78+vXNfCFVpX46rosvi4W4pbDrtzUAC8Q7iDincPDWhJ9uE"
    "CiD/OIe9ypkOge82cFfSQDekS7PqwNyxeSz4KTs8lecvLlcjQ87128R1EP3xio1R8+vEcw"
    "ufH4G+uenvcH7xG2Z5Qttd/UWQ6d6tXQKSwGScuUxXqsiWjXyBo1Ehs0qqasATYMTrsXp5"
    "oTugdgTf/sN8UsQZ0bxaqPwzOon/Bw5T85a6gwQR+jNyVL55jDqsCsQutJ0+V4cwWEj8Wc"
    "6Dher7fqeDg8y9jIx/2cZjP4cn7cg1NCQw+NqMwoPAnglkcUJMs5M7LE2+PNqn9OwATtIX"
    "PmIau3xHkRSuVC30UQjDJvsEOBgWNZtiXeKwDlnWyPYwtsNCJEEPMSiArhExuB0UYd5dkC"
    "G84jUQzreXi3Ci6WavM/peoU4pu5nTuk//DrBXGwxr4oJRVR1S3bMKo8MdlDziYzl0vCrL"
    "l5TeYPRKyf9PYrme8qZmCChE6b5ZEaqj52CaAn9sDlJK/EF1eUzWqvXNmqqOOgA6vDg10b"
    "dg0XhqoSGFQwAikn3wuVgQAsFHIf9aVKSAh8nnbgpFPBC9VsD10RC8NfKsYxw3MEc5ZB4g"
    "OhHlLOoTJ/3/oeXOI+/GronAstzoBWkPaQSaBoMyO2xMd4TUpC89UembB564ep54ex6QSW"
    "YROAE4pNxtjgY72PhPvMe7TRGShCYumXHN+XMEKncp9JqJaKlK7HiGi627zpvD2K9xf1Y9"
    "GOcnnePTsrWu1TMEtL1aFfLoeDcixTJHn7jFoS/Q85VGwhqAuwU1hkbK1IQF+ed3/Py+7J"
    "2fA4b0SpDo5zyF9xu2S3HpG7ChGO2i+1lWwP1qPe76PFWMe27dlw8DFqnmdAm2kVJtuonR"
    "0OemRhBjqiUhaDfBvMuNIAo13/eTglMv5KrfU2TrrJkLVpN6tKu0lskDbxZlHiTUb8tj/1"
    "5gQ4NOFeqckf1+0tMvatoBUltc18Bp2gUOcNqeeANSH7qIs8ziWaYgGtkIs9Up6gs0wXda"
    "4qZMMgytJWNxOiFIXW8t5Yy7vNOnncrBPh+JMm+EbtNzd3apPQbUO3zzR0GxxPjXXgDNkO"
    "OVSeVgUOUF2BCpxWnLaLD3W14IwAZrTgC1gSF/2TUUM1OLUXTqlje0HIePkA4e6xILtveN"
    "z2LfnAKOrnoJctPBI2NY4aIVpiTaXArjam0ny935S65DMwZQAn7VAS2AHz508huXX9pwpU"
    "6htd/uyKeMpUcimxiAhugCtflJDUcZRHSsfjiV00s1bf/WpMMPXb9aiVKYiswHBPKuvlby"
    "PLaHLnwkkuAExdZGDPw3MYnCnFDbEk914GWKgiXffymyEI9qzpN+j0BXrx6pXqNmUB3pkR"
    "A82goWZuuOgM/UhgafRDIxMNBoTKphFj9ZiZ5fg2ieq5azlYiOSKiS9CNk2CZFwVw8b6GD"
    "XGWEjfVRof+hfwZmz8yE7ewBImduVL6K0EiMo5pchqzSv/nEZzNP4rOLsyXSynJneDDhrN"
    "ubXUN9JSF9d+I0MyaL5zduRBHTPyoNqKPCgYka0LJJXNXi+dfVE+ewHf9MgKMFeHDXNka7"
    "xtYDyu8rW24GF81mchH/gzAjUVFnJEk/eHBKkU+6dJSsWWSfoC9E97J/3z7tnLnzt7ndx1"
    "gcGX8x6YZYVcDlDmisguyOII268v7vb6cQ/Dzs8Hbw/evTk6iM/AuGTR0VfM48jqRnVTOb"
    "JUD8rmWG6P+OfYZ5bCDl351JGUiX312H8/wd7xKEkerWf1mXpWA1tg2Ve7ZIhbxm8K40vy"
    "SgquscTwzuUn6vKKcy2m2QH1rAlvH0Ndy3limmT2ZAjb3J7V5fYkzvD1hTY2jRX1M3wyYr"
    "ja6IbEE9Oh7Ho1nvsRnuwQI4q3xEywXmaruCrWh352CakHhjky8liC7zlm8xFX/9bcFpYU"
    "xCf1xy3YD/SszFwAJ5yjpyQOdMPSUBz3NP7X+g6dXuzBJhJzJqyJXepBtZx63J9MUzVmxJ"
    "iqFEOzgPWPFQWv1Dyr41chCveGsOIJ3B/GOlP7IcIopFS37zAC8ujCHUb6MUjwILxEgwjT"
    "FN8QqBNEhRWQlqE9NPb4LKBW3VApol5FMb61xueWXvtLSw4Qllz8SwQoLTBtDuJmRjZyi7"
    "pBOk+WsFV8G7Ikq141RT+1yFrgV5VKVZmf0tji2L0klbzBkVv+tS8V5AR/BVjvlj2RxzlZ"
    "6Nt/b6NCSbtXO6uvlXUR8Js4geozAf3UTXQahC2PC4GSux9llzQa07fvVt3g3X6R5vO0qQ"
    "cblNVxWCfv4LA67eBQZx0UDtY6nqXI7mq9S4/tM6lWbhr7TR6g3GyV7yQ1z7z/JPZAZX0n"
    "OaUo70BJzvKH+k5i2XjIcTwMUx4LB3L8oqrqIzl5H1a9b0m5vmdNsdD3H9VbiqK3tZZ/BG"
    "ph6+XzcSWXQfZMVJC84KOcIHpuZX5ue7Rv5NFe9bqXeu/YrXzty2MGVl3CbAVsM74Yn3uD"
    "0/7g43sU0n9jn7v9U/iJqXrd7qf+58899QbeKXVdAiUn3cFJ7+xMlVlq8uq7afklWC9ZsV"
    "auYpO3IkeLs0HCXEzzLBPmDmomzLXpRDuYVdKmEz1TxtdJJ8rpLQ2yWbKErW95Zdksqe8b"
    "PNDfuevvqsmK4GozWcgNYQ+9gKqto94N2crFUCuNpU1g2ch7uinBqzLaY7G8x3I3k4VQz3"
    "6H1t5cf3STBZdjXwiEfZtKpAYLA7/1qJTJl5uhlAkcJOlHrzzS321UCQkesaAPEXymmcFQ"
    "PBRqG+XugHU+vI53IUzzyvsEWm/AZnoDrmHyTRz9UfudvGO4arPdJrL0E3XV14cSivbqUM"
    "aeaK8OtSbf0rZ++kyqf9CkqVpjb1XGHo/iJw+09HbtgyF7OVMvLX3bn92SmDxV2nlkD92n"
    "nMf2V83YWpgKnFKQQbuVWu/VV8oRD/RiG88jfVi3qgi+Pai70qTheEGEfZdkDUdh0Daqtr"
    "F69F8+ZpLKkhtZlQxIk+zS+bKyG/gwL2ku866ILOGzjH/VfWFEqxo9YXJ7al9vBH+WrmVA"
    "q5tugW5aIvgrgPrZXCZYYcjniW2Brjq4p0aJIRDWLLQCcNLmPgOgmhUrzkt/Ljr2AzW7au"
    "35hnii9C1s1Y7oFMku+qIf43N7alE1QDhsvoPoPs4r/zmTpW8br/b2p0jW7+5/GgNlZY79"
    "BlcqnuS8+/F/VfvzZQ=="
)
