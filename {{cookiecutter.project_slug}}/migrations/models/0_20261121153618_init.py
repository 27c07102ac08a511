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
CREATE INDEX "idx_products_search" ON "products" USING GIN (array_to_tsvector(string_to_array("search", ' '))) WITH (fastupdate = off);
CREATE INDEX "idx_products_attributes" ON "products" USING GIN ("attributes" jsonb_path_ops) WITH (fastupdate = off);
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
    "eJztXetT27gW/1c0/lI6wzLdlEcvc++dCZC22ULCQNi7s2XHK2wl8cWRUksGMr387/dIfr"
    "+CnRdJ8JeWSDqy/DtH0nlJ/qmNmElsvndF+g7hwx67J1Q7Rj81ikcE/sit30UaHo+jWlkg"
    "8J2tCByvpS5kU1WF77hwsCGgto9tTqDIJNxwrLGwmHya1qUEqfbIokgMCTKGWP2FBXIIJY"
    "8cYWSzgUX3UC+stjgysG0TEyr7eGTZk12EqSnLHfIA3UGFJHwcMpvsyZGYzIChWHSwyoe6"
    "1PrhEsBjQOApDjz6+19QbFGTPBEuf37XvJ40KP+uuZw4umVKUvI0tgBMHQuvKvZb9mBqf8"
    "mexvd63yK2meCb14Eq18VkrMpOrEGbis+qrUTjTjeY7Y5o1H48EUNGQwKLqgcNAA0HCyKf"
    "IBxXMpC6tu1zPOCp955RE+8FYzQm6WPXlmIgqb0BRGWarne6Pf261dN1LSMiAUWMgX6Rwa"
    "gULxgqVwAM5BB++Uej8fHjUePDx8NPB/tHRwefPnyCtmq82aqjZ28wEVpeVwqz9pd2pycH"
    "xECGPRGXBc+KBgvsUSk+RugrudKHmA+zXDgdYiefB0mqFC/gJdO8CJBfNTO066/NXxoHh7"
    "ty5gzJEzaJYY2wnZ5iBRwa4SfdJnQghvDzcH8K+L83r06/Nq92DvffJznQ8WsaqkryIsLe"
    "n0sZ3G9u2mf5uEcUKcxd1zL3JN0syAcFEfTR6reCiTAFVoXpx0OF6ZhxMXBUpUIoBWZyxU"
    "kB2js9AzyENSL5uCaJU9iaPule8Mf6YKzJ3YADAqjPHASrPWL9cLkvJ+RT0O+1L1rXvebF"
    "pexpxPkPW5aeNXstWdNQpZNU6c5hagKEnaD/tHtfkfyJ/ux2WmmWhu16f2pyTNgVTKfsUc"
    "dmHK2gOChKyABsSOZsAhCjXAD3/ZVr2cx/HEqVQKBH2MfJE+z6dACbupQEKRaUPAnEKHmT"
    "YhDoJeXVihjRy7rFBqyqq1MvpGbXv8/VLiSoWTZ8Zg6xBvQbmShWtGHcmBokB3pfp7/xu9"
    "kwFjwHMhaURkuDgx9DVTguevDu8MZEePpX8/q0edbSFMJ32Lh/xI6pJ6CWNazBUiVh22zV"
    "qDFKl2CKBwoc+RZyzHHUcyysgBvFlpV8oZIGVRONoS2j6NESQ7BPEDYM5lKRtYKmtnzZdK"
    "ntj7W0P8gIW3YV0yMkWGOrw2aPxAHrm5fcfJOGRuOgjKUBrQpNDVWXVI/V/xVgDtovBuXX"
    "3gsT+P764UMJfKFVIb6qLonvGHP+yGDJrWpKZwi3EPHGwUEpiT6YItEHacQdZhdIdIu6o4"
    "xmkQA9oF0d1prhcsFG3s5ZZS05vbnudS9aV8co6OGWgoL8+fMxgpfr929p8+yi3TlG2BxZ"
    "dKb1psx0aBTPhkZmMggrT+0rx5qAdoWskSMxQV2qyhpgQ+eseXWmOKF6ANa0z3+XzOKW/S"
    "BZ9aV7DvUD5s/8V2eNxXXQx6yHnKlzwmBWYFqg9cTpUry5A8JlMSfYjlfrdzrpds8T1u5J"
    "O6XZdG4uTlqwSyjooZElEgpPBLjhEAnJbG6JJPHm+KXK7xPwgmaX2hOf1RvihvClcqoXwv"
    "OR+/yQsGTYX2hi5JGuzinxoeIyCHYY4dyLUHHlgKRMGmEoegGEHRJEnUqug5510vh1/2j/"
    "08fD/dAoCUum2SIFjoliOzqmVmSigqlV0qf//O2K2EXcKYhFbtjkLPJfJDcUk4zGTBBqTP"
    "R7MpkTsXbU2zcy2VbMQN33HSSzI9WVfWwTQMt0ZaXEKseplRW8YvdWnsiX8XSB+u4QE9ZB"
    "Poa3lzF96Z9H0lv2TgblgT9c7KG2kDF6zw1oet4u6c+XzXbRHTEw/CXd/iM8QQCj8HIBiO"
    "Ug6WXJc5yt7sE5frjvmkpDULIKaHmZAImcgjpZYEOcdfckJ1pd7Nrwm9cOjXIODdMawDSs"
    "AnBEsc4Ya6ASynXEX2eO0VonZYApL9ycvfkaRmgXrjMR1Ux6+moCxlVXm4+No8NwfZE/pq"
    "0o1xfN8/Os+TsE+y5X1/ntutvJxzJGkrZ4LUOg/yHb4hsI6hTsJBYJqzYQ0J2L5h9p2T09"
    "756kzVXZwUkK+Ttm5qzWPfJUIMJB+5mWks3Butf6ozcd69CLcN7tfAmapxlQJx/5+SdyZY"
    "eNHhmYgo4olUUvBSVwAvirfrnFfUPcP6WyUDytt3IeSoKszkRZVCZKZIPUuSjTclES4rdO"
    "2SingPWAObnGe1i3O81sN7xWFiltsFPoBPnaq089AdQI2UNN5DAm0BBzaIXG2CH5OSuzdF"
    "EmDz8ZGZA2s0y7D6L2tQ29tjZ0nYix3EQMbruDKvgG7dc3nWid0K2jmW80multT5W12QTZ"
    "FrlGXleZ9VBdgDIbV5w2iw9l9dmEACb02SuYElft0940hTa28A0t23RIThS/StBu+/BOLh"
    "IOM11DzBnZvPR62cD1/1VimwFcOXZRDMlisyjOtJeNoms2AqMEQFBOHo5tMGT+5oIZ93/L"
    "4KE6eOSO7ogjjZ6xRQzCvYPK0j/EhWXb0kukAuDEzBpMi+9+McaU/D12LCNRENhz/uqS18"
    "tPLclF8jSGPZkDmKpIw46DJzA4XfAHYgjm7HhYyCJVt3OrcYIdY3gLnb5D796/l93GbLkn"
    "PWCg7jVUzPVnFOwtmnoqcFX+9vSEnT7mwh1LRQv9C4Dsv9eeXx7qrYYFjO3OFYTfaui/nN"
    "E7fYzFUGdjXjyoiGi2gdVm7FqasfzerWRlec23zsjaL2Nj7RebWPsZC6v2D8Syn8ulP0/L"
    "f87gGx9ZBubi6FiKbIXZ6dpylZWVxcjC7TMJeccdEagpMB8DmrSzwMsY2DuLMgc2TNKnoH"
    "/WOm1fNM93fm3sNlLp5Z2bixbYLJmUBdCPsshOSVbw269tTnHVzXCuNOE4lEltpWzGQpJq"
    "rqSF2daIf/ZdaqhE6zvXsoVF+Z587L9fYe1YSi5D7XZ8o25HzxiY9VKPBHHN+HVhfE76RM"
    "aVFNmyqTQ8VV6wr4U0W6CeVeHtMtS1lHOjSgJLgrBOYVlcCkvkPF6d33/dWFE+kSUhhnO4"
    "/gUe6LZF7xfj1u7hwRahnj3WpIOpMlrE2aY29LNNSM0ZA0jIYw6+F5hOekz+W3INmFEQX9"
    "X5NmXyq7fSUwEQ/x0dKXGgCObGqZij8L9X58LUZPdWjJAzfk3o0faqxdBh7mAYq9EDxuSm"
    "zUG5nsH6uUxkR75EcXDHf8UX4zvh6F6O8ZzLxQ5h5FPK42IYAXlwQgwj9RjEmRd7sbzwyx"
    "A/EKjjBNhjIiUgu6jvsJFHLbuxBA965dngzwqfm3tOLS4WQJhzUi2Sjrg01Kl26xmjSM3Y"
    "ClkrScJaha3IkqTuVBX92CSrgV9UxlBhZkZl22H70jPSpkNq+udnwaekfAHAbpdlkAY1mt"
    "XrdKqgQLd6Uakqr0w1EXAOlBalsQxAZxxHqgjChsM4R9HJhLwjBJXp68sw13iRnqawvG7s"
    "f43SKg7KBP4PiuP+Byrsn9kPy3h7AnOp9vgs249RrJNU9mXMoZNslD8j9p5pn0boFUr6M1"
    "K6TNqpEe3K8/ozQtko3Gu9G4tydtvwKqPi/Ta6MancN3rGrmMMMVdH7+RVN8Hdmfkf15na"
    "evYEUsGEl5sSFES3ROQTBM8tTCit9+213LeL7gwpd+Np4d0hywxbjgk1JbDV+KJdtjpn7c"
    "6XY+TT39LLZvsMfmJLXn76tX152ZL3oQ6t8ZhAyWmzc9o6P5dlhnx5+T2q9BQslwpYKhOw"
    "yh21weSskI4W0rzJdLT9kulodbLOFuZs1Mk6b5TxZZJ1UnpLhVyRJGHt711Yrkjstvk53Z"
    "LbfuFJUgTnyBMhD4TOe/ZRmUKtB7KRkl8qSaROD1n9EdGYVBWZ36HMvWCD65GUl7PEobUz"
    "8W4F985lvuMIu6YlkHx/QOjRsYSIvm0LpZRjL5k9uDdHfdlOhvsdYkAf3PuQLYWhOMjXG/"
    "IN+1U+vIyfwM+QSlv3tV2/nnb9Pbx8FX980H4rz+It2gA3icj99FfxMZuIoj5ik7AM6iM2"
    "tfE2s9Ue35PKbzRxqtpsW5TZxoJIyJw227Z9HGI3ZbTFpW+d0kkiy6RIzw7MlpfU7NBMKh"
    "nv8lNmY6ou6KlCabDqEDVinoZr4kmg2apWBQGxubrLTa4NRdvvOye7Nog71pGutdWIf7iY"
    "CkvknEEqZECcZJt2ioWdOYf3EvostyMkCd9kTKrsFQm1kvOKSeCxdb0S/Em6mgG1lrluWm"
    "aOlC8A1zeTYT9rzGWZKnxT7rdDLUd/92umKu84avOS3l4M6oLzt9+KajynQlas9D4Qh+de"
    "F1bsCY6RbKMzeBmfP5OTqgLCfvMtRHc5F7czKnLvjC52t8dIVu9vfx27YmGe9QpHDxa/mT"
    "3/H+KC1bE="
)
