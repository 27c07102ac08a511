"""Database engines, which Tortoise's configuration names by module: asyncpg, SQLite, a Postgres replica."""
