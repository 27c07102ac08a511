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
COMMENT ON COLUMN "idempotency_keys"."expires_at" IS 'from then on the key is a new one';
COMMENT ON TABLE "idempotency_keys" IS 'What one user''s request was answered; it goes with the user, since it may hold what is theirs.';
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
    "eJztXVtv2zgW/iuEXqYLZILUiZNuuljAsZ3W08QOEmdmMO1AYCTaJiyTrkTVMWb73/dQ96"
    "sj+Rbb0ctMTPJQ4neOeK5k/1EmXCeGdXxPBiaxRn0+Jky5RP8oDE8I/JHZf4QUPJ2GvbJB"
    "4CfDITDdkaqQQ50u/GQJE2sCegfYsAg06cTSTDoVlMunKT1GkEHZGFGGxIggbYThLz5A7i"
    "TQhgUyCSMzhJHBh5R9jIyjlvNjgCfUmB8hzHREmG6hGRUjhA0DUWEhk8+sY/k2OtfgdSgb"
    "bvvBNqPfbQK4DAlQmfD4r39DM2U6eSaW/PlVcadSoP2rYlvEVKkuScnzlAKoKhbK35JmOl"
    "YHlBh6jFPuUKddFfOp03ZFhx0mrp2xcu1PqsYNe8LC8dO5GHEWEFAmZOsQlmxiQeQThGlL"
    "ljHbMDwe+1x0VxQOcZcSodHJANuGZLykdl8gbFNUtdvrqw/tvqoqKaHwKSLs8po0zqRAwa"
    "taDgBD+Qq//rtWOz29qJ2cnn+on11c1D+cfICxzvumuy5+ui8TouVO5WDW+dTp9uULcZBa"
    "V6hlw0+HBgvsUjkcC9F3BEYdYWuU5kJzhM1sHsSpEryARSZ54SO/bWYoD58bv9bq50fyQx"
    "mRZ6wTjU6wkfygcjg0wc+qQdhQjODn+dkC8H9v3Dc/N+7fnZ/9K86BrtdTc7okL0Lsva8m"
    "hfvjY6eVjXtIkcDctql+LOmWQd5vCKEP97stfAgLYHUwPT13MJ1ySwxNp9NBKAFmZK9JA9"
    "pvtgAPQSckG9c4cQJb3SM99v/YHYwVuY9bgAAacNPZukEHYBSKyUro9zu37Yd+4/ZOzjSx"
    "rO+GbG01+m3ZU3Na54nWd+eJDyCYBP3R6X9G8if6q9dtJ1kajOv/pch3wrbgKuMzFetRtP"
    "xmvykmA6B69OUEIEK5Bu57O9emmT8bEVDmAs2whcgz6HY2JLojCVIsGHkWiDPyJsXAt0CK"
    "mxURopdtiz3YVbdnXkjLbjDOtC4kqGk2XHOT0CH7QuYOKzrw3phpJAN6z4p/9KbZMxb89G"
    "XMbw23BhPPAlM4KnqwdlgxEa791XhoNlptxUH4CWvjGTZ1NQa17OE1nmgJxqa7JrVJsgUz"
    "PHTAkauQ7xxFPcOn8rmR70vJBRV0oRpoCmM585wPhrCmcZuJtM+zcOTLTkrlf+yk/0EmmB"
    "plXI+AYIe9DoPPiIk0bBVUvnFHo1Yv4mnAqFxXw+mLm8fO/0vA7I9fD8qvrQtj+L4/OSmA"
    "L4zKxdfpi+M7xZY147DllnWlU4QHiHitXi8k0fUFEl1PIm5yI0ei28yepCyLGOg+7fawVj"
    "TbEnzias4ye0nz8aHfu23fXyJ/hm8MDOTr60sEixsMvrFG67bTvURYn1C21H5T5HOo5X8N"
    "tdTHIGiW2VeMNT7tFlkj30QHc6ksa4AN3VbjvuVwwpkBWNO5+V0yy6LGD8mqT70b6B9y78"
    "t/ddZQSwV7jP7I+HSuOHwVmOVYPVG6BG+egHBTzPHV8XbjTle93k3M273qJCyb7uPtVRu0"
    "hAM9DKIiZvCEgGsmkZAsF5aIE+9PXKq4noAF6j1mzD1W70kYwpPKVBQi5Qrne24RRZbKPC"
    "W+S4/++ss9MbCDcFoYcvJdeyYOeR5zfAvTyWTKBWHaXB2T+YqIdcLZvpD5oWIGBqbnki+P"
    "VE/OcUgAbTJ4khCrjDBKWvDyAypZIv9ybOUPmQXmjCAZj/nFQiYBflhuvBgzC3xUon+UAe"
    "QhJ172VwaO5egjMGDAOpOdEzxHI7Bf0ExO5+aOqZmRlN784zKiPF8VDRuGK5eAjJtnjuWm"
    "47kdqlep6B0NBY1JRi4033H2hlfucjF3WadD+BjLABxS7DLGiqx6gW3E220u0U6n/MFRFH"
    "aGHn6ANzRy95mQaqnU1HbSkWV3m9PaxXmwv8gfi3aUh9vGzU3auRqB95Bp1/z20OtmYxkh"
    "SfpTVBPof8ig1h6CugA7iUXMZ/IF9N1t48+k7DZveldJZ0hOcJVA/onrGbt1nzzniLA/fq"
    "mtZH+w7rf/7C/GOvBRb3rdT/7wJAOq0hZYp8kncmdnYFM6OzwofGkPYiTLGt9kYYNr6pYu"
    "bYiRVcUN6ypuCB2PqrxhUXlDTPx2qcChCVgPuZnpnQd9R4v8cs0dRUnhagcGkyDPZPWo54"
    "AaIR9hYzM5F2gE7jLjaIpNkl0GscwURYq448Fm6SjLcm4/EVw5zjvrOFe5/c3m9i3DHpbB"
    "1x+/uxUqu4RulSB7QwmyeMmMVE+lrdkY2QHFQ17XmHVRXYMxGzWc9osPRe3ZmADG7Nl7+C"
    "TuO83+IoM2svGNqKGbbp52+azc4eEd3yRMrtuaWDF1eefOsof7/6skL324MvyiCJL5blGU"
    "aS87RQ98Ak4JgOAeW6UWsrihH6OOgL8E18ayyckGaphBCzUM9AQekExHEz3tIa1hvvW4S/"
    "L31KRarMH32Lz9Iz1L5WTtpJNlje1SPoA7/OBcgLMiHsBZvgNwlrL/K+81Uu5ZrN5zUcFn"
    "Ct/om6Vgzk/YJMi2WI6rbFaVbi1tE2z9cci79oRAT45z49MkXVk3iX3cCpPZeybpC9BvtZ"
    "ud28bNu/e1o1qinrb7eNsGizqVRQctnkZ2Qf7cG7+95MfJZpVh7f3ZxdmH0/OzQAcGLYtU"
    "XzqDjgU878kWpFQSPU61Uh59uT3iPwObaRI79GRTQ1BmHcvH/vcV9o6NpNeroNgbDYrZU3"
    "15xseJK8bvCuMzkvupQEfCLyyT3Y8RVvn99eX3w8ja9oKiu8aK4ln+mBiuEBd1AjEqGICT"
    "dRxY6MA8BwT7qnG/yCFNPMzA9xazeZ/L/xYU7T4e7l1IY4FMO6tSE0FPb42mlDhQr5mxaW"
    "46+I+dwx4SXO9DCDjj9fhEXrcYmdwejiI9qs+YzFIZaFdTWP9cGM2Vb58RyfUWlR/F9d+j"
    "SFmLPMHuhluHsJ6phfxlIqyZ3LJQWCmTVdJSlry67mOHVerRgijq6wb7diiOWi8S6avnB/"
    "rqTpyvxHnTtemN/Ixcad2xQlpur/RHZJ1JHRJo4bj+SGiJpBIJ1cuq+iOwKXLVh3vsM0OB"
    "BOdB81VIeOy0xGlF/54L9CRXJpDTrJEFBw4XUSyfyhNcuJFWvyE8hpNN4L9GldrbL6WUdy"
    "ir2IUluYezNpkjmRKmS2DL8UW5a3dbne6nS+TRf2N3jU4LfmIq7y753Lm7a8vrTEZ0OiXQ"
    "0mx0m+2bG9mmycUbBtmRe0yCj7NEciWgeZPJlbOCyZUq9HyAEcgq9PxGGV8o9By3W0qEnu"
    "OEVeh5baHnyGVx1eGyhWHnuAiuEHYmPwhbtc7UcYnaP8heSn6hetwqLL/9ctyIVOW54YHM"
    "veCLq6GUF/vnbWC0OXf+VQHmVsj+YiFs61QguX7jI5qZVAjCwvt83Hvo5VU+AvwFC2iPEI"
    "PHml5PRsXuJh9UxP/3Mk5Jr73y13fTXx/D4ssEkf3xB1kxum7HWici80bu/GKwkKIqBItZ"
    "/FUhWOWULe2NR3VScUUTparcsXW5Y9zPdKzoix3aDZpHCWcsKn27dNFH6HHk2c++O/KS+R"
    "y4P8WsZy8lFzVrj2R2SpqvTqm/tF5HWHfuOcq2i8tPkXlLZiDC3nwZF2X6+cMqU7Wzlu93"
    "GzNBRUZJYi4DoiSHpBHWdgIC1iXUZc7qxAnfZE6p6IGdypjZ+iaSKtgpf9FGjK5iQGVN7p"
    "o1mSHla8D18C6LSCIb/7JL50w2aao3pL4dKRl2utez0EjH4ZiX7PN8UNdcXPxWTOMVDbJ8"
    "o/cHMa3Mw+v5Ed8IySEGfTdxP7z8qEog7A0/QHQ3c8kdZyLzfq38sHqEZPtx9dfxK9YWQd"
    "9eXXyGMvv5f6PzeiI="
)
