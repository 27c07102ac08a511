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
    "eJztXW1z2rgW/isavmzvTDaTkpD0pnfuDAHSsk0gk5DdnW13PIotQIORqC2XMHv73++RbO"
    "N3YvMWIP6yGyQd2XrOsc6r1H8qY24Q0z6+J32L2MMeHxFWuUT/VBgeE/gjtf8IVfBkEvTK"
    "BoGfTEVguSM1IYeqLvxkCwvrAnr72LQJNBnE1i06EZTLp1W6jCCTshGiDIkhQfoQw1+8j9"
    "xJoA0LZBFGpggjkw8o+xgaR231o4/H1JwdIcwMRJhhoykVQ4RNE1FhI4tP7WP5NgbX4XUo"
    "G2z7wQ6j3x0CuAwIUFnw+K9/QzNlBnkmtvz5teJOVYH2rxXHJpZGDUlKnicUQNWwcLtCv+"
    "UMRuVvOdNkpPUpMY0I/9wJVLsmZhPVdkUHbSau1ViJyJOmc9MZs2D8ZCaGnM0JKFMPGgAQ"
    "FhZEPkFYjmQkc0zT47zPW3edwRB3gSEag/SxY0pxkNTuCwRtFU3rdHvaQ6unaZWEqPgUIS"
    "Z6TTpnUszgVW0FwEC+wq//rlZPTy+qJ6fnH2pnFxe1DycfYKx632TXxU/3ZQK03KkUZu1P"
    "7U5PvhAHWXZFXTb8VDRYYJdK8TFAX4mRNsT2MMmFxhBb6TyIUsV4AYuM88JHftvMqDx8rv"
    "9arZ0fyc9nSJ6xQXQ6xmb8M8vg0Bg/ayZhAzGEn+dnC8D/vX7f+Fy/f3d+9q8oBzpeT1V1"
    "SV4E2HvfUgL3x8d2Mx33gCKGueNQ41jSLYO83xBAH+yCW/gQFsCqMD09V5hOuC0GlupUCM"
    "XAjO44MUB7jSbgIeiYpOMaJY5ha3ikx/4fu4NxRe7uNiCA+txSGzpoBowCMVkJ/V77tvXQ"
    "q9/eyZnGtv3dlK3Neq8le6qqdRZrfXce+wDmk6A/2r3PSP5Ef3U7rThL5+N6f1XkO2FHcI"
    "3xqYaNMFp+s98UkQFQSMZyAhCiXAP3vZ1r08yfDgmoeIGm2EbkGTQ+GxBDSYIUC0aeBeKM"
    "vEkx8O2S/GZFiOhl22IPdtXtmRfSsuuPUq0LCWqSDdfcInTAvpCZYkUb3hsznaRA79n2j9"
    "40e8aCn76M+a3B1mDh6dwUDoserB1WTIRrf9UfGvVmq6IQfsL6aIotQ4tALXt4lcda5mOT"
    "XePqON6CGR4ocOQq5DuHUU/xtHxuZHtYckE5Has6msBYzjyXhCGs69xhIukJLRz5sutS+h"
    "876X+QMaZmEddjTrDDXofJp8RCOrZzKt+oo1Gt5fE0YFSmq6H6ouax+n8BmP3x60H5tXVh"
    "BN/3Jyc58IVRmfiqvii+E2zbUw5bblFXOkF4gIhXa7VcEl1bING1OOIWNzMkusWcccKyiI"
    "Du024P64ru2IKPXc1ZZC9pPD70uret+0vkz/CNgYF8fX2JYHH9/jdWb962O5cIG2PKltpv"
    "8nwO1eyvoZr4GARNM/vyscan3SJr5JsYYC4VZQ2wodOs3zcVJ9QMwJr2ze+SWTY1f0hWfe"
    "reQP+Ae1/+q7OG2hrYY/RHyqdzxeGrwCzD6gnTxXjzBISbYo6vjrcbd7rqdm8i3u5VO2bZ"
    "dB5vr1qgJRT0MIiKiMETAK5bREKyXFgiSrw/can8egIWaHSZOfNYvSdhCE8qE1GIhCuc7b"
    "mFFFkiHxX7Lj366y/3xMQK4aQwZGTB9kwcsjzm6BZmkPGEC8L0mTYisxURawezfSGzQ8UM"
    "DEzPJV8eqa6c45AA2mTwJCZWKWGUpOBlB1TSRP7l2MofMjfMGUEyHvOLjSwC/LDdeDFmNv"
    "ioxPgoA8gDTrycsAwcy9FHYMCAdSY7x3iGhmC/oKmczs0oUyslVb35x6VEeb5WdGyarlwC"
    "Mm6eOZKxLlPRexIKGpGUXGi24+wNL93lfO6yQQfwMRYBOKDYZYwrshYGthFvt7lEO53yB0"
    "dROCl6+AHe0MzcZwKqpVJT20lHFt1tTqsX5/P9Rf5YtKM83NZvbpLO1RC8h1S75reHbicd"
    "yxBJ3J+iukD/Qya19xDUBdhJLCI+ky+g727rf8Zlt3HTvYo7Q3KCqxjyT9xI2a175DlDhP"
    "3xS20l+4N1r/VnbzHWcx/1ptv55A+PM6AsbYF1Wnwsd3YGNqXa4UHhS3sQI1ns+CYLG1xT"
    "t3BpQ4SsLG5YV3FD4HiU5Q2Lyhsi4rdLBQ4NwHrArVTvfN53tMgv191RlOSudmAwCfJMVo"
    "96BqgR8hE2NotzgYbgLjOOJtgi6WUQy0yRp7Q7GmyWjrKs5PYTwaXjvLOOc5nb32xu3zad"
    "QRF8/fG7W6GyS+iWCbI3lCCLlsxI9VTYmo2QHVA85HWNWRfVNRizYcNpv/iQ156NCGDEnr"
    "2HT+K+3egtMmhDG9+Qmobl5mmXz8odHt7RTcLihqOLFVOXd+4se7j/v0ry0ocrxS8KIZnt"
    "FoWZ9rJT9MDH4JQACO5hVmojm5vGMWoL+EtwfSSbVDZQxwxaqGmiJ/CAZDqaGEkPaQ3zrc"
    "ddkr8nFtUjDb7H5u0fyVlKJ2snnSx75BTyAdzhB+cCnOXxAM6yHYCzhP1feq+hcs989Z6L"
    "Cj4T+IbfLAFzdsImRrbFctzKZlXp1tI2860/CnnHGRPoyXBufJq4K+smsY+bQTJ7zyR9Af"
    "rNVqN9W7959756VI3V03Yeb1tgUSey6KDFk8guyJ9747eX/DjZrDKsvj+7OPtwen4214Hz"
    "lkWqL5lBxwKe9+QIUiiJHqVaKY++3B7xn77DdIkdenKoKSizj+Vj//sKe8dG0utlUOyNBs"
    "WcibE846PEJeN3hfEpyf1EoCPmFxbJ7kcIy/z++vL7QWRte0HRXWNF/ix/RAxXiIuqQIwG"
    "BuB4HQcW2jDPAcG+atwvdEgTD1LwvcVs1uPyvzlFu4cHexfSWCDTalVaLOjprdGSEgfqNT"
    "U2zS2F/0gd9pDgeh/CnDNej0/kdYuhxZ3BMNSj+YxJLZWBdi2B9c+F0Vz59imRXG9R2VFc"
    "/z3ylLXIE+xuuHUA65nYyF8mwrrFbRsFlTJpJS1FycvrPnZYpR4tiKK+brBvh+KotTyRvl"
    "p2oK+m4nwFzpuuTW9kZ+QK644V0nJ7pT9C64zrkLkWjuqPmJaIK5FAvayqP+Y2Rab6cI99"
    "piiQ+XnQbBUSHDstcFrRv+cCPcmVCaSadbLgwOEiiuVTeYILN9LqNwTHcNIJ/NcoU3v7pZ"
    "SyDmXlu7Ak83DWJnMkE8IMCWwxvlTuWp1mu/PpEnn039hdvd2En5jKu0s+t+/uWvI6kyGd"
    "TAi0NOqdRuvmRrbpcvGmSXbkHpP5x1kguTKneZPJlbOcyZUy9HyAEcgy9PxGGZ8r9By1Ww"
    "qEnqOEZeh5baHn0GVx5eGyhWHnqAiuEHYmPwhbtc5UuUStH2QvJT9XPW4Zlt9+OW5IqrLc"
    "8LnMveCLa4GU5/tHb2C0NVP/qgBzK2R/sRF2DCqQXL/5EU0tKgRhwX0+7j308iofAf6CDb"
    "RHiMFjLa8npWJ3kw/K4/97Gae4117667vpr49g8UWCyP74g6wYXbdjbRCReiN3djFYQFEW"
    "gkUs/rIQrHTKlvbGwzopv6IJU5Xu2LrcMe5nOlb0xQ7tBs2jmDMWlr5duugj8Diy7GffHX"
    "nJfJ67P/msZy8lFzZrj2R2SpqvqtRfWq9DbKh7jtLt4uJTpN6SORdhb76UizL9/GGZqdpZ"
    "y/e7g5mgIqUkMZMBYZJD0ghrOwEB6xLaMmd1ooRvMqeU98BOacxsfRNJFOwUv2gjQlcyoL"
    "Qmd82aTJHyNeB6eJdFxJGNftmFcyabNNXrUt8OKyl2utez0EjHwZiX7PNsUNdcXPxWTOMV"
    "DbJso/cHsezUw+vZEd8QySEGfTdxP7z8qAog7A0/QHQ3c8kdZyL1fq3ssHqIZPtx9dfxK9"
    "YWQd9eXXyKMvv5f2BAgPs="
)
