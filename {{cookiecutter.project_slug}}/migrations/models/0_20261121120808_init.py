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
    "eJztXGtv47YS/SuEvtwt4AZZx072ZosLOLaz6zaxg8Rpi+4WAiPRMhGZ9EpUHKM3/70k9X"
    "45kl+xHX3ZjUmOJJ4ZcubMUPpHmVAdmfbRLRpZyB4P6SMiyjn4RyFwgvgfmf01oMDpNOwV"
    "DQw+mFLAckeqTAyVXfDBZhbUGO8dQdNGvElHtmbhKcNU3E0ZEARMTB4BJoCNEdDGkP9FR8"
    "C9CG+DDFiIoBmAwKQGJp8j47Atf4zgBJvzGoBEB4joNphhNgbQNAFmNrDozD4ST6NTjT8O"
    "Jsa2b+wQ/MNBHBcDcSmL3/7b37wZEx09I1v8/Ka4l1J4+zfFsZGlYl2Ioucp5qCqkCl/C5"
    "npozrCyNRjmnKHynaVzaey7QIbPcIu5Vgx9wdVo6YzIeH46ZyNKQkEMGGi1eBTtiBD4g7M"
    "coTKiGOano59LbozCoe4U4nI6GgEHVMoXki7DxC2KaraHwzVu+5QVZWUUfgSEXV5TRolwq"
    "D4o9oSAEM8ws//rddPTs7qxyenn5qNs7Pmp+NPfKx83nTX2Yv7MCFa7qUkZr0vvf5QPBDl"
    "VusatWh4kTKQQVdKaixEXxqMOob2OK2F9hha2TqISyV0wSeZ1IWP/LaVodx9bf1cb57WxE"
    "IZo2eoIw1PoJlcUDkamsBn1UTEYGP+87SxAPzfW7ftr63bD6eNn+Ia6Hs9ddkldBFi762a"
    "FO73971ONu6hRAJzx8H6kZBbBnm/IYQ+3O+2sBAWwCoxPTmVmE6pzQxLdkqEEmBG9po0oM"
    "N2h+PB8ARl4xoXTmCre6JH/h+7g7Ei9nGbIwBG1JJbN/cBEIRmshL6w951927Yur4RV5rY"
    "9g9TtHZaw67oqcvWeaL1w2liAQQXAX/0hl+B+An+GvS7SZUG44Z/KeKZoMOoSuhMhXoULb"
    "/Zb4rZAHc9+nIGEJFcg/a9nWvTyp+NEXfmDMygDdAz9+3EQLq0BGEWBD0zQAl6l2bgRyDF"
    "w4qI0OuxxR7sqtsLL0RkN3rMjC4EqGk1XFILYYP8huZSFT3+3JBoKAN6L4q/9y6zZyp48W"
    "3Mbw23BgvOglA4anp87nzGiLnxV+uu3ep0FYnwA9QeZ9DS1RjUoofWaaIlGJvumtQnyRZI"
    "oCHBEbMQzxxFPYNT+drI51JiQgUpVAtM+VhKPPJBANQ06hCW5jwLR75OUir+sZP8A00gNs"
    "tQj0Bgh1mHSWfIAhq0CzrfONGoN4swDT4ql2rIvnh4LP8vAbM/fj0ov7UvjOH78fi4AL58"
    "VC6+si+O7xTa9ozyLbcslU4JHiDi9WazkEU3F1h0M4m4Rc0ci+4SZ5KKLGKg+7Lbw1rRHJ"
    "vRies5y+wl7fu74eC6e3sO/Ct8JzxAvrw8B3xyo9F30upc9/rnAOoTTJbab4osh3r+aqin"
    "FgPDWWFfMdX4sltUjXgSnYdLZVXD1dDvtG47UhPyClw1vavfhbJsbD4JVX0ZXPF+g3or/8"
    "1Vg22Vx2P4KWPpXFC+KiDJiXqicgndPHDBTSnHd8fbzTtdDAZXMbZ70UtENv3764su9xIS"
    "ej4Is1jAEwKuWUhAslxaIi68P3mp4n6CT1AfEHPuqXpP0hCeVaayECkqnM/cIo4sVXlKrE"
    "tP/vK3W2RCiXDaGHLqXXtmDnmMObaieLDk0cvlcRqIaxwSQJtMBLQ5Pga15kpGMiDoqy1K"
    "CGjuKIwKZwUIv4gsaIqqpXcPPlOEPgMILEoZ4PEyHwWm0ELZ6YJlLlGk2BnflLHulj19wi"
    "R+V7mGncw1VBx4sxzYNh2jDL7++N3N5OwSulUg+Y4CyXhqSbin0gWtmNhSJa3tlDF30Iks"
    "qGi5qK6hphUNnPZLD0XLWjEDjBW2bvmSuO21h4sqW5GNb4xN3XL5zPIR/+HhHd8kLKo7Gl"
    "uRFt24V9nD/f9NiJEPVwYviiCZT4uiSnudFN3RCSclHAT3eCe2gU1N/Qj0GP+LUe1RNM1E"
    "lwYJb8GmCR44AxJUF+lphrSG662HLonfUwtrsQafsXn7R/oqFcnaSZJlPzqlOIA7/OAoQK"
    "MIA2jkE4BGKv6v2GukLFKsLrKoMJLCN/pkKZiH6Dln90iIbbFsVbJctY66yLD75zDGmnxE"
    "P1y3/vwpxpyuBv0v/vCIBtpXg4tk6dzf+uOQ950J4j055MaXSVJZ93z3USc8571nlr4A/U"
    "633btuXX34WK/VE3Wn/v11l0fUyYSM8OJpZHM9YTB+eycgjzfrDOsfG2eNTyenjcAHBi2L"
    "XF+6jAcZv9+Dw1BGhP3r3aCfDWhcKmmrWGPg/8DE9sbQVX4ZOUQT2IEHB5sME/tI3PZ/b7"
    "B3CJQW7x3JbaIWT6WICyT3jiop9k6TYs5UX17xceFK8bui+IzT/alER4IXFqd5CcHqkP+6"
    "UqJaJLO2vaTorqmiaFY0YYYr5EVlIkblAeBkHYchevw6BwT7qnm/yGFGaGTgew3JfEjFvw"
    "VNewiNvUtpLLBpOSs1kfT05mgJi+PuNTM3TS2J/yOae+B6CyHQjNfjC3ndbGxRxxhHelRf"
    "MZnvzPB2NYX1y8Jsrnj6jEyuN6n8LK7/HEWOtYiT3m661eDzmdrAnyaAmkVtG4QnZbKOtJ"
    "QVr16L2WGXWluQRX3bZN8O5VGbRTJ9zfxEX1Pm+Uqcy1yb38ivyJX2HSuU5fbKf0TmmfQh"
    "gReO+4+El0g6kdC9rOo/gpgi1324R0ozHEhw1jTfhYRHWl93In+I7Z8SFLwPAh7EzBiQzR"
    "pK+41CEsuX8hhlbqbVb+DmzBw7u2onS3veY1Slvf1ySqFel3mxJ5TeYo1kiogugC2nF+Wm"
    "2+/0+l/OgSf/ndy0eh3+E2Lxjs/X3s1NV7z2M8bTKeIt7Va/3b26Em2amLxpoh153ydYnC"
    "WKK4HMuyyuNAoWV6rU8wFmIKvU8ztVfKHUczxuKZF6jgtWqee1pZ4jL1WvmHo+8G/MJExw"
    "hbQzekJk1XOmkhJ1n9BeWn6h87hVWn77x3EjVpVHwwObe4WLq6GVF/sMLB9tzeXX94h7Qv"
    "Y/NoCOjhkQ8zc/g5mFGUPe14u8b7ESA4nvtzHOF2wuWwOE39byejJO7G7yRkX4v1dxSrL2"
    "iq/vJl9/5JMvk0T2xx/kidF1E2sdscwvV+UfBgslqoNgsYi/OghWkbKl2XjUJxV3NFGpio"
    "6ti45Rv9KxIhc7tK9z1BJkLGp9u/TFz5Bx5MXPPh15LXwO6E+x6NkryUXD2pqoTonwVR71"
    "F9HrGIqzD4hkx8XlL5ER8X4LTdi7nhvcxqJgv35YVap2NvL94UDCMMs4kpirgKjIIXmEtb"
    "0BwefF1GXe1YkLvsuaUtEXdqpgZuubSOrATvkPbcTkKgVU0eSuRZMZVr4GXA/vYxFJZOMr"
    "u3TNZJOhekv427GSEad7PQuDdBiOeS0+zwd1zYeL30tovGJAlh/0PiHLznx5PT/jGxE5xK"
    "TvJj47LhZVCYS94QeI7mY+ckcJy/y+Vn5aPSKy/bz62/CKtWXQt3cuPsOZvfwLtJ4UXA=="
)
