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
CREATE INDEX "idx_products_search" ON "products" USING GIN (array_to_tsvector(string_to_array("search", ' '))) WITH (fastupdate = off);
CREATE INDEX "idx_products_attributes" ON "products" USING GIN ("attributes" jsonb_path_ops) WITH (fastupdate = off);
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
    "eJztXetT27gW/1c0/lI6wzLdlEcvc++dCZC22ULCQNi7s2XHK2wl8cWRUksGMr387/dIfr"
    "+CnRdJ8JeWSDqy/DtH0nlJ/qmNmElsvndF+g7hwx67J1Q7Rj81ikcE/sit30UaHo+jWlkg"
    "8J2tCByvpS5kU1WF77hwsCGgto9tTqDIJNxwrLGwmHya1qUEqfbIokgMCTKGWP2FBXIIJY"
    "8cYWSzgUX3UC+stjgysG0TEyr7eGTZk12EqSnLHfIA3UGFJHwcMpvsyZGYzIChWHSwyoe6"
    "1PrhEsBjQOApDjz6+19QbFGTPBEuf37XvJ40KP+uuZw4umVKUvI0tgBMHQuvKvZb9mBqf8"
    "mexvd63yK2meCb14Eq18VkrMpOrEGbis+qrUTjTjeY7Y5o1H48EUNGQwKLqgcNAA0HCyKf"
    "IBxXMpC6tu1zPOCp955RE+8FYzQm6WPXlmIgqb0BRGWarne6Pf261dN1LSMiAUWMgX6Rwa"
    "gULxgqVwAM5BB++Uej8fHjUePDx8NPB/tHRwefPnyCtmq82aqjZ28wEVpeVwqz9pd2pycH"
    "xECGPRGXBc+KBgvsUSk+RugrudKHmA+zXDgdYiefB0mqFC/gJdO8CJBfNTO066/NXxoHh7"
    "ty5gzJEzaJYY2wnZ5iBRwa4SfdJnQghvDzcH8K+L83r06/Nq92DvffJznQ8WsaqkryIsLe"
    "n0sZ3G9u2mf5uEcUKcxd1zL3JN0syAcFEfTR6reCiTAFVoXpx0OF6ZhxMXBUpUIoBWZyxU"
    "kB2js9AzyENSL5uCaJU9iaPule8Mf6YKzJ3YADAqjPHASrPWL9cLkvJ+RT0O+1L1rXvebF"
    "pexpxPkPW5aeNXstWdNQpZNU6c5hagKEnaD/tHtfkfyJ/ux2WmmWhu16f2pyTNgVTKfsUc"
    "dmHK2gOChKyABsSOZsAhCjXAD3/ZVr2cx/HEqVQKBH2MfJE+z6dACbupQEKRaUPAnEKHmT"
    "YhDoJeXVihjRy7rFBqyqq1MvpGbXv8/VLiSoWTZ8Zg6xBvQbmShWtGHcmBokB3pfp7/xu9"
    "kwFjwHMhaURkuDgx9DVTguevDu8MZEePpX8/q0edbSFMJ32Lh/xI6pJ6CWNazBUiVh22zV"
    "qDFKl2CKBwoc+RZyzHHUcyysgBvFlpV8oZIGVRONoS2j6NESQ7BPEDYM5lKRtYKmtnzZdK"
    "ntj7W0P8gIW3YV0yMkWGOrw2aPxAHrm5fcfJOGRuOgjKUBrQpNDVWXVI/V/xVgDtovBuXX"
    "3gsT+P764UMJfKFVIb6qLonvGHP+yGDJrWpKZwi3EPHGwUEpiT6YItEHacQdZhdIdIu6o4"
    "xmkQA9oF0d1prhcsFG3s5ZZS05vbnudS9aV8co6OGWgoL8+fMxgpfr929p8+yi3TlG2BxZ"
    "dKb1psx0aBTPhkZmMggrT+0rx5qAdoWskSMxQV2qyhpgQ+eseXWmOKF6ANa0z3+XzOKW/S"
    "BZ9aV7DvUD5s/8V2eNxXXQx6yHnKlzwmBWYFqg9cTpUry5A8JlMSfYjlfrdzrpds8T1u5J"
    "O6XZdG4uTlqwSyjooZElEgpPBLjhEAnJbG6JJPHm+KXK7xPwgmaX2hOf1RvihvClcqoXwg"
    "sr6Q/YtoCBfZG3JL4oAPmdbI6LCmw0wrkXveLI4twlJgKjzbKljwpsOIcE0ai34afKOEuK"
    "bfuYqpOJVKZWbp/+87crYmOFfVZKCuKjG7ZgFPlUkpucSUZjJgg1Jvo9mcyJWDvq7RuZbC"
    "tmYIL4TpvZkerKPrYJoGW611JileNoywpescstT+TLeN/ApHBgSYYlYQxvL/MMZMwASQ/e"
    "O5koAPzhYg+1hcwb8FyTpueBkzEG2WwX3REDw18yFDHCEwQwCi8/gVgOkp6fPGfe6h6c4x"
    "v8rqnUCCWrgJaXnZDIc6gTGDbEgXhPciLoxe4Wv3ntZCnnZDGtAUzDKgBHFOuMscb6ah3x"
    "15ljtNaJIlxg4ebszdcwQrtwnYmoZgporsZCqLrafGwcHYbri/wxbUW5vmien2dN8iHYnL"
    "m6zm/X3U4+ljGStPFlGQL9D9kW30BQp2AnsUgYUoGA7lw0/0jL7ul59yRtIckOTlLI3zEz"
    "Z7XukacCEQ7az7SUbA7WvdYfvelYh4brebfzJWieZkCdEOXnxMiVHTZ6ZGAKOqJUFr20GE"
    "yZ1ACDVf9teBwSzkil9VbOjUmQ1dkxi8qOiWyQOj9mWn5MQvzWKUPmFLAeMCfXeA/rdqeZ"
    "7YbXyiKlDXYKnSBfe/WpJ4AaIXuoiRzGBBpiDq3QGDskP49mli7KnA1IRiukzSyPAgSZBL"
    "UNvbY2dJ0cstzkEG67gyr4Bu3XN8VpndCtI6xvNMLqbU+VtdkE2Ra5Rl5XmfVQXYAyG1ec"
    "NosPZfXZhAAm9NkrmBJX7dPeNIU2tvANLdt0vDDu7EG77cM7uUg4zHQNMWdk89LrZQPX/1"
    "eJbQZw5dhFMSSLzaI40142iq7ZCIwSAEE5eTi2wZD5mwtm3P8tg4fqMJQ7uiOONHrGFjEI"
    "9w5PS/8QF5ZtSy+RCoATM2swLb77xRhT8vfYsYxEQWDP+atLXi8/tSQXydMY9mQOYKoiDT"
    "sOnsDgdMEfiCGYs+NhIYtU3c6txgl2jOEtdPoOvXv/XnYbs+We9ICButdQMdefUbC3aOqp"
    "wFX529MTdvqYC3csFS30LwCy/157fnmotxoWMLY7VxB+q6H/ckbv9DEWQ52NefGgIqLZBl"
    "absWtpxvJ7t5KV5TXfOiNrv4yNtV9sYu1nLKzaPxDLyC6Xkj0tJzuDb3xkGZiLo2MpshVm"
    "zGvLVVZWFiMLt88k5B13RKCmwHwMaNLOAi9jYO8syhzYMEmfgv5Z67R90Tzf+bWx20ilvH"
    "duLlpgs2RSFkA/yiI7JVnBb7+68NKH5W6GjV/3j/Y/fTzcD/fAsGTa1pdNV0hqK2UzFpJU"
    "cyUtzLZG/LPvUkNih+5cyxYW5Xvysf9+hbVjKbkMtdvxjbodPWNg1otGEsQ149eF8TnpEx"
    "lXUmTLptLwVHnBvhbSbIF6VoW3y1DXUs6NKgksCcI6hWVxKSyR83h1fv91Y0X5RJaEGM7h"
    "+hd4oNsWvV+MW7uHB1uEevZYkw6mymgRZ5va0M82ITVnDCAhjzn4XmA66TH5b8k1YEZBfF"
    "Xn25TJr95KTwVA/Hd0pMSBIpgbp2KOwv9enQtTk91bMULO+DWhR9urFkOHuYNhrEYPGJOb"
    "Ngflegbr5zKRHfkSxcEd/xVfjO+Eo3s5xnMuFzuEkU8pj4thBOTBCTGM1GMQZ17sxfLCL0"
    "P8QKCOE2CPiZSA7KK+w0YetezGEjzolWeDPyt8bu45tbhYAGHOSbVIOuLSUKfarWeMIjVj"
    "K2StJAlrFbYiS5K6U1X0Y5OsBn5RGUOFmRmVbYftS89Imw6p6Z+fBZ+S8gUAu12WQRrUaF"
    "av06mCAt3qRaWqvDLVRMA5YnsaywB0xnGkiiBsOIxzFJ1MyDtCUJm+vqBzjRfpaQrL68b+"
    "1yit4qBM4P+gOO5/oML+mf2wjLcnMJdqj8+y/RjFOkllX8YcOslG+TNi75n2aYReoaQ/I6"
    "XLpJ0a0a48rz8jlI3Cvda7sShntw2vMireb6Mbk8p9N2jsOsYQc3X0Tl51E9znmf/Bn6mt"
    "Z08gFUx4uSlBQXRLRD5B8NzChNJ6317LfbvozpByt7AW3h2yzLDlmFBTAluNL9plq3PW7n"
    "w5Rj79Lb1sts/gJ7bkhaxf25eXLXlH69AajwmUnDY7p63zc1lmyJeX38hKT8FyqYClMgGr"
    "3JsbTM4K6WghzZtMR9svmY5WJ+tsYc5GnazzRhlfJlknpbdUyBVJEtb+3oXlisRuwJ/TLb"
    "ntF54kRXCOPBHyQOi8Zx+VKdR6IBsp+aWSROr0kNUfEY1JVZH5HcrcCza4Hkl5OUscWjsT"
    "9alE6p3LfMcRdk1LIPn+gNCjYwkRfW8XSinHXjJ7cG+O+tqeDPc7xIA+uPdxXQpDcZCvN+"
    "Qb9qt8eBk/gZ8hlbbua7t+Pe36e3j5Kv74oP1WnsVbtAFuEpH7ObLiYzYRRX3EJmEZ1Eds"
    "auNtZqs9vieV32jiVLXZtiizjQWRkDlttm37OMRuymiLS986pZNElkmRnh2YLS+p2aGZVD"
    "Le5afMxlRd0FOF0mDVIWrEPA3XxJNAs1WtCgJic3WXm1wbirbfd052bRB3rCNda6sR/3Ax"
    "FZbIOYNUyIA4yTbtFAs7cw7vJfRZbkdIEr7JmFTZKxJqJecVk8Bj63ol+JN0NQNqLXPdtM"
    "wcKV8Arm8mw37WmMsyVfim3G+HWo7+7tdMVd5x1OYlvb0Y1AXnb78V1XhOhaxY6X0gDs+9"
    "LqzYExwj2UZn8DI+fyYnVQWE/eZbiO5yLm5nVOTeGV3sbo+RrN7f/jp2xcI86xWOHix+M3"
    "v+PzKtBpA="
)
