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
    "eJztXVtv2zgW/iuEXpoCmaB1c+m2uws4idt6m9hB4s4MphkIjERb2sikK1JxjG7/+x5Skn"
    "V3JN9iO3ppI5KHor5zSJ4b6Z/akJnE4QfXpO8SbvXYPaHaB/RTo3hI4I/c+n2k4dEoqpUF"
    "At85isD1W+pCNlVV+I4LFxsCavvY4QSKTMIN1x4Jm8m3aV1KkGPTe2RTJCyCDAvDX6yP/E"
    "6gDAvkEkrGCCOHDWz6MdbO5uqhj4e2M9lHmJqIUJOjsS0shB0H2YIjl435gRyNyQwYjk0H"
    "636xR+0fHgFcBgSoXHj997+h2KYmeSRcPn7X/K40KP+ueZy4um1KUvI4sgFUHQu/KvYsez"
    "C1v2VPo3u9bxPHTPDP70CV62IyUmWn9qBNxSfVViJypxvM8YY0aj+aCIvRKYFN1YsGAISL"
    "BZFvEK4nGUk9xwk4H/LW/86oif+BMRqT9LHnSHGQ1P4AojJN1zvdnn7T6um6lhGVkCLGxK"
    "DIYFSKGQyVKwAGcgi//aPRePfupPHm3fH7o8OTk6P3b95DWzXebNXJL38wEVp+Vwqz9ud2"
    "pycHxECWfVGXBb8UDRbYp1J8jNBXYqRbmFtZLpxZ2M3nQZIqxQv4yDQvQuTXzQzt5kvzt8"
    "bR8b6cPhZ5xCYx7CF20tOsgEND/Kg7hA6EBY/HhzPA/715ffaleb13fPg6yYFOUNNQVZIX"
    "EfbBXMrg/u1b+zwf94gihbnn2eaBpJsH+bAggj5aBdcwEWbAqjB9d6wwHTEuBq6qVAilwE"
    "yuOClAe2fngIewhyQf1yRxClszID0I/9gcjDW5unNAAPWZqxZ02BkwisRkIfR77cvWTa95"
    "eSV7GnL+w5Gl581eS9Y0VOkkVbp3nJoA007QH+3eFyQf0V/dTivN0mm73l+aHBP2BNMpG+"
    "vYjKMVFodFCRmADcmcTwBilEvgfrByrZr5Y4vAFi/QGHNEHmHHpwNiKkmQYkHJo0CMkhcp"
    "BqFeUl6tiBE9rVtswaq6PvVCanb9+1ztQoKaZcMn5hJ7QL+SiWJFG8aNqUFyoA90+29BN1"
    "vGgl+hjIWl0dLg4vFUFY6LHnw7fDERvv7VvDlrnrc0hfAdNu7H2DX1BNSyhjVYqmTaNls1"
    "bAzTJZjigQJHfoUccxz1HEsr5EaxhSU/qKRh1UQjaMtoYJJQhA2DeVRkLaGZLZ82XWr7Yy"
    "PtDzLEtlPF9JgSbLDV4bAxcZGBecnNN2loNI7KWBrQqtDUUHVJ9Vj9XwHmsP1yUH7uvTCB"
    "79s3b0rgC60K8VV1SXxHmPMxgyW3qimdIdxBxBtHR6Uk+miGRB+lEXeZUyDRLeoNM5pFAv"
    "SQdn1Ya4bHBRv6O2eVteTs202ve9m6/oDCHm4pKMifPn1A8HH9/i1tnl+2Ox8QNoc2nWu9"
    "KTMdGsWzoZGZDMLOU/vKsSakXSNr5EhMUJeqsgbY0DlvXp8rTqgegDXti98ls7jtPEhWfe"
    "5eQP2ABTP/2Vljcx30MfshZ+qcMpgVmBZoPXG6FG/ugHBVzAm34/X6nU673YuEtXvaTmk2"
    "nW+Xpy3YJRT00MgWCYUnAtxwiYRkPrdEknh7/FLl9wn4QLNLnUnA6i1xQwRSOdML4Qdo9A"
    "fs2MDAvshbEp8UgPxOtsdFBTYa4TwMVtmce8REYLTZjvRRgQ3nEuSSvnS/vQw/VcZZUmzb"
    "x1SdTMQytXIH9J++XhMHK+yzUlIQJ92yBaPIp5Lc5EwyHDFBqDHR78lkQcTaUW9fyWRXMQ"
    "MTJHDazI9UV/axSwCt0r2WEqscR1tW8Ipdbnki/7T37Q+ZPcAoQdJj94rDUgz84H5EAVM+"
    "Ji4xP8oQw4CRIGtAhhZk631QcUF/l5VDPEEWaLhoLLvzcw5sNyeZYfWvy/EDftcM7Di+XA"
    "IyfiZCIqehTlbYEmfhPcmJlhe7VoLmtUOlnEPFtAcwGasAHFFsMsaazJaySLjafEAbnRTC"
    "BRZezj58AyN0CteZiGqu4OV6rIGqq827xsnxdH2RD7NWlJvL5sVF1vy2wL7M1Wv+c9Pt5G"
    "MZI0kbWrYh0P+QY/MtBHUGdhKLhNEUCujeZfPPtOyeXXRP09aQ7OA0hfwdM3NW6x55LBDh"
    "sP1cS8n2YN1r/dmbjfXUSL3odj6HzdMMqJOf4DtdNvTdCMxPjoUNX+qDGMl02BeZ+uKrup"
    "WTXxJkdfrLstJfIsOjToCZlQCTEL9NSoE5A6wHzM21zqd1+7PscsNvZZPS+TAUOkGByhpQ"
    "TwA1Qj7CwuYyJpAF5jJlaIRdkp8oM08XZZL/k+EIaSjLXP8wVaA2nDfWcK6zP1ab/cEdb1"
    "AF37D95uYwbRK6dQj1hYZQ/e2psjabINshf8jzKrM+qktQZuOK03bxoaw+mxDAhD57DVPi"
    "un3Wm6XQxhY+y3ZM14/Tzh+V2z28k4uEy0zPEAuGLq/8XrZw/X+W4GUIV45dFEOy2CyKM+"
    "1po+iGDcEoARD84842R5w55gFqC/hLMONeFqlooIEplNiOg+7AApLhaGJmLaQl9Lccc0k+"
    "j1zbSBSEFluwfuT18lNL8ok8jmDX5QCXKtKw6+IJDE4X/IEYgrl7/sfLIlW3d6txgl3Duo"
    "VOX6FXr1/LbmPW2qMeskj3Gyr2BXMGdg9NvRX4Jp99TWCvj7nwRlKVQv8C87P/Wvv19FBv"
    "NSxgbHeeIPxWQ//ljN7pIywsnY148aAiovkGVhuqG2mo8nuvkh3lN985M+qwjBV1WGxEHW"
    "ZsqNoDEEuqLpdVPSutOoNvfGQZmIuDXimyNSa9a6tVR9YW+ppun0nIO96QQE2BgRjSpN0B"
    "fiLAwXmUELBlkj4D/fPWWfuyebH3trHfSGWtd75dtsAqyWQigCaURXZGDkLQfn0BpDer3Q"
    "wbbw9PDt+/Oz6c7oHTkllbXzYLIamtlE1ESFItlIsw3xrxz75HDYkduvNsR9iUH8jX/vsZ"
    "1o6VpCjUjsUX6lj0jYF57wpJENeM3xTG5yRIZJxFkS2byq5T5QX72pSmVs8qq2cpZ0aVlJ"
    "QEYZ2UsryklMgdvD5P/qaxonxqSkIMF3DmCzzQ5U2Oy3FU9/Bgh1DPnkTSwTQZLuM4Uhv6"
    "2SWkFvTqJ+QxB99LTCc9Jv8tuQbMKYjP6mybMfnVV+mpkEbwja6UOFD8ciNPzFX436ujXG"
    "qy+yvGlDNBzdSD7VcLy2XewIrV6CFjchPhoFzPYP2rTKxGfkRxuCb4xCcjNtPRPR216ckA"
    "CkYBoUo5wwjIZRKaesH0qjqO71W+mryNlhNgi4mUYOyjsWUbFnJAH+VIpfuqHpBgqm2IZT"
    "bCs+Z35x47i4sHEOYcPIukJC4VdRLdZsYmUjO3Qj5KkrBWZSuyJKlDVUU/Nslq4JeVC1SY"
    "c1HZhti9xIu0CZGa/vn57SkpXwKwu2UhpEGNZvUmnRco0LGeVK7KK1VNJC+L8/NWBqA6ji"
    "JNBGHDZZyj6MhB3tmAquT1zZobvETPUleeN+K/QckUR2XC/UfF0f4jFezP7IZlfD6h0VT7"
    "fVbtzSjWSCp7NBbQSLbKqxH7zrRnY+obSno1UppM2rUR7cmLejWmslG40/pXDeXstdM7iI"
    "p32+iqowo35IS3b6I7+WUCqWKDzLjkZhbF/Omjggk/MyUsiK5+yCcIh1GYTlrv3xu5fxdd"
    "BFLuGtXCC0FWGbQcEWpKYKvxRbtqdc7bnc8fUEB/S6+a7XN4xLa8UfVL++qqJS9ZtezRiE"
    "DJWbNz1rq4kGWG/HjHKXt74Movvg0nZ4VktCnNi0xGOyyZjFan6uxgxkadqvNCGV8mVSel"
    "t1TIHEkS1l7fpWWOxK6wX9A5uesXmiRFcIGsEfJA6KJnG5VJ1HogWyn5pVJG6mSR9R8BjU"
    "lVkRk+lbknbHE9kvJyP8ULrd2J+q1D6p/KfMUR9kxbIPn9zkc0dm0hCI3ukPV/HU9eHyvA"
    "XuBAu48ovNYNanJOia7yRWXs/yAPKm211/b6Ztrr9/DxVfztYfudPGG3bMPaJCL3d8KKD8"
    "9EFPXBmYTGXx+cqY2yua3x+J5UfqOJU9Xm2LLMMRZGOha0xXbtVxv2U8ZYXPo2KVkksjiK"
    "9OfQHHlKfZ6aP+W05zArNqbW7svolFRf1dFoqb1a2FR36+brxdW7yE2RnYpw0F9OjmwYP6"
    "wjVRur+f7wMBW2yDlRVMiAOMku7QhLOzEO3yX0ee42SBK+yJhS2QsOamXmGVO5Y+t6JfiT"
    "dDUDam1y07TJHClfAq4vJk9+3pjJKlX1ptxvLS1HTw9qZirpOGrzlH5eDOqS87Bfimq8oE"
    "JWrPQ+EJfnXvZV7PGNkeyi03cVv0kmJ1UFhIPmO4juai5WZ1Tk3ulc7FaPkazfr/48dsXS"
    "POgVjhAsfzP79X+eSN0/"
)
