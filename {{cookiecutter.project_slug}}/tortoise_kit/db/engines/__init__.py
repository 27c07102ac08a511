"""Engines behind Tortoise's public hook, named by module in its configuration: asyncpg, SQLite, a read replica."""
