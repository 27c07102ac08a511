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
COMMENT ON COLUMN "account_events"."kind" IS 'CREATED: account.created
RENAMED: account.renamed
EMAIL_CHANGED: account.email_changed
PASSWORD_CHANGED: account.password_changed
PASSWORD_SET: account.password_set
ROLE_CHANGED: account.role_changed
ACTIVATED: account.activated
DEACTIVATED: account.deactivated
LOGGED_OUT_EVERYWHERE: account.logged_out_everywhere
LOGIN_FAILED: login.failed
LOGIN_LIMITED: login.limited
TOKEN_REUSED: login.token_reused';
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
    "eJztXVlz2zgS/isovsRT5XE5iuVkvUeVYiuJNrLksuXM7MRTHJiERK4pUEOCtlWz/u/bAA"
    "leIiVSlymFL4kFoHF04+ivuwH+pYxtnVjuUUvTbI+y9iOhTDlDfykUjwn8kZl/iBQ8mUS5"
    "PIHhe0sQYL+kSnhRkYXvXeZgjdc7xJZLIEknruaYE2balNP0KUFQ2pkie4iYQRD2dJMhoD"
    "ItnhTU6R6iJ8dkjFBkUlEOSlAXqoZ6eDmTuUgzMB1BG5jqiEInHORNdMyIfsT7otsadMak"
    "o+01e0fvaIch22OW+Uhcv6GwZtcGcmRgF1EbkZ/HvGms6w5xXb8uG3FRiM571PzTIyqzRw"
    "QqcWAI33+HZJPq5Jm4/Od3xXOJo5q64LuQFPz9Oy81eVCHJrH0hHT9giJdZdOJSPtojjqU"
    "fRJlOcfuVc22vDGNyk+mzLBpSGD6U2JEKHH4iCGNOR4XM/UsK5gXUvL+GKIifudjNDoZYs"
    "/ik4VT+x2I0hRV7fUH6k17oKrKzESSFDEhB0maTfkkNPmU5AwY8S78/LdG4927943jd6cf"
    "mifv3zc/HH+AsqK/s1nvX/zORNzyqxI863zu9Aa8QzbMdH8h8IQXQYMZ9qmEjCLu+wJKcv"
    "92cH4BTGTmmGSLwCdKiUAPSI7kH2mBSPbPk4hMiEQSLddtyMQhWO9TaxrMhTnsHnQu2zeD"
    "1uUVb27sun9aPPWiNWjznIZInaZSD05/SsonrAT90hl8Qfwn+q3fawv22i4bOaLFqNzgN4"
    "X3CXvMVqn9pMIyjaatTI1z7V4VrJRJQBzJ/gGyZqV/bmCnTb2xEH0H2IOpRmamgKRNTQJg"
    "ZnXErpxft4HzF2dyrzvSQL7Qqzt63e61LuM5DuFcgZz2ZavTVc+/tHqf4/mE74qqv8NCqa"
    "vWzc0v/euL2YIT7LpPtqNnlIVuZpRzCYP+9Lvt2boc2yJRPa3zQedbcjx8/3/0R3TRzsjX"
    "SaxEt/8Zalf7twO1/a19/Z9fvrSv21FZyx5BMyqcEfzcdKZPsL0TQdXpqZ+AKbxiKGTSoy"
    "HwIqgR8rqdy84gyrTMsSnaG/S/tnvqdfv2Jspk9gOhqkPgiNDTZ2HOkhzjZ9UidMQM+Hly"
    "DCUIzE6+iykpsYoDJynPeFJChPGMtMgy80BMifpjoomnh/yOJ8bEEE/O5DgvEOdy9DtgbJ"
    "SQYObvc/aqb61rmFvXByfHqf2nF+Q0RNbLog0DRmHLk734gR2nWnxsZ2wXwfa26d2CK0Vc"
    "dUFPho10Uwel6O+iHjS0HYSRZo/HmBadtts63RfJTCcM5tGsxP590+9lyyuiSJ/wpsbQ/5"
    "BlukWkttQmr/xj6FFfqb33TIuZ1D3izf5L2dCJP4flnEOJw12uloPL1q/phXTe7X9Mn9q8"
    "go+LJRRTl4svqhhRhddU9ZThLGFwaDJ8yFSPOZtnBfPJdog5ol/JdEZJSgkjgK63QTW7JZ"
    "QXOelkatRFBz+FUC4+F2HoMGDCxOChfdS77XYFNreTEE4w/R5rD08YDtcE93mO3bBTKWHZ"
    "2axxY5xOwRSPBMOCkbmaAcd/3ki/i8MzkNU1GcL6NQb8cFUyzBCJ/MN5ZgjHL6mKc7qEGU"
    "KUlzgfdAzxF2YIdBryBJA80KXQIMw2AfxjC7QFyBzisWlNfSsApDvkEaqDDE4IJ5tFso0Q"
    "22i0iPHAr0mB9IQhgTxPTGCmCtBTZMV+H9YGhgobGHwl1cCukQ01s2WQpFoPyNyEMJSbL6"
    "2fG83TQ75yDPKMdaKZY2wtg21OTwqo8KcnuSo8z1qobATLa0YUt7edi2xRRBQpMXieqR9x"
    "uuog/nWofYLN73xLTVybEyNdyN/kvlTSrpYk3h37moBOLnDAR0qWb7lG0cxZSSBVsrRJbp"
    "U1tXGIvtyciFGuYUJsCUo/GVyXYOgJFADyHJhJxOTgM4WSZ4ZsSuqZ8Vror2rbcQ3/qiiV"
    "VfHfeevmvHXR3i34J2SVAfukDPPhHmdDQZTXQhMoa1P0ZDIDQFNohJ+BZnNLFsFTgW08Bp"
    "Q4fOLma/47O9cEFYQbrHOK1EirkkhL+DfKgKyQoML4yrKfiIM07BbUFpKQqtEsgqmgVC6o"
    "EnkLtX7xfwnOy/JV9p4Wn/0Jlr89Pi7AciiVy3KRt5DloWOurGlhhnAPhdBoNgvN++aced"
    "8sIAR5jCwTQSBpt8d+ZUzG9/4pXmYLumxffmxfnyGf+o4CCPj06QzBsIbDO9q6uOz0zhDW"
    "xyZdaotKeLSjHorqhTYhai7i3m3kr6lGkSWVOPZTp7gN0sI05xiP06XEeQ+Em5KnPF+2ax"
    "/62O93E3jzYyd1VPdu+YQ5eCukAYVMVtxdm9S2StoKksS7Yz+q47My54JvBA9ExDk1MyNy"
    "Ness0u1ZCo5L7rCAaXisqe8nE7ZDanNAg6IBIOwQ6VYquM36Snnj7cn7kw/vTk9CXTxMma"
    "eCF7cW5CPZmGoeBiKnttWA7tPXa2LlCSon/LkSlr6VbQlJdWLGYbo8u9Ju2h3b6Qrxy9TJ"
    "eGIzQrWp+kCmK3KsE9X2lUz3lWeg+RNHXceC7POa9m05lrK+xdQWz2X2OMtYKjnap2Rgwz"
    "+L+Xoeq2uPuLpeM2VqsWYYLGeXc77pMmsjKWLFBEE5RIdz2Z1AV3kQCffriCjKNzwKBKTi"
    "siPUYTwoxDcM674lUwZbHqJ7omH4i7uLxniKYMzMDz4hpoO4sSvLKLq9hjNsrN8VEfciJi"
    "hwyzeIJoyudXTKjthMH0hGLES+7SgoXluMlrYY6eaIuBnYNp/nEUWV2a4E1/eCrecM7Vpg"
    "kMsw8zI0ohvotJW7G0VUexSF/K7x/jTchfiPefvOzWWr2y1k2jEITAIng8X5ofgxkpVi8S"
    "vG5woE3d/besbOPyDPORNdll9qD9od9g/avw7msz80mnX7vc+yeFomdZhcflgUPyVAj0Aa"
    "pqCCcl3Uj4ySNq/gBCl2UOyIAXTZ4Chfzy4dHpUgqwOkNhggFQGhOkRqXohUYkbufpBUaK"
    "LJsDvEzTf5FgdpMCpoariBshzg86uZ997UPUJtrBkyGEq8XQHZhxHEF9HIpg4phgkFYfpN"
    "XRTuv5IuMg7MGhm202SREC4ZLSLDs5jpczeevnX7wmtFBFVvy5xrYNjHyCAlNp/fuAgzND"
    "SdohrL60QLySWzTKCKpN1ioArviQ4buVJSMKCC9S5a1xciOkXUcEdvOt1vPHzFNa1HHr7y"
    "ud+F/JFtLfUAQzJcJd5Pv37BEl73NgJW6mCJOliiUrfof4wDrxBGKBIWIXyx6/DC7uDqLO"
    "GBXXQfRbpWN/sYwavO7e09RbBx6AQcH9lOpss2zDucC538UiYp7KalUIl8XzCgngL7CDlC"
    "LeTYdvj43wQ7JPsWyjJVLH895VWRTe05/VGBTcWvPLiWNyrDclm+utd7Ks7wGl/U+CK6b8"
    "TPtdIII0G2Rz7yiqCMtHzW4ImIK2G7JZqiSnJiTibU5GtYONed80FJb0RsxzRMS3dIxlWF"
    "Mphu/0SQ3EocW/e0VcOPr/xadvDgWE/w8fqhmeRoBjKLMTsfmMXlWsylxQzgk/D+u9gCKP"
    "WHy2zt4Q/uJBIPpXj8NiCHXROTaOLddsxE4IDLTMvi4QPChJLnvlpv9euBc/z3xDG1RIJE"
    "lMGelFXLX0pS0OR5wh+oB2aKJAU7Dp5C51TmPhL+4uyBzwueJPIO7hSXYEcz7qDSN+jNTz"
    "/xamNo8lmVAlT9gkK4waJTRJMgUvlDcEZ2BiaVbkrBij5TzfJ0IvPtiWZh1yVh7z03ENPI"
    "vzXK45mxOFmVIXaZ/24/+ifIZqi8JAevYAYDu/cY1JbBiNwxxcgKjSvdTqkxKv91bXqvTj"
    "AzVHviV1BqzDXqryTqdx+8UgjUL753APSkCP5c9bXt2sIS8zoWYXhjDuBvFAL88c7OcD4/"
    "ODRFtkVHcUkH8S6FiIZKQlIKPW9MICcHbUuatLnFD74/uoiC8HdsPcwRyEX7vHPZ6h68bR"
    "w2Uk8O9G4v24DnikT/g2I4y+w5cf9B+cpeKi97sK77nnjiuwkJ1ato8H+Sqn6Lf/6ms55r"
    "AbXFt7b4hs52/+NpSz7bmiCu50JV5kLGTYToGaE552NoEEjdjhPpOWdkSLMHCmEZcW9JQU"
    "wZjcpcD0kQ1hdENnpBJDLlb88xUzXpFL8mkpiZ6/XNMDxSLZM+rMfvMMCjPRLEy+wTMQCh"
    "xuuITexAPfvEqRWdNIn5mMHfS0ynA5v/W3BbWHIiVjWcUYxKTbmfgjE6fMaBUpnpSLQdwf"
    "8H8RqMWOz+JhJKJsgJHQJ+NjMc2xsZsRxVCibvnpo6w+uXNbne+DjzvW8BFxY64MIBLHbC"
    "dfl+iDAKKPk7MhgBuXw6BiPRDP9EsnCOmb5/zMCPBPJcwp0iSMyhQzR07LFPzavhH2SWrJ"
    "71zm2x3cwHbOIzBwgznrCJJlB8wtTRmNX0y6QWdYn4pCRhrQuvqgsnbp2Fa6i4QGLrrpbF"
    "BsPFcmNwSuOS/QvEScOS1CZR+P56ai2sgdf7hTrSfI7W/u4/EZCjyi3U4Yrrbi0E8gYdSS"
    "hII9BiJ5Hmg7Dm2K6LorsyWZdaStMvDoGq9aNK6kevG0tRociVZpFAimZ+HEUzL4xiqQug"
    "ErDVZqlNG1vy9Z3SBpcV9J2dMrrExpk2vISmq6TRJaUnpS0v0fG+qtElelR4hRO6H0R6zp"
    "zR4ZXq/FM6urld7JPWE8/RDOyKK6T8UR35/E/2t6jnll4+DJnZzI/9kQnR65XZBLLd3LDk"
    "+rSv5Gmf95Zpsfdect803aTfdkKozhlbTi7KVbt30el9PkMB/R29anUu4Cc2+dMvXzpXV2"
    "3+GoxhTiYEUs5bvfN2t8vTND54/vn29BIsFpB5GHsGJtZ53jD/P2hRLJuwoW28CRMu8hJh"
    "gyHNDxk2eLJ82GAdLrWHITJ1uFQ9F1YMl0opTiVCc5KEtQl8k6E5ud9sKR+aU/yTLVWTTu"
    "HQnOTMXG9oztY/R7QrUkjsKnVETiWvTccmXp4xIZyWCywKse9yFbMrQGln6n8x0L+rzN8j"
    "9XSTId5Z6PiTYzJGKPI/7MNTqYv9Sw3yNSsD05H4CpBDNKjDPYTKdEShKw4K9JJsM8U2Gy"
    "9i9Qji1tK2CmHKkA+j1SaLaposHmDwZRwUsvxeXvbcgplAJwyW6CzH869jRRT1VawEMqmv"
    "YtV4csO2hfjJVvyEilPVSHKdgW2VeGz5RxbGHFhvS+/diph+3x5WPkwB+vjusFREW/ZjzJ"
    "v68k3FZn9RLq/+IHOVgtoi80Ee0pW2hUVAN7RlFPSfB/cEYmAz9uUZ3hGBG/kP8QZGeGvA"
    "wDqyffip46mEnaKCHN/7plrKvIcQblZBsxkXEWSARA1eKwtepYjKRtml6fYSzG7n5aI/PU"
    "yZyTLu2eaugTjJPqnHm3zJBYbK1GVeJkoS/pBxBis8T1Tjv9eHHBkv2C5726yWyZpkUsPA"
    "RTvS5mHgJAoTri+SFbtItkYf+isDwhY/8Q0lAw0GOYfzoCCOyixCgfmiWPOdpB8FMq2iJc"
    "4FQ4/EcTPfD83HQTGSfYRAzWYRCNRs5kMgnrdQKeHrrATTg+J7yPCtfR7Hpizzmxv5TtQY"
    "yfa9qK+DfzbpLy1x6e5VDsqX/wP/rKB8"
)
