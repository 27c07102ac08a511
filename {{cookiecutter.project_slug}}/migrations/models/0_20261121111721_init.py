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
DROP TABLE "tags";
DROP TABLE "categories";
DROP TABLE "users";
""",
    "sqlite": """
PRAGMA foreign_keys = OFF;
BEGIN;
DROP TABLE "users";
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
    "eJztXG1v27YW/iuEv6wDsiB17aY3Gy7g2k7rNbaDxNmGtRcCLTEyEZl0JSqpsZv/PpIS9S"
    "5b8ltsR1/a+JCHIp9D8pznkNI/tSk1kOWc3jnIrl2Af2oEThH/IyY/ATU4m4VSIWBwbMmK"
    "Lq8hJXDsMBvqjAvvoeUgLjKQo9t4xjAlomoLzHhdSsATZhMACYC6Tl3CToW6QXWuj4m5tK"
    "ZL8HcXaYyaiE1kt7/+j4sxMdAP5KifswftHiPLiI0KG6IBKdfYfCZlH7HZI+xS1hX9GGs6"
    "tdwpCevP5mxCSaCACRNSExFkQ4bEE5jtivES17J8XBQEXmfDKl4vIzoGuoeuJVAT2l4HQl"
    "lN0wbDkXbbHWlaLYWo0ohA54t0SoQ1eFcdCYApuvDLf+r1d+/O62fv3n9oNs7Pmx/OPvC6"
    "sr/povNnrzMhWl5TErPep95gJDpEucm9iSAEz1IHMuhpSWOE6KMpxFbaAO0JtLPhDxQSFu"
    "BDS1pA4b1rE9Qs+oRsoEMHJWdxjimm8IdmIWKyCf9ZbzYWwPxH66b9uXXzhtf6OQ72wC+q"
    "e2UC9xBn+X8JmFX9zaCsBCHM4Xawi6kew/ft2VkBfHmtXHxlWRzfGXScJ2ob2gQ6kzJApx"
    "SPEPF6s1loRjcXzOhmEnGbWjkzukvcqQS7x/sEiY5SoCvd3WFd012H0annOcvsJe2729Gw"
    "3725AKqFb+R21Lq8vAB8cPf330ir0+8NLgA0ppistN8UWQ71/NVQTy0Ghr1xrmIapbtD04"
    "ieGNA2ypqGm2HQad10pCVkC9w0vas/hLEcbD0KU30aXvFyk/or/8VNgx2Nx2P4MWPpfKR8"
    "VUCSE/VE9RK2GXPFbRlHueMt7FGLYpnh8Eq0PHWc75YX3CQim8Fd/2OXewkJPa+EWSzgCQ"
    "HXbSQg0SBLI343and4IcNTlI16XDkBu+Grnqo/DtFP8AEaQ2LNfVMvsMmo1+/yFde/jhmm"
    "0xp1RUldSucJ6Zv3iaURNAL+7I0+A/ET/D0cdCW81GGmLZ8Y1hv9XRN9gi6jGqFPGjQiQa"
    "KSKtSeBcm4f4gEukIwhvrDE98ctFhJOEO48/fpUmI9+nqXX26QBSWy6Ungc7KhaOMA7f+s"
    "ZrySqnkggKN1mgdlumhanyYlkEBTDkk8WzzJB6vN8TGpPa9lkNug7GQRwdW9WhgVZrmENw"
    "LoPeDsFPjacz5ShH4FENiUMsDjP14LzKCNsunvKk0s58VfE5sMp7e8xteAAIjfFXfeS+5c"
    "cbrtcjrHcs0y+Kr6+5uZ2Cd0q8DoFQVG8VSJcE9aWd8RU1vuQjJs7Hdub0y8MyeSCkuTxk"
    "hb4pLaCJvkC5qn6Hp2BBoNnA7LDnkxKBfb8CmIeuITkAPAh4081nfDl8RNr82hLhLv6xNs"
    "Gbyp9SL+48M7vknY1HB1tiYtuvZaOcD9/0WIkYIrgxdFkMynRVGjLSdFt3TKSQkHgTMayA"
    "B2gEMt4xT0GP+LUf1BiJ5EkQ4Jl2DLAmPOgATVRUaaIW2gvc3QJfF7ZmM9JlCMzd8/0q1U"
    "JGsvSZbz4JbiAF71o6MAjSIMoJFPABqp+L9ir5E0f7E8/6JEfwrfaM9SMI/Qj5zdI6G2w2"
    "OYkscvm8jzj7p/jWKsSSH6pt/66+cYc7oaDj6p6hELtK+GH5NHwWrrj0M+cKeIl+SQG6WT"
    "pLJIx1NonXa8/w9wpi9Av9Nt9/qtqzdv6yf1xDnK4K7f5RF1MiEjvHga2VxPGNRfiS6uhO"
    "TZdp1h/W3jvPHh3ftG4AMDySLXlz6Wgow/b+wylBFh/347HGQDGtdKzlWsM/B/YGFna+jW"
    "frt3iS6wA2MXWwwT51Q89r8vsHcIlBbvHclt4iSeShENJPeOKin2SpNi7sxY3fBx5crw+2"
    "J4hVHE8qlER4IXFqd5CcXdubijoHwLUqJ6JLO2u6TovpmiaFY0MQ3XyIvKRIzGA8DpJi5D"
    "9Hg7RwT7unm/yOU8aGbg24dkPqLi34JTewTNg0tpLJjTclRaIunpj9EWM46718zcNLUl/g"
    "9o7oPrL4TAMn6JUvKL2cSmrjmJlGjKMLEl1G7dtlsd6Xi0FNbPC7O5ovcZmVx/UPlZXNWP"
    "ItdaxM1lL91q8vHMHKCGCaBuU8cB4U2ZrCstZdWr1zz22KWeLMiivmyyb4/yqM0imb5mfq"
    "KvKfN8Je4Zbsxv5J/IlfYdaxzLHZT/iIwz6UMCLxz3HwkvkXQioXtZ138EMUWu+/CulGY4"
    "kOCuab4LCa+0Lncif4rtnxIUvN8AxmJkDEixjtJ+o5DG6kd5jDIv06oEfDoz18k+tZNHe3"
    "43qqO9w3JKoV1XeVEl1N7hGckMEUMAW84utevuoNMbfLoAvv43ct3qdfhPiMU7K59719dd"
    "8RrLBM9miEvarUG7e3UlZLoYvGWhPXl/JVicJQ5XAp1XebjSKHi4UqWejzADWaWeX6nhC6"
    "We43FLidRzXLFKPW8s9Rx5SXjN1LP6SseBmaFw2jk+BddIO6NHRNa9ZyopUfcRHeTML3Qf"
    "t0rL7/46bmRW5dHwYM4t4eJaOMuXM/Ihp9a8tj0XbxtC4t2Q/ckB0DUwA2L81q/gycaMIf"
    "9rPPKVxAkkJgKiBucLDtc9AYQ/1vZLMm7sbvNBRfi/f+KUZO0VX99Pvv7AB18miazqH+WN"
    "0U0TawOxzC8x5V8GCzWqi2CxiL+6CFaRspXZeNQnFXc0Ua2Kjm2KjlF10rEmFzu2r3OcJM"
    "hYdPZlnj4tIGJbD6Al48iLnxUdWRY+B/SnWPTsH8lFw9oTcTolwld51V9ErxMo7j4gkh0X"
    "l28iI+L9Gk5hvz0vuI1Fwer8sDqp2tvI97sLCcMs40pirgGiKsfkETb2BgQfF9NWeVcnrv"
    "gqz5SKvrBTBTM730RSF3bKf2gjplcZoIom9y2azJjlG8D1+D4WkUQ2vrJLn5lsM1RvCX87"
    "qWXE6X7JwiAdhnWWxef5oG74cvFrCY3XDMjyg95HZDuZL6/nZ3wjKseY9N3GZ7TFoiqBsF"
    "/9CNHdzkfuKGGZ39fKT6tHVHafV38ZXrGxDPru7sVnOLPnfwHoNmbs"
)
