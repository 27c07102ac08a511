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
CREATE INDEX "idx_refresh_tok_family_8ce7f3" ON "refresh_tokens" ("family");
CREATE INDEX "idx_refresh_tok_user_id_9490e0" ON "refresh_tokens" ("user_id", "expires_at");
CREATE INDEX "idx_refresh_tok_expires_a63f42" ON "refresh_tokens" ("expires_at", "id");
CREATE INDEX "idx_idempotency_expires_5e0e96" ON "idempotency_keys" ("expires_at", "id");
CREATE INDEX "idx_customers_name_6f8592" ON "customers" ("name", "id");
CREATE INDEX "idx_customers_tier_b9f2fe" ON "customers" ("tier", "name", "id");
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
    "eJztXetv2zgS/1cIfWkKZIPWjdNecXeAk7itdx27SNy9xbaFlpFoSxeZ0opUEqOX//2G1F"
    "uWbMmvyK6+tDHJocQZPuY3D+qHMrV1YrGTazJ2CTNG9h2hynv0Q6F4SuCP3PpjpGDHiWtF"
    "Ace3liRw/ZYqF01lFb5l3MUah9oxthiBIp0wzTUdbtriacqQEiTbI5MibhCkGVj+hTlyCS"
    "UPDGFk2ROTnqBRVG0ypGHLIjpUjvHUtGbHCFNdlLvkHrqDCkH4YNgWORFvotsavIpJJ7t8"
    "qEfNvz0C/JgQeIoLj/76HYpNqpNHwsTPr4rfkwLlXxWPEVc1dUFKHh0TmKli7lclfosedO"
    "W76Mm5U8cmsfSU3PwOZLnKZ44sOzcnPco/yLaCG7eqZlvelMbtnRk3bBoRmFQ+aALccDEn"
    "4gnc9YQAqWdZgcRDmfrjjJv4A0zQ6GSMPUtMA0Htv0BcpqjqYDhSb7ojVVXmpkhIkRBgUK"
    "TZVEwveFUmGTARr/DLP1qtN2/etl69OXvXPn37tv3u1TtoK993vurtk/8yMbf8riTPeh97"
    "g5F4IRvmsD/FRcGTpMEc+1RSjjH35bxSDcyMeSlcGNjNl0GaKiMLGGRWFiHndy0M5eZT55"
    "dW++xYrByDPGKdaOYUW9klViChKX5ULUIn3ICfZ6cLmP975/riU+f66Oz0ZVoCg6CmJauC"
    "HuQYQx5AWSyOYHnNieLLl95lvihiiowYPM/UTwTdKsIIC2JpxBviDtbGAk5LNr85k2x2bM"
    "YnrqyUHFrO3/S+lOHx6OISWMTNKclndZo4w249ID0J/6gP2xVxZjDgABrbLoIzAdnj6FAo"
    "txQWCGTUu+rejDpXn0VPU8b+tkTpZWfUFTUtWTrLlB6dZZZJ1An6T2/0CYmf6M/hoJuVct"
    "Ru9KcUNva4rVL7QcV6klthcZKBi6YFnGT6anMiQbmBCRFsedueDw+G0CU4egAFgDyCukAn"
    "oA2IySFmCiWPHNmUNDPDl2+o45RXURJEy/WUPdiOd6aq5ElDKI7ju1zlRfB5XjIfbJeYE/"
    "obmUnp9GAomGokRxoBZPgSdLNnUnkKp11YGm8gLn6INO3kbISxw4gJ99W7zs1F51IuJFgT"
    "KQVbMv0Wa3cP2NXVFPdFjd2yMyVR2/mqaWuaLcEUTyS/goExzSBTXDTQr9/FSJOyyoF9oQ"
    "yL4Z5gQ0mU10EOtLUpejC5AaAJYU2zPcrnodnClsvxVAOKagmKYDKaVhU8FBHUGApZ9gNx"
    "kYZZyYM9jX5a7TLwB1oV4h9Zt1RBl/9X4HzYfjOMf+5zNsXy169elWA5tCpkuaxbynIHM/"
    "Zgw95d1QowR3iAQmi126XmfXvBvG+XEIJrWwXzvku96Zwik5JDSLs79itTMr31D9wqW9BV"
    "9+q8e/0e+dTfKOjrHz68RzCs8fgb7Vxe9QbvEdanJl1pi3oFLQhwS2zmiTeU3cuDX/b8vY"
    "w8i9dUq8ySMpkKCoZ5nyPScxukhWnBMZ6ky4jzFgi3Jc/wfNmtKed8OOynoOF5L3NUD76I"
    "CXP0WkoDGpl8MVZIykBzieDSarA+Tbw/pp7yuxwMUB9SaxZIf09gfDBRq6J4314diEhwam"
    "5GFGrWeaS7A/WvKu6wAD8IY763iEkzH7UF9kDxABB2SegBKrnN+kp56/Xp29N3b85OI108"
    "KlmkgpcH9sWgM3FOzjntMttrQP/ht2tiFQmswFW4Z0u4CP+nTyKdTB2bE6rN1DsyW5Njvb"
    "i338jsUHkGKi1xVXJPBNFa/BqKnrqio9oYf9dnVSULUOI89hi3p3kGu5CjQ0pGNvyznK8X"
    "ib4OiKubNZVlFmuO0Wx+ORebz/I2kjKWNBCUS3Q4cJgDryoCGYRvAQlr3AsRiQBSYfwE9b"
    "gITPCNk7pvTRO+CNHsGN0SDcNfwmUxxTMEY+Z+AAQxXSSsOHmGud09OMfO91WRsRdyggK3"
    "/PCHVCBFEyGxJ8bAO5Ljjy82igTNG1PIyqYQ3ZzAyqzC85iizmxXQB0XW0uw9bxH+xacwj"
    "jmXo5GdAMvbRXuRjHVSrCpZud3sCe9ab09i3Yh8WPRvnNz1en3S9ksDADlgZcqzeJfb4aD"
    "fPYmSLJmClPj6H/IMtke8nkBOwUvUqaIcBofXXX+yM7wi/7wPGtjEB2cLxfGra3n7Pwj8l"
    "gw0cP2K+1B+8P+UfeP0WL2R9ag/nDwMWyelUkTqlUcmiNOCdAjkIYpqKBCF/Wjc0JjTnCC"
    "lDso9sSyt2qAjq9nVw7RSZE1QTpbDNKJgVATprMoTCc1I/c/UCcy0eTYHZLmm2KLQ2gwKm"
    "lquIG2AuA/GDa69WbsBHWxZoQBOcjATOD/4xjiy4hYU4cSw4SGMP1mDEX7b0gXGwfmjQy7"
    "eWSZtIwwDELYEUT+BTd97ibLd25feK5Ql/ptmQsNDIcY8qIk5vMLhjBHY9Mtq7E8TxhMuG"
    "RWicAIaXcYgSHeRIeNXKkoGFDBBped60sZdiF7+EZvev3fRVwGM617EZfxcdiH+oltlXUQ"
    "LojDSL6n379kieh7F5EYTRRAEwXwrLH8WWD/cxx4pTBCGX+/9MVuwgu7h6uzggd2WU5E6F"
    "rdLNSq1dxeNx0Cno8GX/r95TBr69AJOD6x3VyXbVR3vBA6+a1MUtpNS6ETFDgoAuoZsI+Q"
    "E9RBrm37aIbayMEuyc+EWKWLMtgmfQqHCOdZkU3jOf1ZgU3NY/mZ5U2qsDxsX9+8lZozvM"
    "EXDb6IE2nEuVYZYaTIDshHXhOUkZXPBjwRSSVsv0RTVklOzcmUmnwNC+e6dzGq6I1I7JiG"
    "aekuyYnBr4LpDk8E6a3EtXVPWzf8+LPfyx4eHJsJPt48NAs5moPMEswuBmZJuZZzaXED+C"
    "S9/wxbAKX+YtzW7v4STiJ5WYcn0twE7HJMohHm3womAgcYNy1LhA9IE0qR+2qz3W8Gzonf"
    "jmtqqYIQUQZ7Ul4vP5S0oMmjA+c9A2bKIgW7Lp7By6mc3RON2+6RzwtRJOuOvimMYFczvk"
    "GnL9CLly9Ftwk0+aiGAlT9hlK4waJT5CNBpOEPyZnwZWBS6WYoWPnOVLM8nYT1tqNZmLH4"
    "XgCPBWKa+OmQIp4Zy5NVGWPGPUfohehfIJux8pQevII5DOzW49BbDiMKx5QgKzWu7HMqjV"
    "H5L7Pprepgbqi243dQacwN6q8l6md3XiUE6jc/OAB6WgZ/nhbDz9My6LOxsCS8jmUY3loA"
    "+FulAH/yZec4XxwcmiHboaO4ooN4n0JEIyUhLYWBNyVQU4C2Q5qsucUPvj+5jIPw92w9LB"
    "DIZfeid9XpH71uHbcyufSDL1ddwHNlov9BMZxn9oK4/6B9bbOlqx6sm06ATnI3rXqVDf5P"
    "U60V/7/a5vLPsUc1mVV+65kWNyk7EY/99zNsOrtKC2gsvo3FN3K2S0Cy6tWhKeJmLtRlLu"
    "RkIsT34yw4HyODQCY7TpYXnJERzQEohFXEvSMFMWM0qpIekiJsEkS2miASm/J355ipm3TK"
    "p4mkZuZmfTMcT1TLpHeb8TuM8OSABPE0f0UMQKjpJmITe9DPIXFqTSdNaj7m8PcK09nIFv"
    "+W3BZWnIh1DWeUo1Iz7qdgjK6YcaBU5joSbVfy/07eBiMXu7+JRJIJaiKHgF/NDdf2Jkai"
    "Rg0FU5Snps7x+mlDrjcxzmLvW8CFpQ64aADLnXB9sR8ijAJKcY8MRkAeXh2DkXwMYrbvHD"
    "N9/5iB7wnUMSKcIkjOoWM0du2pTy26MTkLe2Xz3rkdPjf3ApvkzAHCnCts4gmUnDBNNGY9"
    "/TKZRV0hPilN2OjC6+rCqayzaA2VF0hi3TWy2GK4WGEMTmVccniBOFlYktkkSuevZ9bCBn"
    "h9WKgjy+d47e//FQEFqtxSHa687tZBIG/QkaSCNAEt1ok1H4Q112YMxbkyeUktlembj37U"
    "9wCocbZKjSJX2mUCKdrFcRTtojCKlRJAQ8DWmKW2bWwp1ncqG1zW0Hf2yuiSGGfW8BKZrt"
    "JGl4yelLW8xMf7ukaX+FLhNU7oYRDpOXdGRynVxad0nLld7rPKjudqBmYyhVRcqhNe/5P/"
    "PeSFrVcPQ+Y292N/woL49sp8gvC5hWHJzWlfy9O+6C7Tcve9FN5puk2/rUOoLhhbTS7K5+"
    "7gsjf4+B4F9N/o507vEn5iU1z98qn3+XNX3AZjmI5DoOSiM7jo9vuiTBODF58Qzy7BcgGZ"
    "x4lrYBIvLx4s/g+eKJdN9KBd3AkTLfIKYYMRzU8ZNni6ethgEy51gCEyTbhUMxfWDJfKKE"
    "4VQnPShI0JfJuhOYXfbKkemlP+ky11k07p0Jz0zNxsaM7OP0e0L1JI7SpNRE4t06YTE6/I"
    "mBBNyyUWhcR3ucrZFaC1O/M/hefnKov7SD3d5Ei8LLz4g2tyTijyP+wjSinDflJDeJuVge"
    "lEfgXIJRr0wY6hMx1ReBUXBXpJvplilw8vY/UI4taytgppyggvRmtMFvU0WdzB4Ks4KML2"
    "B5nsuQMzgU547mfgi9OxYoomFSuFTJpUrAZPbtm2kDzZyp9QSaoGSW4ysK0Wly3/zMJYAO"
    "vt0Hu3JqY/tIuVjzOAPrk7rBTRln8Z87a+fFOz2V+Wy+tfyFynoLbYfFCEdEPbwjKgG9ky"
    "SvrPgzyBBNhMfHlGvIjEjeKHvAMjyhowsI5sH37qeBbCTtlBge99W0/KzUOINqvgsTmJCG"
    "GARANeawteQxFVjbLL0h0kmN3NzUV/e5hyk+fk2RaugSTJIanH27zJBYbK1VVuJkoT/pRx"
    "BmtcT9Tgv+eHHDk32K6abdbIZEMyaWDgsh1p+zDQicOEm0SycolkG/ShPzMg7IgT31By0G"
    "BQc7wICuK4zTIUWCyKDeck/SyQaR0tcSEYuicuy70/tBgHJUgOEQK122UgULtdDIFE3VKl"
    "RKyzCkwPmh8gw3f2eRyb8txvbhQ7URMku/eiPg/+2aa/tELS3bMclE//BzbExQk="
)
