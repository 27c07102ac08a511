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
COMMENT ON TABLE "order_events" IS 'One entry of an order''s audit trail; written in the transaction of the change it records, and never updated.';
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
    "eJztXW1v2zgS/iuEvjQFskHr5qXX3h3gJG7ra2IHibu72GYhMBJt6SKTrkjFMXr97zekJO"
    "vdkfwW29GXNiI5lPTMkJwZPqJ/akNmEocfXJO+S7jVY/eEah/QT43iIYE/cuv3kYZHo6hW"
    "Fgh85ygB12+pC9lUVeE7LlxsCKjtY4cTKDIJN1x7JGwm76Z1KUGOTe+RTZGwCDIsDH+xPv"
    "I7gTIskEsoGSOMHDaw6cdYO5uriz4e2s5kH2FqIkJNjsa2sBB2HGQLjlw25gfyaUxmwOPY"
    "dLDuG3vU/uERwGVAQMqF23//G4ptapJHwuXld83vSoPy75rHiavbphQljyMbQNWx8Kti17"
    "IHU/tb9jS61/s2ccyE/vwOVLkuJiNVdmoP2lR8Um0lIne6wRxvSKP2o4mwGJ0K2FTdaABA"
    "uFgQeQfhelKR1HOcQPOhbv33jJr4LxiTMUkfe440ByntP0BUpul6p9vTb1o9XdcyphJKxJ"
    "QYFBmMSjODR+UKgIF8hN/+0Wi8e3fSePPu+P3R4cnJ0fs376Gtet5s1ckv/2EitPyuFGbt"
    "z+1OTz4QA1v2TV0W/FIyWGBfSukxQl+ZkW5hbmW1cGZhN18HSamULuAl07oIkV+3MrSbL8"
    "3fGkfH+3L4WOQRm8Swh9hJD7MCDQ3xo+4QOhAWXB4fzgD/9+b12Zfm9d7x4eukBjpBTUNV"
    "SV1E2AdjKYP7t2/t83zcI4kU5p5nmwdSbh7kw4II+mgWXMNAmAGrwvTdscJ0xLgYuKpSIZ"
    "QCMznjpADtnZ0DHsIeknxck8IpbM1A9CD8Y3Mw1uTszgEB1GeumtBhZcAoMpOF0O+1L1s3"
    "vebllexpyPkPR5aeN3stWdNQpZNU6d5xagBMO0F/tHtfkLxEf3U7rbRKp+16f2nymbAnmE"
    "7ZWMdmHK2wOCxK2AAsSOZ8BhCTXIL2g5lr1cofWwSWeIHGmCPyCCs+HRBTWYI0C0oeBWKU"
    "vEgzCP2S8m5FTOhp32ILZtX1uRfSs+vf53oXEtSsGj4xl9gD+pVMlCra8NyYGiQH+sC3/x"
    "Z0s2Uq+BXaWFgaTQ0uHk9d4bjpwbvDGxPh+1/Nm7PmeUtTCN9h436MXVNPQC1rWIOlSqZt"
    "s1XDxjBdgikeKHDkW8hnjqOeE2mF2iiOsOQLlQysmmgEbRkNQhKKsGEwj4psJDSz5dOhSx"
    "1/bGT8QYbYdqqEHlOBDY46HDYmLjIwL7n4JgONxlGZSANaFYYaqi7pHqv/K8Actl8Oys+9"
    "FibwffvmTQl8oVUhvqouie8Icz5mMOVWDaUzgjuIeOPoqJRFH82w6KM04i5zCiy6Rb1hxr"
    "NIgB7Krg9rzfC4YEN/5awyl5x9u+l1L1vXH1DYwy0FB/nTpw8IXq7fv6XN88t25wPC5tCm"
    "c803ZYZDo3g0NDKDQdh5bl851YSya1SNfBIT3KWqqgE1dM6b1+dKE6oHUE374nepLG47D1"
    "JVn7sXUD9gwch/dtXYXAd/zH7IGTqnDEYFpgVeT1wupZs7EFyVcsLleL15p9Nu9yIR7Z62"
    "U55N59vlaQtWCQU9NLJFwuGJADdcIiGZLy2RFN6evFT5dQJe0OxSZxKoekvSEIFVzsxC+B"
    "s0+gN2bFBgX+RNiU8aQH4n25OighiNcB5uVtmce8REELTZjsxRQQznEuSSvky/vYw8VSZZ"
    "Uhzbx1ydzI5lauYO5D99vSYOVthnraRgn3TLJoyinEpykTPJcMQEocZEvyeTBRFrR719JZ"
    "NdxQxCkCBpMz9SXdnHLgG0yvRayqxyEm1ZwytOueWZ/NPZtz8ke4BRgmTG7hWHqRj0wf0d"
    "BUz5mLjE/Ci3GAaMBKwBubUgW++Diwv+u6wc4gmywMNFY9mdzzmw3Rwyw+pvl5MH/K4Z2H"
    "F8uwRkfCZCgtNQkxW2JFl4T3J2y4tTK0HzOqFSLqFi2gMYjFUAjiQ2GWNNsqUsEs42H9BG"
    "k0K4wMLLWYdv4Amdwnkmkppr83I90UDV2eZd4+R4Or/Ii1kzys1l8+IiG35bEF/m+jX/ue"
    "l28rGMiaQDLdsQ6H/IsfkWgjoDO4lFImgKDXTvsvln2nbPLrqn6WhIdnCaQv6OmTmzdY88"
    "Fphw2H6uqWR7sO61/uzNxnoapF50O5/D5mkF1OQneE+XDf00AvPJsbDgS38QI0mHfZHUF9"
    "/VrUx+SYjV9Jdl0V+iwKMmwMwiwCTMb5MoMGeA9YC5udH5tG5/Vlxu+K1sUpoPQ6ETFLis"
    "gfQEUCPkI0xsLmMCWRAuU4ZG2CX5RJl5uihD/k9uR8hAWXL9Q6pAHThvbOBcsz9Wy/7gjj"
    "eogm/YfnM5TJuEbr2F+kK3UP3lqbI3mxDboXzI8zqzPqpLcGbjjtN26aGsP5swwIQ/ew1D"
    "4rp91pvl0MYmPst2TNffp51/V2738E5OEi4zPUMsuHV55feyhfP/s2xehnDlxEUxJIvDor"
    "jSng6KbtgQghIAwf/c2eaIM8c8QG0Bfwlm3MsitRtoYAoltuOgO4iA5HY0MbMR0hL6W064"
    "JK9Hrm0kCsKILZg/8nr5qSX1RB5HsOpygEsVadh18QQeThf8gRiCuXv+y8siVbd3q3GCXc"
    "O6hU5foVevX8tuY9Haox6qSPcbKvUFYwZWD03dFfQmr31PYK+PufBG0pVC/4Lws/9a+/X0"
    "o95qWMCz3XmC8FsN/ZczeqePsLB0NuLFDxUJzfdgdaC6kYEqv/cqxVF+850Low7LRFGHxU"
    "HUYSaGqjMAMVJ1OVb1LFp1Bt/4k2VgLt70SomtkfSurdYdWdvW13T5TELe8YYEagoCxFAm"
    "nQ7wiQAH5xEhYMssfQb6562z9mXzYu9tY7+RYq13vl22ICrJMBHAE8oiO4ODELRf3wbSm9"
    "Uuho23hyeH798dH07XwGnJrKUvy0JIeitliQhJqYW4CPPNEf/se9SQ2KE7z3aETfmBvO2/"
    "n2HuWAlFoU4svtDEoh8MzHtWSEK4VvymKD6HIJFJFkWxbIpdp8oL1rWpzA64Z1V0uwp3LZ"
    "XcqEJRSQjWJJXlkVSi9PD6MvubporyVJWEGS6Q3Bd4oMuTHZeTuO7hwQ6hnv0ySYdQZbiM"
    "z5Pa0M8uIbVglj9hjzn4XmI66TH5b8k5YE5DfNbk24zBr95KT21xBO/oSosDRzB3J4q5Cv"
    "979WmXGuz+jDHVTFAzzWj71cJymTewYjV6qJhcYhyU6xmsf5XZu5EvUbx9E7zikzs406d7"
    "ehenJzdUMAoEFQUNIxCXpDR1g+nRdRzfK/6aPJ2WE1CLiZRh7KOxZRsWcsCH4UjRf1UPSD"
    "DVNsQyu+Oz5nvnfoYWNw8QzPkQLbKSuFXUpLrN3KtIjdwK/JSkYO3KVlRJ0oeqin5skNXA"
    "L4sbVMjBqBxD7B4RIx1CpIZ/Pt89ZeVLAHa3IoQ0qNGo3qTvBwp8rCedq/JOVRPJw+N8Hs"
    "sAXMdR5IkgbLiMcxR9gpD3rUBV8fqkzQ2eome5K8/LANggcsVRme3/o+Ld/yO1+Z9ZDcvk"
    "fMKgqc77rDqbUeyRVM5oLOCRbFVWI/ae6czGNDeUzGqkPJl0aiNakxfNakxto3Cl9Y8eyl"
    "lrp2cSFa+20dFHFU7MCU/jRHfyzQRSxQaZcejNLIn56aSCCZ+pEhZER0HkC4SPUUgvrdfv"
    "jVy/iw4GKXesauEBIavcxBwRakpgq+lFu2p1ztudzx9QIH9Lr5rtc7jEtjxh9Uv76qolD1"
    "217NGIQMlZs3PWuriQZYZ8eccpe5rgyg/CDQdnBXLaVOZFktMOS5LTaurODjI4aurOC1V8"
    "GepOym+pwBxJCtZZ36UxR2JH2i+YnNz1A06SJrgAa4Q8ELrot44qJGo9kK20/FKUkZossv"
    "5PQmNWVRSGT23uiVhcj6y83E/zQmt3on77kPpfab7iCHumLZB8f+cjGru2EIRGZ8r6v5Yn"
    "j5MVEC9wkN1HFG7rBjU5X42u8kZl4v+AB5WO2ut4fTPj9Xt4+Sr59rD9Tn5xt+zA2iQi93"
    "fDij+miSTqD2kSHn/9IU0dlM0djcfXpPILTVyqDseWFY6xcKdjwVhs137FYT8VjMWtb5PI"
    "IlHEUeQ/h+HIU+7zNPwp5z2HrNiYW7svd6ek+6o+lZbeq4VNddZuvl9cvYtciuzUhIP+cj"
    "iy4f5hvVO1sZ7vDw9TYYucL4oKFRAX2aUVYWlfkMN7CX2esw6Sgi9yT6nsgQe1M/OMVO7Y"
    "vF4J/qRcrYDam9w0bzLHypeA64vhyc+7Z7JKV70p11tLy/HTg5qZTjqO2jzlnxeDumQe9k"
    "txjRd0yIqd3gfi8tzDv4ozvjGRXUz6ruI3yuSgqoBw0HwH0V3NQeuMitwznovT6jGR9efV"
    "nyeuWFoGvcInBMtfzH79H5wG4ts="
)
