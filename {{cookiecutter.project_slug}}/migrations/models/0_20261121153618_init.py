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
    "token_generation" INT NOT NULL
);
COMMENT ON COLUMN "users"."email" IS 'lower case';
COMMENT ON COLUMN "users"."role" IS 'CUSTOMER: customer
STAFF: staff
ADMIN: admin';
COMMENT ON COLUMN "users"."tier" IS 'STANDARD: standard
SILVER: silver
GOLD: gold';
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
COMMENT ON COLUMN "orders"."status" IS 'PENDING: pending
PAID: paid
SHIPPED: shipped
CANCELLED: cancelled';
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
    "tier" VARCHAR(20) NOT NULL,
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
    "customer_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE RESTRICT
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
    "eJztXetv2zgS/1cIfWkLZIOum6S94u4AJ3Fb7zp2kTh7i20LLSPRli6yqBWpJMZe//cbUm"
    "9ZsiU/FNnVlzYmOXzM8DG/mSH1tzKjOrHY8TWZuIQZY3pPbOU9+lux8YzAH7n5R0jBjhPn"
    "igSO7yxJ4PolVS6Kyix8x7iLNQ65E2wxAkk6YZprOtykojVlZBMkyyPTRtwgSDOw/Atz5B"
    "KbPDKEkUWnpn2MxlG2yZCGLYvokDnBM9OaHyFs6yLdJQ9QHWQIwkeDWuRY9ESnGnTFtKd1"
    "NurZ5l8eAX5MCbTiQtNfvkGyaevkiTDx84vi16RA+hfFY8RVTV2QkifHBGaqmPtZid+iBl"
    "35Jmpy7tWJSSw9JTe/Apmu8rkj087Nad/mH2RZwY07VaOWN7Pj8s6cG9SOCExbNjQFbriY"
    "E9ECdz0hQNuzrEDioUz9ccZF/AEmaHQywZ4lpoGg9jsQpymqOhyN1ZveWFWVhSkSUiQEGC"
    "Rp1BbTC7rKJAOmogs//aPTefPmbef1m7N3pydv356+e/0Oysr+Lma9/e53JuaWX5XkWf9j"
    "fzgWHaIwh/0pLhK+SxrMsU8l5RhzX84r1cDMWJTChYHdfBmkqTKygEFmZRFyvm5hKDefuj"
    "91Ts+OxMoxyBPWiWbOsJVdYgUSmuEn1SL2lBvw8+xkCfN/615ffOpevzw7eZWWwDDI6cis"
    "oAY5xpAHkBaLI1heC6K4ve1f5osipsiIwfNM/VjQrSOMMCGWRrwh1rA2lnBasvnNmWSzQx"
    "mfujJTcmg1f9P7UobH44tLYBE3ZySf1WniDLv1gPQ4/KM5bFfEmcGAA2hCXQRnAqKT6FAo"
    "txSWCGTcv+rdjLtXn0VNM8b+skTqZXfcEzkdmTrPpL48yyyTqBL0n/74ExI/0R+jYS8r5a"
    "jc+A8pbOxxqtr0UcV6klthcpKBy6YFnGT6enMiQbmFCRFsebueD4+G0CU4egQFgDyBumBP"
    "QRsQk0PMFJs8cURt0s4MX76hjlNeRUkQrdZT9mA7rk1VyZOGUBwn97nKi+DzomQ+UJeYU/"
    "tXMpfS6cNQsK2RHGkEkOE2qGbPpPI9nHZharyBuPgx0rSTsxHGDiMm3FfvujcX3Uu5kGBN"
    "pBRsyfQ7rN0/YldXU9wXObRDMylR2cWsWWeWTcE2nkp+BQNjmkFmuGigX76JkSZllQP7Qh"
    "kWwz3BhpIor4scKEtt9GhyA0ATwppGPZsvQrOlJVfjqRYUNRIUwWQ0rSp4KCJoMBSy6CNx"
    "kYZZyYM9jX46p2XgD5QqxD8yb6WCLv+vwPmw/HYY/9znbIrlP79+XYLlUKqQ5TJvJcsdzN"
    "gjhb27qhVggfAAhdA5PS0170+XzPvTEkJwqVUw73u2N1tQZFJyCGnrY7+ieYzTmX/kVtmE"
    "Lm5vxqOr3vV7FNbw1Qat/cOH9wgGN5l8tbuXV/3he4T1mWmvtVG9hhIEeCa29FQ/ZQNSAZ"
    "B1fysj1+K11SmztLiZp6CWk2pIW6NURU900OKqShUkOLzsXl9KIcoaQKr9wW9Czsy0HoSU"
    "P44GkD+lwT6ykVST/fTrlywRddchVZOpoD6aDzkL9pzCWsR2gZKWpMuI9Q4IdyXXUHuo11"
    "B3PhoNUsD/vJ9RxIa3V+c9OMGkNKCQyZcjwaQMNJcILq1ntEkT748hr/wZBgPUR7Y1D6S/"
    "J0aaYKJWtdH43ohARIJTCzOiEDflkdZnsnldcZ8FcEkY832BTBpxbSqQJYoHgLBLQv9eyY"
    "3Wh1ydn0/enrx7c3YSIa0oZRnAKm+2KTYpJLSgBZdsZnsN6D/8ek2sIoEVOIL3bAkXWXfS"
    "J5FOZg7lxNbm6j2Zb8ixflzbr2R+qDwDwBIYgtbn1EjUcdAMUskDEUSbs6knKmqM72NzVj"
    "2zATSzSHNMoYvLuNgomreBlLGPAqpyiQ4HDXOgqyI8RXiMkLCxvhDxJSBCxo9Rn4twE9/k"
    "rPs2UuFhEsWO0B3RMPwlHFEzPEcwZu6HtRDTRcI2l2dura/hHOst4EkRUSNXPnDLD2pJhc"
    "e0cS97YuK9JzlRFsWmrqB4a+Ba28Clm1NYmVV4HlM0me0KqOFiawm2nvdo30KOGMfcyzno"
    "b6DTVuFuFFOtBZcadtgHe9KbztuzaBcSP5btOzdX3cGglK3CADCeq3L+cjMa5rM3QZI1T5"
    "gaR/9Dlsn2kM9L2Cl4kTJBhNP45VX39+wMvxiMzrO2BVHB+Wph3FE9Z+cfk6eCiR6WX2sP"
    "2h/2j3u/j5ezP7ICDUbDj2HxrEzaALzigCtxSoAegTRsgwoqdFE/5io04gQnSLmDYk8seu"
    "uGXfl6duXAqxRZG3q1w9CrGAi1wVfLgq9SM3L/w68uQEJT6ubaHaK8o2UWB80vZZLStgYb"
    "KkGBlh1Qz4HXhByjLnIp5cjADEohB7skP0hrnSrK3IZJO5IE3BeXX8KYlBb+Nxb+t2FGtY"
    "cZMcubVmF5WL65IXUNZ3jrIm9d5HGMnzjXKuvTKbIDMvQ0Tp32Gb0FdTqphO2XaMpq1Kk5"
    "mdKor2HhXPcvxhVV6sSOaZiW7pKcAJIqXs/DE0F6K3Gp7mmbuoY/+7Xs4cHRVMdwyNEcZJ"
    "ZgdjEwS8p1NSy7oTOARcAnacJi2AIo9SfjVLv/U3he5T1Cb3ZHXAG7HJNohPkPFgjrF+Om"
    "ZQkbmAw1IPoiZNt+9duBc+K345paKiFElMGelFfL30pa0OTJgfOeATNlkoJdF8+hcypnD0"
    "Tj1H3p80IkybyXXxVGsKsZX6HSF+jFq1ei2gSafFJDAap+QSncYNEpskkQafhDcibsDEwq"
    "3QwFK/tsa5ankzCfOpqFGYuvLHksENPUj9EWTnksT1Zlghn3HKEXon+BbCbK9/TgFcxhYH"
    "ceh9pyGFE4pgRZqXFl26k0RuW/jNp3qoO5oVLHr6DSmFvU30jUz+69SgjUL35wAPSkDP48"
    "KYafJ2XQZ2thSVxeKMPwzhLA3ykF+JOdXeB8sYczQ1bjfRNltyrac/o5IyUhLYWhNyOQU4"
    "C2Q5qsucWPIDm+jCNJ9mw9LBHIZe+if9UdvPy5c9TJXAQZ3l71AM+VCWEBxXCR2UuCV4Ly"
    "jQ31r3qwbjt6P8ndtOpVNoIlTbVREMt6m8s/J56tySsRd55pcdNmx6LZfz/DplNXbEtr8W"
    "0tvtHbKBKQrPuqUYq4nQtNmQs54TTx5c4l52NkEMiEeMr0gjMyojkAhbCKuGtSEDNGoyox"
    "TinCNsppp1FOsSm/PsdM06RTPtYpNTO365vheKpapn2/Hb/DGE8PSBA51/cAQs22cXuvD/"
    "UcEqc2dNKk5mMOf6+wPR9T8W/JbWHNifis1sQl+4EclZpxPwVjdMWMA6Uy15FIXcn/e3ml"
    "US52fxOJJBPkRA4BP5sbLvWmRiJHDQVTFGypLvD6+5Zcb2Kcxd63gAsrHXDRAFY74QZiP0"
    "QYBZTiMiRGQB7ef8RINoMY9Z1jpu8fM/ADgTxGhFMEyTl0hCYunfnUohqTs7BWtuidq7Hd"
    "3FuYyZkDhDn3MOMJlJwwbTRmM/0ymUVdIT4pTdjqwpvqwqlnVaI1VF4giXXXymKH4WKFMT"
    "iVccnhBeJkYUlmkyh9CSOzFrbA68NCHVk+x2t//++5FKhyK3W48rpbF4G8QUeSCtIUtFgn"
    "1nwQ1lzKGIrvyuRdaqlM375H3NwDoMG3VRoUuXJaJpDitDiO4rQojGLhrC1jkgoBW2uW2r"
    "WxpVjfqWxw2UDf2SujS2KcWcNLZLpKG10yelLW8hIf75saXaK5sckJPQoiPRfO6OhttuJT"
    "On4CrtwX3xzP1QzM5BVS8dpU+Kpw/qfalpZePwyZU+7H/oQJ8RMs+QRhu4Vhye1p38jTvu"
    "hBnnLPRhc+zLNLv61DbF0wtppclM+94WV/+PE9Cui/2p+7/Uv4iU3xgvSn/ufPPfGotGE6"
    "DoGUi+7wojcYiDRNDF583TC7BMsFZB4lXpNOdF40LP4PWpTLJmqolgfDw0VeIWwwovkhww"
    "ZP1g8bbMOlDjBEpg2XaufChuFSGcWpQmhOmrA1ge8yNCfxZY8NzbKH/gRRelZuNyyn9mei"
    "90UKqR2ljcZp5JXpxMQrMiRE03KFNSHxXno5mwKUduf+Nxz8e8ovGMKebnIkOgsdf3RNzu"
    "NvvkOqzbB/oSF8yUp+uFVEV7hEgzqY/4F3G7riokAnyTdR1Nl4GYtHELOWtVN8S35lvjVX"
    "NNNccQ+Dr+KcCMsf5EXPGkwEOuG5X6csvooVU7TXsFKopL2G1WLJHdsVkidb+RMqSdWiyG"
    "0GtT3L99wb9sxTUyE9DT13G+L5Q/s601EG0Cd3h7Wi2TxWp92kYbO/LJcTiz7FZGgfDW8H"
    "g4omkyZAXWk+KEK6oW1hFdCNbBklfefBHYEE2DyKP8gkOiJxo/gh37+IbgwYWEfUh586no"
    "ewU1ZQ4HffVUu5dxCizSpoNucSQhgc0YLXxoLXUERVI+yydAcJZut5tegvD9vc5Dl3bAvX"
    "QJLkkNTjXb7iAkPl6jqvEqUJf8gYgw2eJmrx3/NDjpzXa9e9adbKZEsyaWHgqh1p9zDQiU"
    "OE20tk5S6RbdGH/syAsCtOfEPJQYNBztEyKIjjMqtQYLEotnwf6UeBTJtoiUvB0ANxWe7b"
    "ocU4KEFyiBCopm/jinVWgelB8QNkeG2fxqE2z/3eRrETNUFSvxf1efDPLv2lFS7cPctB+f"
    "3/6f8bbg=="
)
