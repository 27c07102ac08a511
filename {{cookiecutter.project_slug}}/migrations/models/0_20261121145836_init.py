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
COMMENT ON COLUMN "users"."tokens_valid_after" IS 'access tokens issued until then are refused';
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
CREATE INDEX "idx_refresh_tok_expires_a63f42" ON "refresh_tokens" ("expires_at", "id");
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
    "eJztXetz2rgW/1c0fNnemWymJSHpTe/cGQK0ZZtAJiG7O9vueBRbgAYjUUsOYfbmf79Hfu"
    "A3sXkFiL/sBklHtn7nWOcp9Z/KmBvEFMe3pG8RMezxEWGVC/RPheExgT9S+49QBU8mQa9q"
    "kPjBdAgsd6Qm1VCnCz8IaWFdQm8fm4JAk0GEbtGJpFw9rdJlBJmUjRBlSA4J0ocY/uJ95E"
    "4CbVgiizAyRRiZfEDZp9A4KpwffTym5uwIYWYgwgyBplQOETZNRKVAFp+KY/U2BtfhdSgb"
    "bPvBNqM/bQK4DAhQWfD4739DM2UGeSJC/fxecaeqQPv3ii2IpVFDkZKnCQVQNSzdrtBvNY"
    "NR+VvNNBlpfUpMI8I/dwKnXZOzidN2SQdtJj87YxUiD5rOTXvMgvGTmRxyNiegzHnQAICw"
    "sCTqCdKyFSOZbZoe533euusMhrgLDNEYpI9tU4mDonZfIGiraFqn29PuWj1NqyRExacIMd"
    "Fr0jlTYgavKhwABuoVfv13tXpycl59f3L2sXZ6fl77+P4jjHXeN9l1/uy+TICWO5WDWftL"
    "u9NTL8RBll1RVw3PDg2W2KVy+Big74iRNsRimORCY4itdB5EqWK8gEXGeeEjv21mVO6+1n"
    "+t1s6O1OczJE/YIDodYzP+mWVwaIyfNJOwgRzCz7PTBeD/Xr9tfK3fvjs7/VeUAx2vp+p0"
    "KV4E2HvfUgL3+/t2Mx33gCKGuW1T41jRLYO83xBAH+yCW/gQFsDqYHpy5mA64UIOLKfTQS"
    "gGZnTHiQHaazQBD0nHJB3XKHEMW8MjPfb/2B2MK2p3F4AA6nPL2dBBM2AUiMlK6Pfa1627"
    "Xv36Rs00FuKnqVqb9V5L9VSd1lms9d1Z7AOYT4L+aPe+IvUT/dXttOIsnY/r/VVR74RtyT"
    "XGpxo2wmj5zX5TRAZAIRnLCUCIcg3c93auTTN/OiSg4iWaYoHIE2h8NiCGIwlKLBh5kogz"
    "8ibFwLdL8psVIaKXbYs92FW3Z14oy64/SrUuFKhJNnzmFqED9o3MHFa04b0x00kK9J5tf+"
    "9Ns2csePZlzG8NtgYLT+emcFj0YO2wYiJd+6t+16g3WxUH4Qesj6bYMrQI1KqHV3msZT42"
    "2TWujuMtmOGBA45ahXrnMOopnpbPjWwPSy0op2NVRxMYy5nnkjCEdZ3bTCY9oYUjX3ZdSv"
    "9jJ/0PMsbULOJ6zAl22Osw+ZRYSMcip/KNOhrVWh5PA0ZluhpOX9Q8dv5fAGZ//HpQfm1d"
    "GMH3w/v3OfCFUZn4On1RfCdYiCmHLbeoK50gPEDEq7VaLomuLZDoWhxxi5sZEt1i9jhhWU"
    "RA92m3h3VFt4XkY1dzFtlLGvd3ve516/YC+TP8YGAgf/58gWBx/f4PVm9etzsXCBtjypba"
    "b/J8DtXsr6Ga+BgkTTP78rHGp90ia9SbGGAuFWUNsKHTrN82HU44MwBr2le/K2YJaj4qVn"
    "3pXkH/gHtf/quzhgoN7DH6mPLpXHL4KjDLsHrCdDHePADhppjjq+Ptxp0uu92riLd72Y5Z"
    "Np3768sWaAkHehhEZcTgCQDXLaIgWS4sESXen7hUfj0BCzS6zJx5rN6TMIQnlQujEG6CRn"
    "vEJgUG9mXalviiAKRPsj8hKvDRiBB+sooKYRMDgdNGTRWjAh/OIsgifRV+extxqkSwJNu3"
    "D5k6iYxlbOf26D9/uyUmdrBPSklGnnTPNoysmEpUyRlkPOGSMH2mjchsRcTawWzfyOxQMQ"
    "MXxAvaLI9UV81xSABtMrwWE6uUQFtS8LJDbmki/3L07Q9VPcAZQSpi94uArRj4IdyMAmZi"
    "SixifFIphgEnXtWASi2o0Udg4oL9rjrHeIaGYOGiqZrOrTmgVkoxw+YflxIH/F7RsWm6cg"
    "nIuJUIkZqGslhhT4KFI5KSLc8OrXjDy4BKvoCKQQfwMRYBOKDYZYwrqlpqSPzd5gLtdFGI"
    "kFjaKXr4Dt7QzNxnAqqlkpfb8QaK7jYn1fOz+f6ifizaUe6u61dXSfd7CP5lql3z2123k4"
    "5liCTuaFFdov8hk4o9BHUBdgqLiNPkC+i76/qfcdltXHUv496QmuAyhvwDN1J26x55yhBh"
    "f/xSW8n+YN1r/dlbjPXcSb3qdr74w+MMKIufYJ0WH7thBO4Wx4LCV/YgRqoc9k2Wvrimbu"
    "HilwhZWf6yrvKXwPEoC2AWFcBExG+XSmAagPWAW6ne+bzvaJFfrrujKMldD8NgEuSZrB71"
    "DFAj5BNsbBbnEg3BXWYcTbBF0gtllpkiT/F/NB2hHGVV6++XCpSO8846zmX1x2arP4RpD4"
    "rg64/f3RqmXUK3TKG+0RSqq54KW7MRsgOKh7yuMeuiugZjNmw47Rcf8tqzEQGM2LO38Enc"
    "thu9RQZtaOMbUtOw3Dzt8lm5w8M7uklY3LB1uWLq8sadZQ/3/1dJXvpwpfhFISSz3aIw01"
    "52iu74GJwSAME97kwFEtw0jlFbwl+S6yPV5GQDdcyghZomegAPSKWjiZH0kNYw33rcJfV7"
    "YlE90uB7bN7+kZyldLJ20skSI7uQD+AOPzgX4DSPB3Ca7QCcJuz/0nsNFQTnqwheVBKcwD"
    "f8ZgmYsxM2MbItFmxXNqtKt5a2mW/9Ucg79phAT4Zz49PEXVk3iX3cDJLZeybpC9Bvthrt"
    "6/rVuw/Vo2qs4rpzf90CizqRRQctnkR2Qf7cG7+95Mf7zSrD6ofT89OPJ2encx04b1mk+p"
    "IZdCzheQ+2JIWS6FGqlfLoy+0R/+nbTFfYoQebmpIycawe+99X2Ds2kl4vg2JvNChmT4zl"
    "GR8lLhm/K4xPSe4nAh0xv7BIdj9CWOb315ffDyJr2wuK7hor8mf5I2K4QlzUCcRoYACO13"
    "FgoQ3zHBDsq8b9QifY8CAF32vMZj2u/ptTtHt4sHchjQUy7axKiwU9vTVaSuJAvabGprnl"
    "4D9yDnsocL0PYc4Zr8cn8rrl0OL2YBjq0XzGpJbKQLuWwPp5YTRXvX1KJNdbVHYU13+PPG"
    "Ut6o4DN9w6gPVMBPKXibBucSFQUCmTVtJSlLy8EGaHVerRgijq6wb7diiOWssT6atlB/pq"
    "TpyvwHnTtemN7IxcYd2xQlpur/RHaJ1xHTLXwlH9EdMScSUSqJdV9cfcpshUH+6xzxQFMj"
    "8Pmq1CgmOnBU4r+jehoAe1MomcZp0sOHC4iGL5VJ7k0o20+g3BMZx0Av81ytTefimlrENZ"
    "+a60yTyctckcyYQwQwFbjC+Vm1an2e58uUAe/Q92U2834Sem6nabr+2bm5a68GZIJxMCLY"
    "16p9G6ulJtulq8aea9yWHjlxD5H2eB5Mqc5k0mV05zJlfK0PMBRiDL0PMbZXyu0HPUbikQ"
    "eo4SlqHntYWeQ9cJlofLFoadoyK4QtiZPBK2ap2p4xK1HsleSn6uetwyLL/9ctyQVGW54X"
    "OZe8EX1wIpz/fPIsFoa+b8uxPMrZD9RSBsG1QitX7zE5paVErCgvt83H+pQF3lI8FfEEB7"
    "hBg81vJ6Uip2N/mgPP6/l3GKe+2lv76b/voIFl8kiOyPP8iK0XU71gaRqXe2ZxeDBRRlIV"
    "jE4i8LwUqnbGlvPKyT8iuaMFXpjq3LHeN+pmNFX+zQbtA8ijljYenbpYs+Ao8jy3723ZGX"
    "zOe5+5PPevZScmGz9khlp5T56pT6K+t1iA3nnqN0u7j4FKm3ZM5F2Jsv5aJMP39YZqp21v"
    "L9aWMmqUwpScxkQJjkkDTC2k5AwLqktsxZnSjhm8wp5T2wUxozW99EEgU7xS/aiNCVDCit"
    "yV2zJlOkfA24Ht5lEXFko1924ZzJJk31utK3w0qKne71LDTScTDmJfs8G9Q1Fxe/FdN4RY"
    "Ms2+h9JJZIPbyeHfENkRxi0HcT98Orj6oAwt7wA0R3M5fccSZT79fKDquHSLYfV38dv2Jt"
    "EfTt1cWnKLPn/wNQajJI"
)
