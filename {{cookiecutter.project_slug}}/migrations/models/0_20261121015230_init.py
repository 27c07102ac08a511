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
    "price" VARCHAR(40) NOT NULL,
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
    "total" VARCHAR(40) NOT NULL,
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
    "unit_price" VARCHAR(40) NOT NULL,
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
    "eJztXG1v2zYQ/iuEv6wDvCB17abLhgGu7bReEztI3G1YOwi0xMhEZNKVqKTGlv8+khL1Ll"
    "vyW2xHX9r4yKPI50jePUdK/9am1ECWc/LZQXbtHPxbI3CK+B8xeR3U4GwWSoWAwbElK7q8"
    "hpTAscNsqDMuvIOWg7jIQI5u4xnDlIiqbTDjdSkBj5hNACQA6jp1CTsR6gbVuT4m5tKaLs"
    "HfXKQxaiI2kd3+8g8XY2Kg78hRP2f32h1GlhEbFTZEA1KusflMyt5js0/Yhawr+jHWdGq5"
    "UxLWn83ZhJJAARMmpCYiyIYMiScw2xXjJa5l+bgoCLzOhlW8XkZ0DHQHXUugJrS9DoSymq"
    "YNhiPttjfStFoKUaURgc4X6ZQIa/CuOhIAU3Thp58bjTdvzhqnb96+azXPzlrvTt/xurK/"
    "6aKzJ68zIVpeUxKz/of+YCQ6RLnJvYkgBE9SBzLoaUljhOijKcRW2gCdCbSz4Q8UEhbgQ0"
    "taQOG9axPULPqIbKBDByVncY4ppvC7ZiFisgn/2Wg1F8D8R/um87F984rX+jEO9sAvanhl"
    "AvcQZ/l/CZhV/c2grAQhzOF2sIupHsP39elpAXx5rVx8ZVkc3xl0nEdqG9oEOpMyQKcUjx"
    "DxRqtVaEa3FszoVhJxm1o5M7pH3KkEu8/7BImOUqAr3d1hXdNdh9Gp5znL7CWdz7ej4VXv"
    "5hyoFr6S21H74uIc8MHd3X0l7e5Vf3AOoDHFZKX9pshyaOSvhkZqMTDsjXMV0yjdHZpG9M"
    "SAtlHWNNwMg277pistIVvgpulf/iGM5WDrQZjqw/CSl5vUX/nPbhrsaDweww8ZS+c95asC"
    "kpyoJ6qXsM2YK27LOModb2GPWhTLDIeXouWp43yzvOAmEdkMPl+973EvIaHnlTCLBTwh4L"
    "qNBCQaZGnEu7yE4SnKhjyumcDc8FVP1B+H6CT4AI0hsea+nRcYZNS/6vHldnUds0q3PeqJ"
    "koaUzhPSV28T6yJoBPzZH30E4if4ezjoSXipw0xbPjGsN/q7JvoEXUY1Qh81aEQiRCVVqD"
    "0JhnF3H4lyhWAM9ftHvjNosZJwenDP73OlxGL09S4+3SALSmTTk8AnZEPRxgHa/0nNeCVV"
    "80AARxs0D8p00bQxTUoggaYckni2eJIPVofjY1J7XstgtkFZfRG71b1aGBWmuIQ3Augd4N"
    "QU+NpzPlKEfgEQ2JQywIM/XgvMoI2yue8qTSwnxV8SmwzntrzGlyD6F78r4ryXxLkidNsl"
    "dI7lmmXwVfX3Ny2xT+hWUdFLiYriSRLhm7SyjiOmttx/ZNjY79zemHhnHiQVkyaNkbbEBb"
    "URNsknNE8R9ezwMxo1HZYd8gJQLrbhYxDyxCcgB4APG3l874YviZt+h0NdJNjXJ9gyeFPr"
    "hfvHh3d8k7Cp4epsTU507bVygPv/s7AiBVcGKYogmc+JokZbzohu6ZQzEg4CpzOQAewAh1"
    "rGCegz/hej+r0QPYoiHRIuwZYFxpz+CJ6LjDQ92kB7m+FK4vfMxnpMoOiav3+kW6kY1l4y"
    "LOfeLUUAvOpHF/83i4T/zfzov5kK/ivqGknwF8vwL0rxp/CN9iwF8wh9z9k9Emo7PIApef"
    "CyiQz/qPfXKMaaFKKvrtp//RhjTpfDwQdVPWKBzuXwffIQWG39CUKLdDyFVg65UTpJKusp"
    "nfjKBzjTF6Df7XX6V+3LV68b9UbiBCW6oyQyMsKTp9HN9YZB/ZUo40ponm7XITZeN8+a79"
    "68bQZ+MJAscn/pQynI+PPGLkMZUfbvt8NBNqBxreR8xToD/wELO1tDt/brnUt0gR0Yu9hi"
    "mDgn4rG/PcP+IVBavH8kt4p6PJ0iGkjuH1VWLH8FHG9WzJ0ZK1o9rllZfV+srjCKmD2V5k"
    "iwwuIkL6G4O+d2FIRvQUJUj+TVdpcS3TdTFM2JJqbhGllRmYbRePg33cQ9iD5v54hgXzfr"
    "F7mUB80MfK8gmY+o+Lfg1B5B8+ASGgvmtByVlkh5+mO0xYzj7jUzM01tif89mvvg+gshsI"
    "xfopT8YjaxqWtOIiWaMkxsCXXat512VzoeLYX108Jcruh9Rh7XH1R+Dlf1o8iNFnFj2Uu2"
    "mnw8MweoYQKo29RxQHhJJus2S1n16vWOPXap9QU51OdN9e1RFrVVJM/Xyk/ztWQ6pMQVw4"
    "35jfzzuNK+Y41DuYPyH5FxJn1I4IXj/iPhJZJOJHQv6/qPIKbIdR/ebdIMBxJcM813IeFt"
    "1uVO5E+x/VOCgvcawFiMjAEp1lHabxTSWP0gj1Hm5VmVgE9n5jrZZ3byYM/vRnWwd1hOKb"
    "TrKi+ohNo7PCGZIWIIYMvZpXbdG3T7gw/nwNf/Sq7b/S7/CbF4V+Vj//q6J15fmeDZDHFJ"
    "pz3o9C4vhUwXg7cstCfvrQSLs8TRSqDzIo9WmiWOVqrEc/7EPswUZJV4folWL5R4jkctJR"
    "LPccUq8byxxHPk1eA1E8/q2xwHZobCSef4FFwj6YweEFn3jqkkRL0HdJAzv9Bd3Copv/ur"
    "uJFZlUfCgzm3hIlr4SxfzseHnFjz2vZcvGYIiXc79gcHQNfADIjxW7+ARxszhvxv8Mh3ES"
    "eQmAiIGpwtOFy3Dgh/rO2XZNzW3eaDirB//7wpydkrtr6fbP2eD75MClnVP8rbopum1QZi"
    "md9fyr8EFmpUF8BiEX91AaxiZPWVeHjUIRX3MlGtiottiotRdcixJhE7tm9y1BNMLDr7Mg"
    "+eFrCwrUfPkm7kBc+KiyyLnQPuUyx09k/jojFtXRxMidhV3vEXoesEimsPiGQHxeWbyAh3"
    "v4RT2G/Pi2xjIbA6OqwOqfY27P3mQsIwy7iNmGuAqMoxeYSNvfbAx8W0VV7SiSu+yOOkMm"
    "/qVAHNzjeS1H2d8l/ZiOlVBqgiyn2LKDNm+QZwPb4vRSSRja/s0ocm2wzX24g71UktI1b3"
    "SxYG6jCssyxGzwd1w3eLX0p4vGZQlh/4PiDbyXxzPT/lG1E5xqzvNr6eLRZVCYT96keI7n"
    "Y+b0cJy/y4Vn5ePaKy+8T683CLjaXQd3ctPsOZPf0PL0tiBw=="
)
