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
CREATE INDEX "idx_products_search" ON "products" USING GIN (array_to_tsvector(string_to_array("search", ' ')));
CREATE INDEX "idx_products_attributes" ON "products" USING GIN ("attributes" jsonb_path_ops);
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
    "eJztXG1T27gW/isafymdYZk2EOhtd+5MSEKbXUgYCLs7W3Y8wlYSXRwptWRCppf/vpL8/h"
    "bsJIQk+EtLJB1Zeo6kc55zZP/UxtREFju4QgMbsVGf3iOifQY/NQLHSPyRWb8PNDiZhLWy"
    "gMM7SwnYbkudy6aqCt4xbkODi9oBtBgSRSZiho0nHFP5NK1HELAwuQeYAD5CwBhB8RcdAL"
    "cTUQY5sBFBUwCBRYeYfIm0w0z9GMAxtmb7ABITIGIyMMV8BKBlAcwZsOmUHcjRmNQQw8Fk"
    "uO4HOwT/cJDAZYiElC0e//0fUYyJiR4Rkz+/a25Xmij/rjkM2To2pSh6nGABqg659o+Umd"
    "zrA4wsM6Ypt6kq1/lsospO8bBD+JlqK+d+pxvUcsYkbD+Z8RElgQAmXJYOxZRtyJF8Arcd"
    "qTLiWJanY1+L7ozCJu5UIjImGkDHkoqX0u4AwjJN17u9vn7d7uu6lloUvkREXV6RQYlcUG"
    "KoTAEwlEP45T+12uHhSe3D4fGn+tHJSf3Th0+irRpvuurkyR1MiJbblcKs87XT7csBUbFq"
    "3UUtC56UDOTQlVIaC9FXC0YfQTZKa6E5gna2DuJSCV2ISSZ14SO/bmVo198av9Tqx/tyo4"
    "zQIzSRgcfQSm6oHA2N4aNuITLkI/Hz+GgO+H80rprfGld7x0fv4xroejU1VSV1EWLv7ZoU"
    "7jc3nVY27qFEAnPHweaBlFsEeb8ghD4879awEebAqjA9PFaYTijjQ1tVKoQSYEbOmjSg/W"
    "ZL4MHxGGXjGhdOYGt6ogf+H5uDsSbPcSYQAANqq6Nb2AAIwmWyFPr9zkX7ut+4uJQ9jRn7"
    "YcnSVqPfljU1VTpLlO4dJzZA0An4s9P/BuRP8Hev206qNGjX/1uTY4IOpzqhUx2aUbT8Yr"
    "8otgaE6TEXWwARyRVo3zu5Xlr50xESxpyDKWQAPQrbTobIVCtBLguCHjmgBL3JZeB7IMXd"
    "iojQ877FFpyq63MvpGc3uM/0LiSoaTWcURvhIfkdzZQqOmLckBgoA3rPi7/xutkyFTz5a8"
    "wvDY8GG04DVzi69MTcxYwRd/2vxnWz0WprCuE7aNxPoW3qMahlDa3RREnQNl01ro2TJZDA"
    "oQJHzkKOOYp6BqfytZHPpeSEClKoBpiItpR45IMAaBjUITzNeea2fJ6kVPxjI/kHGkNsla"
    "EegcAGsw6LTpENDMgKGt840ajVizAN0SqXaqi6uHus/i8Bs99+NSi/ti2M4fvxw4cC+IpW"
    "ufiquji+E8jYlIojtyyVTgnuIOK1er3Qiq7PWdH1JOI2tXJWdJs445RnEQPdl10f1prhME"
    "7HruUsc5Y0b677vYv21Wfg93BLhIN8dvYZiMkNBrek0brodD8DaI4xWei8KbIdavm7oZba"
    "DBxnuX3FVOPLrlE1ciSmcJfKqkaoodtqXLWUJlQPQjWd8z+kshi2HqSqvvbORf2Qejv/1V"
    "WDmS78MfyQsXVOqdgVkOR4PVG5hG7uhOBLKcc3x+uNO532eucxtnvaSXg23ZuL07awEgp6"
    "0QjzmMMTAm7YSEKyWFgiLrw9canidkJM0OwRa+apekvCEN6qTEUhUlQ4n7lFDFkq85TYl5"
    "782e9XyIIK4fRiyMl3bdlyyGPMsR0lnCWPXi6OU0/2sUsAvWQgoCnwGVJ7pmUEA4K6/XkB"
    "AcNthVHhqAARnaiEpsxaes8QM0XoC4DAppQD4S+LVmACbZQdLlikiyLJzvihjE037ekTJv"
    "m7ijVsZKyh4sAvy4GZ5QzL4Ou339xIziahWzmSb8iRjIeWpHkqndCKiS2U0lpPGnMDjcic"
    "jJaL6gpyWlHHabv0UDStFVuAscTWldgSV51mf15mK3LwjbBl2i6fWdzj3z2844eETU3H4E"
    "vSoku3ly08/1+FGPlwZfCiCJL5tCiqtOdJ0TUdC1IiQHCvd2IGGLXMA9Dh4i9OjXtZNJVV"
    "BiSiBFsWuBMMSFJdZKYZ0gr6Ww1dkr8nNjZiBT5j886PrF5+anE9oceJsLpMwKWKNGjbcC"
    "YGp3P2gAxO7T138rJI1e3dagxB2xjdik7fgXfv38tuI2ztUfdVpLsNlfq8PSOsh6aeKvQm"
    "f2tPzw/pVoNcjOHO4YjdauB/jJI7fQL5SKcTlv/wUGj+ACriuZHEk907pXiR23znaNFREV"
    "Z0lE+KjlKcqGL0kVRRsVzRvGRRCt/oyFIw98XBkw1zQmyNqbySKbxV5Ir67b/6MSbpI7p3"
    "0fjrfYxNnve6X/3mEQ00z3unyesEvjmMQ951xkjU5BA+XyZJ79077wet8O77lq30Oei32s"
    "3OReN872Ntv5bIxXVvLtqCZSSDVNKzSSObawmD9uu7FfrhZY1h7ePRydGnw+OjwAYGJfNM"
    "Xzq1GfdK4nj+dt3rZgMal0quVWxw8H9gYfZi6Gq/DhxiSOzAnYMtjgk7kI/97yucHRKl+W"
    "dH8pjYj4eXZAfJs6MKFL7RQKEzMRdXfFy4UvymKD7jjYdU8CfkpnGlX6vyHLsWyFTuWWn3"
    "LBGcKM6rE4LVmyarissbkfDu+iLzm6aKoqH5xDJcIjivooG68LjHq7iR0xH97BDsywafIz"
    "dq4TAD3wtIZn0q/y24tPtwuHUxpDlrWs1KT0TevTnacsUJfyYzQUJthf89mnngehsh0IxX"
    "EwRg3Wo+sqkzHEVqdF8xmS9uiXI9hfXT3JSCHH1GOsGbVH4qwR9HkbtV8nUDN+Y/FPOZMO"
    "BPE0DDpoyB8LpW1r2qsuLVu1kbbFL354StXze6ukGB63qR0Go9P7JaV4HVEpeDV2Y38tPC"
    "pW3HErnhrbIfkXkmbUhgheP2I2ElkkYkNC/L2o/Ap8g1H+695gwDElx4zjch4b3q543In/"
    "L4pwQFLyWBOzkzDlSxgdJ2o5DE4vlkTrkb2vYLxHLmjppNtoA/jNz8cmWUNtIohXpd5O2y"
    "UHqNUY8JIqYEtpxetMt2t9Xpfv0MPPlbctnotMRPiOWLZt86l5dt+e7ZCE8mSJQ0G91m+/"
    "xclhly8paFNuSls2BzlshmBTJvMpt1VDCbVcX6dzDkW8X636jii8T6E35LidBzXLAKPa8s"
    "9Bx5s3/J0POOf+gosQSXCDujB0SWveysKFH7AW3lyi90KbwKy6//TnhkVeXR8GDNPcPF9X"
    "CVF/sWsWhtz9QnIIl7TfsdA9AxMQdy/tYXMLUx58j7hJb3QWAyRPIjglzwBSZk9wERj7W9"
    "moxr4y/5oCL838s4JVl7xdc3k6/fi8mXCSL77Xfyiu6qibWJeObn0/Jv34US1c27mMdf3b"
    "yrSNnCbDxqk4obmqhURcdWRceon+lYkovt2idi9hNkLLr6NumzsyHjyPOffTrynPsc0J9i"
    "3rOXkou6tfsyOyXdV/VuhfReR1DefUAk2y8u30WGx/s9XMJef65zG/OC/fxhlanaWM/3hw"
    "MJxzzjSmKuAqIiu2QRVvbKiZgX1xd5OSou+CZzSkXfkKqcmbUfIqkLO+W/9hKTqxRQeZOb"
    "5k1mrPIV4Lp7XyxJIhvf2aVzJi/pqjekvR1pGX66VzPXSYdhm+f883xQV3y5+K24xks6ZP"
    "lO7wOyWebXAvIjvhGRXQz6vsS37+WmKoGw13wH0X2ZLy1SwjM/8pYfVo+IrD+u/jq8YmUR"
    "9PXdi88wZk//AkiZ4pw="
)
