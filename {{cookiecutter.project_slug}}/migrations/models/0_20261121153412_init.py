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
    "search" TEXT NOT NULL,
    "category_id" BIGINT NOT NULL REFERENCES "categories" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_products_created_6cf3a9" ON "products" ("created_at", "id");
CREATE INDEX "idx_products_name_7e732c" ON "products" ("name", "id");
CREATE INDEX "idx_products_price_51c76d" ON "products" ("price", "id");
CREATE INDEX "idx_products_categor_c79556" ON "products" ("category_id", "created_at", "id");
CREATE INDEX "idx_products_search" ON "products" USING GIN (array_to_tsvector(string_to_array("search", ' '))) WITH (fastupdate = off);
CREATE INDEX "idx_products_attributes" ON "products" USING GIN ("attributes" jsonb_path_ops) WITH (fastupdate = off);
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
CREATE TABLE "product_tags" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "products_id" BIGINT NOT NULL REFERENCES "products" ("id") ON DELETE CASCADE,
    "tag_id" BIGINT NOT NULL REFERENCES "tags" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_product_tag_product_dfb57b" UNIQUE ("products_id", "tag_id")
);
CREATE INDEX "idx_product_tag_tag_id_0b0ba2" ON "product_tags" ("tag_id", "products_id");
COMMENT ON TABLE "product_tags" IS 'That a product has a tag; a model for the sake of its second index, which leads from a tag to its products.';
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
    "eJztXetT27gW/1c0/lI6wzJtSqC3vffOhCRtcxcSBsLuzpYdj7CVRBdHSi2ZkOnyv68kv1"
    "+JnRch+MsukXRk6XeOpPOS+lMbUxNZ7OgKDWzERn16j4j2CfzUCBwj8Udm/SHQ4GQS1soC"
    "Du8sRWC7LXUum6oqeMe4DQ0uagfQYkgUmYgZNp5wTOXXtB5BwMLkHmAC+AgBYwTFX3QA3E"
    "5EGeTARgRNAQQWHWLyOdIOM/VjAMfYmh0CSEyAiMnAFPMRgJYFMGfAplN2JEdjUkMMB5Ph"
    "tj/sEPzDQQKXIRJUtvj8979EMSYmekRM/vyuuV1povy75jBk69iUpOhxggWoOuTaX5Jmcq"
    "8PMLLMGKfcpqpc57OJKjvDww7hX1RbOfc73aCWMyZh+8mMjygJCDDhsnQopmxDjuQXuO1I"
    "lhHHsjwe+1x0ZxQ2cacSoTHRADqWZLykdgcQlmm63u319et2X9e1lFD4FBF2eUUGJVKgxF"
    "CZAmAoh/DLv2q1Dx9Oa+8+nHysH5+e1j+++yjaqvGmq06f3MGEaLldKcw6XzvdvhwQFVLr"
    "CrUseFI0kEOXSnEsRF8JjD6CbJTmQnME7WwexKkSvBCTTPLCR37bzNCuvzV+qdVPDuVCGa"
    "FHaCIDj6GVXFA5HBrDR91CZMhH4ufJ8Rzwf2tcNb81rg5Ojt/GOdD1amqqSvIixN5bNSnc"
    "b246rWzcQ4oE5o6DzSNJtwzyfkEIfbjfbWEhzIFVYfrhRGE6oYwPbVWpEEqAGdlr0oD2my"
    "2BB8djlI1rnDiBremRHvl/7A7GmtzHmUAADKittm5xBkAQislK6Pc7F+3rfuPiUvY0ZuyH"
    "JUtbjX5b1tRU6SxRenCSWABBJ+D3Tv8bkD/Bn71uO8nSoF3/T02OCTqc6oROdWhG0fKL/a"
    "KYDIijx1xOACKUa+C+t3NtmvnTERKHOQdTyAB6FGc7GSJTSYIUC4IeOaAEvUox8DWQ4mpF"
    "hGixbvECdtXtqRdSsxvcZ2oXEtQ0G75QG+Eh+RXNFCs6YtyQGCgDek+Lv/G6eWEsePJlzC"
    "8NtwYbTgNVOCp6Yu5ixoi7+lfjutlotTWF8B007qfQNvUY1LKG1miiJGibrhrXxskSSOBQ"
    "gSNnIcccRT3DpvK5kW9LyQkVNKEaYCLaUuIZHwRAw6AO4WmbZ27LxUZKZX/spP2BxhBbZU"
    "yPgGCHrQ6LTpENDMgKHr5xQ6NWL2JpiFa5poaqi6vH6v8lYPbbrwfl5z4LY/i+f/euAL6i"
    "VS6+qi6O7wQyNqViyy1rSqcI9xDxWr1eSKLrcyS6nkTcplaORLeJM05pFjHQfdrtYa0ZDu"
    "N07J6cZfaS5s11v3fRvvoE/B5uiVCQv3z5BMTkBoNb0mhddLqfADTHmCy13xRZDrX81VBL"
    "LQaOs9S+YqzxabfIGjkSU6hLZVkj2NBtNa5aihOqB8GazvlvklkMWw+SVV9756J+SL2V/+"
    "yswUwX+hh+yFg6Z1SsCkhytJ4oXYI3d4JwU8zxj+Pt+p3Oer3zmLV71kloNt2bi7O2OCUU"
    "9KIR5jGFJwTcsJGEZDm3RJz45filip8TYoJmj1gzj9UvxA3hSWXKC5EyhfMtt8hBloo8Jd"
    "alR//l1ytkQYVwWhhy4l0vTBzyLObYihLKkmdeLo9TT/axTwBt0hHQFPgMqT3TMpwBQd3h"
    "PIeA4bbCqLBXgIhOVEBTRi29b4iZIvQZQGBTyoHQl0UrMIE2ynYXLNNFkWBnfFPGphv29A"
    "0m+bvyNeykr6GygTdrAzPLGZbB12+/u56cXUK3UiRfkSIZdy3J46l0QCtGtlRIazthzB08"
    "ROZEtFxU1xDTiipOL4sPRcNaMQGMBbauxJK46jT78yJbkY1vhC3Tdu2Z5TX+/cM7vknY1H"
    "QMvqJZdOn28gL3/2cxjHy4MuyiCJL5ZlGUaYuNoms6FkaJAMFN78QMMGqZR6DDxV+cGvey"
    "aCqrDEhECbYscCcsIGnqIjNtIa2hv/WYS/L3xMZGrMC32Lz9I6uXn1qcT+hxIk5dJuBSRR"
    "q0bTgTg9M5e0AGp/aBO3lZpOoObjWGoG2MbkWnb8Cbt29ltxFr7VH3WaS7DRX7vDUjTg9N"
    "fVXwTf52NYGDAWTcmUhVCvxHmJ+Dt9rT4qHeapCLsd05HLFbDfyfUXKnTyAf6XTC8gcVEi"
    "03sMpQ3UlDld07pewot/nemVHHRayo43wj6jhlQ1UegEhoqVhsaV5wKYVvdGQpmPtiQ8qG"
    "OUG2xdBfyZDfOmJL/fYf/Zjl6SN6cNH4423M+jzvdb/6zSMcaJ73zpLpB/7xGYe864yRqM"
    "kxEH2apDvAzZE/aoW58i9M0ueg32o3OxeN84P3tcNaInbXvbloC6sk6dSSmlAa2dyTMGi/"
    "vSzSd5s9DGvvj0+PP344OQ7OwKBk3tGXDoXGtZU4nv+77nWzAY1TJWUVGxz8DSzMNoau9u"
    "+BQwyJHbhzsMUxYUfys/99hr1DojR/70huE4dxd5TsILl3VI7FV+pYdI2BZW9MxIgrxu8K"
    "4zNuSKScRaEtG2f6tSrPOdcCmj1Qz8rwdhPqWsK5UdzOThBWN1XW5dc3Iu7h7Xn2d40VRV"
    "37CTFcwbnP4VCXN9nX47juw+EeoZ7OetKFqTJeR+pTR/SzT0it6OWPyWMGvheQzPpU/rfg"
    "HrCkID6r823O4lez0hMhDm+OtpQ4oQhmRqKorfC/RzN/sbs7RsAZrybwaLvVfGRTZziK1O"
    "g+YzJvyIlyPYX1U5HYjZxEfvjGm+LCCE4wusVRnL4MqEDgEaoUNAgEuUxKUx8ILvAyeK/y"
    "1+RrHAwJtphACcYhmI6wMQKW0GEYGNh07PYAOFVtfSzTEZ8tfzsjOvQ9Jh6C0E2WiwWMQi"
    "mJSkWVVLebsYrEyi2RnxInrFTZkiyJ61Bl0Y8ssgr4deUG5eZglLYh9i8RI2lCJJZ/9sX3"
    "hJSvAdj9shCSoIarepceEsjRsRYqV8WVqgaQV2jdPJahUB0noSYCoGFTxkB4BSHrrkBZ8u"
    "q9gR3eouepK8+bAbBDyRX1IuH/en70v66C/0tdePONpsrvs2lvRr5GUtqjsYJG8qK8GpF5"
    "Jj0bgW8o7tVIaDJJ10Z4Jq/q1QhkI/ekda81Zpy1wX3H/NM2vFa5+Lz9XZ6UlKDgTQJwJ2"
    "fGgSo2UPqILUSxfDopp9zNVPELhDhzR80mm8AfRm56aXV+7+T5HfI1fYIvflwipN5iEHOC"
    "iCmBLccX7bLdbXW6Xz8Bj/6WXDY6LfETYvnOxLfO5WVbPj0xwpMJEiXNRrfZPj+XZYacvG"
    "WhHXlzIlicJZLTAppXmZx2XDA5rUrd2cMMjip155UyvkjqTkJvKZE5EiesvL5ryxyJPOy1"
    "onNyz985TYjgClkj6AGRVe86KpOo/YBepOQXShmpkkW2fyU0IlV5ZnggcwtscT2U8mL/FI"
    "lobc/UC/DEvaX5hgHomJgDOX/rM5jamHPkvaDr/XsgZIjkG+Jc2AtM0B4CIj5rezUZt0Y3"
    "+aEi9r+XB5W02it7fTft9Xsx+TL+dr/9Xt64W7dhbSKe+Xpy/mWakKK6SBPT+KuLNJVRtr"
    "Q1Hj2Tih80UarKHFuXOUb9SMeKtti+vRB5mDDGotK3S8kiocWRpz/75sgi9Tkwf4ppz35W"
    "bEStPZTRKam+qqvSUnsdQZkmgki2Xly+i8wU2UCEvf4ycmT9+GEVqdpZzfeHAwnHPONGUS"
    "4DoiT7dCKs7Qa5mBfXl3nrIE74KmNKRR88qJSZZ0zljuzrpeCP01UMqLTJXdMmM6R8Dbi+"
    "mjz5ZWMmm1TVG/K8HWkZerpXM1dJh2GbRfp5PqhrzsN+LarxigpZvtL7gGyW+fhXvsc3Qr"
    "KPTt9N/NNXclGVQNhrvofobuahdUp45hvP+W71CMn2/erPY1eszYNe4grB+g+zp38AkRzE"
    "7w=="
)
