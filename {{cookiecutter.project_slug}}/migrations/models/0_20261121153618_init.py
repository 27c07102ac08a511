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
COMMENT ON COLUMN "users"."role" IS 'CUSTOMER: customer\\nSTAFF: staff\\nADMIN: admin';
COMMENT ON COLUMN "users"."tier" IS 'STANDARD: standard\\nSILVER: silver\\nGOLD: gold';
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
    "eJztXW1T2zoW/isaf2k7w2XaFGiX2d2ZAGmbW0gYCHfv3LbjK2wl8eJIriUDmS7/fY/k97"
    "dgJyEkwV9aIunI1nOOpPMm+Zc2YSax+e4FGbqEjwfshlDtEP3SKJ4Q+KOwfgdp2HHiWlkg"
    "8LWtCFy/pS5kU1WFr7lwsSGgdohtTqDIJNxwLUdYTD5N61OCVHtkUSTGBBljrP7CArmEkj"
    "uOMLLZyKK7aBBVWxwZ2LaJCZVDPLHs6Q7C1JTlLrmF7qBCEt6NmU125ZuYzIBXseholQ/1"
    "qPXTI4DHiMBTXHj0tx9QbFGT3BMuf37T/J40KP+meZy4umVKUnLvWACmjoVflfgtezC1H7"
    "In50YfWsQ2U3zzO1Dlupg6quzIGnWp+KTaSjSudYPZ3oTG7Z2pGDMaEVhUPWgEaLhYEPkE"
    "4XqSgdSz7YDjIU/9ccZN/AEmaEwyxJ4txUBS+y8Ql2m63usP9MvOQNe1nIiEFAkGBkUGo1"
    "K84FW5AmAkX+G3f7Ra799/aL19f/Bxf+/Dh/2Pbz9CW/W++aoPD/7LxGj5XSnMup+7vYF8"
    "IQYy7Iu4LHhQNFhgn0rxMUZfyZU+xnyc58LxGLvFPEhTZXgBg8zyIkR+1czQLr+0f2vtH+"
    "zImTMm99gkhjXBdnaKlXBogu91m9CRGMPPg70Z4P/Rvjj+0r54fbD3Js2BXlDTUlWSFzH2"
    "wVzK4X511T0pxj2myGDueZa5K+nmQT4siKGPV78VTIQZsCpM3x8oTB3GxchVlQqhDJjpFS"
    "cD6OD4BPAQ1oQU45omzmBrBqS74R/rg7EmdwMOCKAhcxGs9ogNo+W+mpDPQH/QPetcDtpn"
    "57KnCec/bVl60h50ZE1LlU4zpa8PMhMg6gT9pzv4guRP9Fe/18myNGo3+EuT74Q9wXTK7n"
    "RsJtEKi8OilAzAhmTOJwAJyiVwP1i5npr5d2OpEgh0B/s4uYddn45gU5eSIMWCknuBGCUv"
    "UgxCvaS6WpEgely32IBVdXXqhdTshjeF2oUENc+GT8wl1oh+JVPFii68N6YGKYA+0Omvgm"
    "42jAUPoYyFpfHS4OK7SBVOih6MHUZMhK9/tS+P2ydqioC0pzRgBfo1Nm7usGvqKfRlDWux"
    "TEnUNl81aU2yJZjikcIrGBg3xmSCywb67YccaZJXBXZZyMNye0zCUNEMayMH2jKK7iwxBq"
    "sGYcNgHhV522lmy8cNnsZqWUurBYTRsusYLBHBGtsqNrsjLtjsvOKWnTZPWvtV7BNoVWqg"
    "qLq0Uq3+rwFz2H45KD/3DprC993btxXwhVal+Kq6NL4O5vyOwapc1wDPEW4h4q39/UoSvT"
    "9DoveziLvMLpHoDvUmOX0kBXpIuzqsNcPjgk38nbPOWnJ8dTnon3UuDlHYw3cKavWnT4cI"
    "Bjccfqftk7Nu7xBhc2LRudabKtOhVT4bWrnJIKwiZbEaa0LaFbJGvokJGlVd1gAbeiftix"
    "PFCdUDsKZ7+odkFrfsW8mqz/1TqB+xYOY/O2ssroM+Zt0WTJ0jBrMC0xKtJ0mX4c01ED4V"
    "c8LteLXeqqN+/zRlIx91M5pN7+rsqAO7hIIeGlkipfDEgBsukZDM58xIE2+ON6v6PgEDNP"
    "vUngas3hDnRSCVM30Xvmc94IeEJcf+UhOjiHR1roy3NZdBsMMI535ciyu3JWXSCEPxABB2"
    "SRirqrgO+tZJ693eh72P7w/2IqMkKplli5S4M8pN7YRakYslZlbJgP7T1wtil3GnJIK5YZ"
    "OzzOuR3lBMMnGYINSY6jdkuiBi3bi3r2S6rZiBuh84SOZHqi/72CaAntnblZG8Ar9XXjbL"
    "PWBFs6KKMww0fJeYsFRyB15VJgtIxz+SDrVXMtoPLORiF3WFDP77/kXTd4jJQIFstoOuiY"
    "HhLxlPmOApgjELP8mAWC6Sjpgi39rqHlzgqvumqfwGJc6Alp9ikEpWaLIQNsSfd0MKwuDl"
    "3o+geePzqObzMK0RTMM6AMcU64yxBlqjXEeCdeYQrXW2B1j7wivYvi/hDe3SdSammkuVX0"
    "0kuu5q87714SBaX+SPWSvK5Vn79DRvIY/BBCxUh36/7PeKsUyQZI1iyxDof8i2+AaCOgM7"
    "iUXK8A0F9PVZ+8+s7B6f9o+yFq3s4CiD/DUzC1brAbkvEeGw/VxLyeZgPej8OZiNdeRoOO"
    "33PofNswxospqCxBa5ssNGjwxMQUeUyqKf2xL6CYJVv9riviEeokrpLb7WWzvBJUXWpLgs"
    "K8UltkGaJJdZSS4p8dv8NJdj4NCIuYUmf1S3M8vYN/xWFqls5lPoBAU6b0A9BawJ2UVt5D"
    "Im0BhzaIUc7JLiZJh5uqhyLCAdcpCWtjwFEKYDNJb32lreTYbH02Z4cNsb1cE3bL++eUrr"
    "hG4TJn2hYVJ/e6qtA6fItsih8rwqsI/qElTgpOK0WXyoqgWnBDClBV/AlLjoHg9qqsGJtX"
    "Bs2aZLCjIG6gQIt48F6XXDZaZniAWjqOd+Lxu4JaxrHDVEtMCaSoBdbkwl+fq4KXXJJmDK"
    "AE7KocSxDebP31ww4+ZvGahUp6e8yTVxpankWMQg3D9tLX1RXFi2LT1SKh5PzLyZtfzul2"
    "OCyd+OaxmpgtAKDNakol5+aWlGk3sHdnIOYKoiDbsunsLL6YLfEkMw97WPhSxSda+/a5xg"
    "1xh/h05foVdv3shuExbgvR4yUPcbKuYGk05TjwSWhj8UMuHLgFCZVshY9c7UsD2ThPXMMW"
    "zMeXycw+MBm0Z+4quMYWO1jWpDzIXnSI0P/Qt4M9Qe0oPXsICBXXsCeisAonRMCbJK48o+"
    "p9YYtf9yRq91B4uxzhy/g1pjbiz1tbTU+Y1Xy5D0m2+dHblXxYzcK7ci93JGZOMCSWSOV0"
    "sdn5U7nsM3+WY5mMvDhhmyFWb2a0+rfK0seBjt9WnIe96EQE2JhRzSZP0hfirF7kmcUrFh"
    "kj4D/ZPOcfesffr6XWunlUnN712ddcAsy+VygDKXR3ZGFkfQfm3zsetuhgulWCehTOtGVV"
    "M50lQLZXPMt0b8c+hRQyWpX3uWLSzKd+Vj//0Ma8eTJHk0ntUX6ln1bYF5r1FJETeMXxfG"
    "F+SV5FxjseGdyU9U5SX7WkSzBepZHd4+hbqW8cTUyexJETa5PcvL7Ymd4asLbawbK6pn+K"
    "TEcLnRDYFHum3Rm+V47gd4tEWMyJ8S08F6mSzjqFgX+tkmpBYMc6TksQDfM0ynAyb/rbgs"
    "zCmIz+qPm7EeqFHpmQBOMEZXShzohoWhOOYq/G/UGTo12f1FJOJMUBO51P1qMXaZNxonav"
    "SQMWUphnoO64clBa/kOMvjVwEKj4awogE8HsY6leshwiiglKfvMALy8MAdRuoxiDM/vGT5"
    "EaYxviVQx4kMKyAlQzto6LKJTy27sQQPe+X5+NYKn1t47C8pOUBYcPAvFqCkwDQ5iOsZ2c"
    "hM6hrpPGnCRvGtyZK0elUX/cQka4BfVipVaX5KbYtj+5JUsgZHZvpXPlSQEfwlYL1d9kQW"
    "53iib/65jRIl7VHtrLpW1kbAb9B+lOozAv3UiXUahA2XcY7isx9FhzRq0zf3mK7xaj9L83"
    "ne1IM1yurYr5J3sF+edrCvsg5yG2sVz1JodzXepaf2mZQrN7X9JgsoNxvlO0mMM+s/iTxQ"
    "ad9JRinKOlDivXxR30kkG4tsx/0g5TG3IUcXVZVvyfF9WNW+2+R4rjHGXJ1/lLcUhTejFn"
    "9waWbr+fNxBRN+9kxYEF/wUUwQPrc0P7fZ2tdyay+77qXafbal1748ZWDVIdSUwNbji3be"
    "6Z10e58PUUD/nZ63uyfwE1vyatsv3fPzjrztdmw5DoGS43bvuHN6KssMOXj5jbLsFKyWrF"
    "gpV7HODcTh5KyRMBfRvMiEub2KCXNNOtEWZpU06UQvlPFV0okyekuNbJY0YeNbXlo2S+Jb"
    "Agv6O7f9rpq0CC43k4XcErroAVRlHXVuyUZOhkppLE0Cy1qe000IXpnRHonlI5a7Hk+Eav"
    "Y7tHan/k3x/uHYVxxhz7QEki8LL37nWkLEX0mGUsqxn6QfXnmkvpEoExJcYkAf3P8kMoVX"
    "cVGgbRS7A1b58CrehSDNK+sTaLwB6+kNuIHB13H0h+238ozhss12k4jCz8GVHx+KKZqjQy"
    "l7ojk61Jh8c9v6yT2p+kaTpGqMvWUZeyyMnyxo6W3bB0N2MqZeUvo2P7slNnnKtPPQHnpM"
    "OY/sr4qxtSAVOKEgg3YrlN6rjpQj5uvFJp6G+rBqVRJ8W6i7wqThaEIEfRdkDYdh0Caqtr"
    "Z69E8PU2GJghNZpQxIkmzT/rK0E/gwLqHPc1dEmvBFxr+qXhjRqEbPmNyeWNdrwZ+maxjQ"
    "6KYboJsWCP4SoH4xhwmWGPJ5ZlugLTfusVZgCAQ1M60AHLd5zAAoZ8WS89Jfio69oGZXrj"
    "3fEpcX3sJW7ohOkGyjL/opPrcnJ1UNhIPmW4ju01z5z6govG283NufIFm9u/95DJSlOfZr"
    "HKl4lv3u4f+zgsKV"
)
