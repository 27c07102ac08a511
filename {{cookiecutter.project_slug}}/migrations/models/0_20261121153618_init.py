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
CREATE TABLE "login_attempts" (
    "key" VARCHAR(64) NOT NULL PRIMARY KEY,
    "attempts" INT NOT NULL,
    "resets_at" DOUBLE PRECISION NOT NULL,
    "known_until" DOUBLE PRECISION NOT NULL,
    "expires_at" DOUBLE PRECISION NOT NULL
);
CREATE INDEX "idx_login_attem_expires_a8668d" ON "login_attempts" ("expires_at", "key");
COMMENT ON COLUMN "login_attempts"."key" IS 'HMAC-SHA-256 of who attempts what';
COMMENT ON COLUMN "login_attempts"."attempts" IS 'since the window began';
COMMENT ON COLUMN "login_attempts"."resets_at" IS 'when the window ends';
COMMENT ON COLUMN "login_attempts"."known_until" IS 'until when an earlier success counts; 0 without one';
COMMENT ON COLUMN "login_attempts"."expires_at" IS 'when the row can be deleted';
COMMENT ON TABLE "login_attempts" IS 'How often strangers tried to log in, to register or to refresh.';
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
    "token_hash" VARCHAR(64) NOT NULL,
    "family" UUID NOT NULL UNIQUE,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_refresh_tok_user_id_9490e0" ON "refresh_tokens" ("user_id", "expires_at");
CREATE INDEX "idx_refresh_tok_expires_a63f42" ON "refresh_tokens" ("expires_at", "id");
COMMENT ON COLUMN "refresh_tokens"."token_hash" IS 'SHA-256, in hexadecimal';
COMMENT ON COLUMN "refresh_tokens"."expires_at" IS 'the same for all of a family';
COMMENT ON TABLE "refresh_tokens" IS 'The newest token of the chain that renews a login. The chain is called a family, and is revoked as a whole.';
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
CREATE TABLE "login_attempts" (
    "key" VARCHAR(64) NOT NULL PRIMARY KEY,
    "attempts" INT NOT NULL,
    "resets_at" REAL NOT NULL,
    "known_until" REAL NOT NULL,
    "expires_at" REAL NOT NULL
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
    "token_hash" VARCHAR(64) NOT NULL,
    "family" CHAR(36) NOT NULL UNIQUE,
    "expires_at" TIMESTAMP NOT NULL,
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
CREATE INDEX "idx_login_attem_expires_a8668d" ON "login_attempts" ("expires_at", "key");
CREATE INDEX "idx_users_created_eeb5e9" ON "users" ("created_at", "id");
CREATE INDEX "idx_users_role_c21459" ON "users" ("role", "created_at", "id");
CREATE INDEX "idx_users_is_acti_4f59d7" ON "users" ("is_active", "created_at", "id");
CREATE INDEX "idx_account_eve_user_id_9b445c" ON "account_events" ("user_id", "at", "id");
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
DROP TABLE "login_attempts";
""",
    "sqlite": """
PRAGMA foreign_keys = OFF;
BEGIN;
DROP TABLE "login_attempts";
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
    "eJztHWtz27jxr2D0JcmM4nEUO0lzbWcUW0nUk+2MrVxvLr7hQSQksaZAHQnaUa/+710ABF"
    "8iJVAvUwq/JBaABcHdBfYN/tWYuBZx/KO2aboBZZ17QlnjPfqrQfGEwB+5/U3UwNNp3Msb"
    "GB44AgDLkQbhQ0UXHvjMwyafd4gdn0CTRXzTs6fMdimHuaIEwWhvhtwhYmOCcGDZDAGU7f"
    "CmcE6/iR48mzFCkU3FOBhBfZga5uHjbOYjc4zpCJ6BqYUoLMJDwdTCjFhHfC2Wa8JibDra"
    "3WNv6S3tMuQGzLHviS8fFM3suwCOxthH1EXk5YQ/GluWR3xfzuUiTgqx+IDafwbEYO6IwC"
    "QevMK336HZphb5Tnz+81sj8Iln2JbAu6AU/P07HzW9M4Y2cawUdeVA0W6w2VS0fbBHXco+"
    "irEcYwPDdJ1gQuPx0xkbuzQCsCVLjAglHn9jaGNewMlMA8cJ+UJRXr5DPEQuPgFjkSEOHM"
    "4sHFouIG5rGMblVd+46fQNozHHSAoiQeSwyXQpZ0KbsyRHwIgv4eXfWq3Xr9+2jl+/eXd6"
    "8vbt6bvjdzBWrHe+6+2jXEyMLTmVwFn3U/eyzxfkAqfLjcAbHgUMZlhCCRrF2JcESmP/a/"
    "/sHJDI7AnJJ4EEypDACkGO1B9Zgij0L6KIaohJEm/XXdDEI9i6os4s5IUF6O53Lzo3/fbF"
    "F/64ie//6fDW83a/w3taonWWaX3+5kWaPtEk6N/d/mfEf6Lfri47Ar2uz0aeeGI8rv9bg6"
    "8JB8w1qPtgwDaN2Va1JrE2MAQqVRMAx7S/g6556p+NsdehwUSQvgvowdQkcyygYDNMAMis"
    "DtkbmKJIWmgQf4K/Gw6hIzaGnyfHMIIAHvh+URLlyAQG4a/VjITMkUc4PlNNhB+hhjyOUx"
    "1T7PsPrmct7PMJS83vOiRvPD/777OLsUhus+OOANqA85/LRG/2AEe3oCl02PRoCMuVAPK3"
    "Y09slmxg7h2hhkfgZIejfMGu+KV9ffa5ff385DjD6ZdhT0t0PS5jTXgLV8kQfdGQhFouIH"
    "IYM9xI2+ZLLn65kEQPYxdZtgXi9ycxDxq6HsLIdCcTLPdXheTIMppZhAEfzVPsXzdXl/n0"
    "iiGyssQ2Gfofcmxfh2orHSeNvw8DKtWnQWA7zKb+EX/sPxtbki0LUM4xlBIjarc8v2j/mt"
    "1IZ72rD1n5wCf4sJxCCcVMf1MlgCq8p6qnduURgyvBw7tcRYyjeZ4wH12P2CP6M5nNieMM"
    "MUIj6Ws4zX4R5VExnWqNl+jhh8hoSPIivDq8MGHi5eH56PJrryesQDdtLAikD7B594BBuK"
    "awz3vclptpicbOd01ak2wLpngkEBa+mW+OQfwXvek3ITxDWvW4bG2DUTeZ5hq8qf7mIoNX"
    "SGkDy6GaBu9n9wEMR25R8pGgXXhgF3o2sRBzEUwIhmaT/+mRERzDIKxANImfQzh0xvOW7A"
    "bm0zEuyfepDQCGtEHuyGyBacl7c/Xb/JMuHL4ZlXYbtmXj80X77OXN5/bL1ukbbvVz/UFR"
    "HX7glTTdNycaCt2bk0KFjnctMzJjxkwTo1iVS4CsJHZ2ZWP4NpzHwqHyADPDHhiQEaalVL"
    "fWq5O3J+9evzmJRFDUskjyaCllsFUIU7slI1scFxdgPwWVQf+Qg1WIAGDL0CT+CbV8PfQv"
    "wO351dcPvQ76ct056950Q+0sMudFJ2+CBltKoOtOu7ecGndgnVMDLLI8PXkBPTJwFaeIWC"
    "cSdAELnGDPseG49wPT5B5F6XX8CR0DweA1AoZcSqpKsLS00aZXGqzi5Io2kAe7xwSKDQiS"
    "qpWmBbobsszpzpXV666lStPnTpM8vS7Vv1CvC5UjQ/hfNPW6PlCSkgfiMyTAVGDBHGMROs"
    "AMdC4Y4COMpHcH9aNuG/YndhxQ2jDMP7GdmQwnQLtH7mE66OCAoHg4ZF4H3OGzeUijg81x"
    "+CCOYl9EQRSoD6oR97JY/HyRk5juiNr/hRZ18mDkkynme5Az/yoBjsROh2FZ9bQOfFQ28C"
    "FdmmPsj8uYCGmoSju/QzOhyQOGY/IdW8S0J9h5MgthmaiV+zYnGvW1e55PjBgiQ4ggsK0j"
    "DlcVw20TTkKB5NcygpT0/Yn3XEuRWRrvW6jOVDjuJxztPmBA+tUdGVFHMd+sRZAqRQAVts"
    "qGAJ/EI1y5qG/tEq4gVdb1CZ+1b87a5539cgkLWuWYDIqGxaYCR4OmhdBGUxjrUqEGcxNd"
    "hYnn9PmFI3U05TBenlCHuZLMQ9r8d36vDYKGB7ELhtT6dCX1aZHzUEaVjgAq7G933AfigV"
    "Xqazqo0mpz61RHb4ZRhYqz6Fuq24n/S2Beja+y+aLP/SmUvzo+1kA5jCpEuehbivIoWaes"
    "ATkHeIBEaJ2eavH96QK+P9UgghIjq+SvKdjdob8xIZOBlOJljqCLzsWHzvV7JKFvKRgBHz"
    "++R/Baw+EtbZ9fdC/fI2xNbN2YU5pUqSy3eIVieqFNiJl1Ur5axXuqpbOlUmI/I8VdoBam"
    "BWI8CZch5wAAt0VPJV926wX4cHXVS9mbH7oZUX35lTPM81cv0o51rWhhWtsq6SVIA++Pl6"
    "DODs7lBenqDEnEMTXHEYWadR7o7jwFxyVPWCzjkjLGIjxE1OUGDYpfAGGPqCCE5jG7ndB+"
    "iSBYQjWPymAyx2oI9/Hna+IUEaqg+OYw8ssyqRLZYNvq6MqG+PbspNPCl22RydRlhJoz44"
    "7M1sRYN57tZ5mHdYg4A82feMYmNuQVn+nQtmMp71tCbQl85k7ynKUKo1eU9F34ZzlezxJz"
    "HRBWN+umzGzWHIfl/HYudl3mHSQ6XkwglEcskMv+FJZKeDYpD/VzT+gzHu4HqvjsCHUZj/"
    "6HGS3Sk6kKMJpoQEwMf/ECyAmeIXhnJlMViO0h7uzKc4ru7sE5PtZvDZElIRg0Sn9dkCJb"
    "+0wr6zN9yvzkp7alnsRjZNkj4ufYtsU4jyGqjPZGmGcVHj3v0b4lf/gMsyBHI7qBRTuFp1"
    "EMdUCVSa9bb99EpxD/sejcublo93parp0xASbwclBcXJ6XAFmrPq9ieK5AId7AtXJO/j75"
    "XsDoavxKZ9D+oL/f+bW/GP2R06x3dflJDc/SpE6GWpznDXqEyvMW+bEiOSr0eYUSRE9Q7I"
    "kDdNXkKKlnl06PSoHVCVJbTJCKDaE6RWpRilSKI/c/SSpy0eT4HZLum2KPg3IYaboabmAs"
    "N/B5ueUgmPlHSFQehMlQ4uYk6G7GJr7IObUtaBnbMBDYb+aj6PxVcLFzYN7JsJtH6qRwqW"
    "wRlZ7FbIndZPvO/QuVT+SuhoPhEDODGgl+fuYjzNDQ9nQ1lqfJFlJbZpVEFQW7w0QVvhIL"
    "DvJGScKACnZ53r4+F9kpYoZbetPt/cLTV3zbuefpK5+uetA/ch3dOOqCdJXkOuX8AiV87l"
    "0krNTJEnWyRKVu1vkxBJ6WjaCTFiFisZuIwu7h7iwRgV1Wj6JCq5s1tSrF2+uWouhfT7R1"
    "0wkwPnK93JBt1NdcaDrJUTbRDtNSmCQqBA+fAegj5Ai1kee60dWzU+yR/CqUVaZYvTwla/"
    "HISY06kFrbOVU8y5/GpvGdYFQG5Wp8dat9Ko7w2tyozY24/EhJpFJCJwV2QCHzihgdWfps"
    "IDCR1Mn2izS6OnOKJ1Na8zVsnOvuWb9kcCJxYo5tx/JITuVCGRPv8EiQPko81wrMdbORv8"
    "hZ9lBwbCYXefOWmsJojqGWQHaxnZakq16Ei40BTyIZwMcOWFZ/+Mw17/7gMSNud9GAFwdy"
    "K2xqE1N8RAQzkUfgM9txeDaB8KgURbM2O/0GrTvPNlMNysAMz6S8Wf5qpAlNvk/511IAma"
    "KpgT0Pz2BxBvPvCb+U/rnEBW8Sfc9vGz7Bnjm+hUmfoWcvXvBpE9bkd0MR0JADBXHDTdcQ"
    "jwSSqh8CM2oxwFSWrQgr1kxNJ7CI6nenpoN9n0SrD/yQTCNZRMrTm7GQrI0h9pn8iAz6B9"
    "Bm2HhMvzy/p9WzBwGD2XIQUfhOCTCt98o+p9Q7Nv7ju3RgTDEbG+5UTlDqnWurv5JWv38X"
    "lLJA5fCDM0BPdOzPdT/IUXtYEkFIHYS3Fhj8LS2DP7nYOcwX54pmwHYYNy4ZL96njNFISU"
    "hT4TKYEOgpsLYVTNbdInPxj87jnPw92w8LCHLeOetetHvPX7WarcwNBJdfLzpgz+kUA4Bi"
    "OI/sBWUA4fjK1piXFazbvBE+rXrp1gKkoerP9Sw+dDZTJVB7fGuPbxR7l1/yXI0X0sA1L1"
    "SFF3IKE+JbhRbIx8ghkCmWE+0FMjKCOQCFsAy5d6QgZpxGZapFUoB1vchW60ViV/7uAjNV"
    "o45+1UiKMzcbm2F4ZDg2vdtM3KGPRwdEiMf5G2PAhJpsIlWxC/McEqbWDNKk+DEHvxeYzv"
    "ou/1fzWFiREaua3SjeysiEn8J39DjHgVKZG0h0PYH/O3E5jNjs8hCJKBP2RAEB2c3GnhuM"
    "xokeQxGmqGzNmMP144ZCb/w9i6NvIRaWBuCiF1gehOvx8xBhFELya2UwAnB1kwxG4jH8yz"
    "YiOGbL+NgY3xPxJRseFEGCh5po6LkTCc2n4d/FUaiej87t8Lm599kkOQcAc260iRkoyTB1"
    "NmY14zKZTV0iPykNWOvC6+rCqSK0aA/pEySx72pabDFdrDAHp7RdcniJOFmzJHNIaJezZ/"
    "bCBnB9WFZHFs/x3t//GwMKVLmlOpy+7tZGQG/QkYSCNAItdhprPgibnsu/fBqVzuTVuJSG"
    "X54CVetHldSPnjaXokKZK6c6iRSnxXkUp0VpFCvVgyqDrXZLbdvZUqzvlHa4rKHv7JXTJf"
    "GeWcdL5LpKO10yelLW8xKL93WdLvEdw2tI6Ksw03NORkcV1sVSOi7kXi6nryhB08Azx9gX"
    "FaX8jh11G9C8VF46evU0ZOYymfujGuLLLPMB1HML05JraV9JaV90tane9S+FV5xuM247Jd"
    "TiiC1Hl8aXzuV59/LTexTC39Iv7e45/MQ2vwnmc/fLlw6/HGZsT6cEWs7al2edXo+3mfzl"
    "+be/s1tQLyGzmbgVJrF4/mD+f/hEsW2iB+3iiphok5dIG4xgfsi0wZPV0wbrdKkDTJGp06"
    "VqXlgzXSqjOJVIzUkD1i7wbabmFH7CpXxqjv4XXKpGHe3UnDRnbjY1Z+dfJ9oXKqROlToj"
    "p5Jl0wnGK3ImRGy5xKOQ+EyXnl8BRnsz+QFBWavMrycNLJshvlhY+INnM0Yokt/54a3Ux7"
    "KoQV1uNcZ0JD4K5BET5vCbMJmFKCzFQ6Feku+m2OXDdbweYd5a1lchXBnqnrTaZVFNl8Ud"
    "vHyZAIUaf5DFnjtwE1iEwRadx3hxOVYMUZdipSyTuhSrtie37FtISjZ9CZWEqi3JTSa2Ve"
    "Lu5R+ZGAvMeldF79a06Q/tnuVmxqBPng4rZbTl3828rQ/hVIz7dbG8/v3MVUpqi90HRZau"
    "8i0sM3QjX4Zm/DysE0gYm4kP0fCFCLuR/xB3YERVA2NsIVeanxaeKbNTTFAQe9/Wk3LrEK"
    "LDKnxsTiGCSpCojdfKGq+KRGWz7LJwB2nM7ubmoj8DTJnNcupsC/dAEuSQ1ONt3uQCr8qM"
    "VW4mSgP+kHkGa1xPVNt/T29y5Nxgu2q1WU2TDdGkNgOXnUjbNwOncZpwXUimV0i2wRj6Ex"
    "uEbS7xx40cazDsaS4yBXE8ZpkVWEyKDdck/Sgm0zpa4kJj6J54fu79ocV2UALkEE2g01Md"
    "E+j0tNgE4n1LlRK+z0ogPRx+gAjf2edxXMpyv7lRHERNgOw+ivo09s8246Uliu6eRFA+/h"
    "8z8bq/"
)
