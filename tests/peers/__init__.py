"""The test suites of Tortoise and asyncpg, run on this kit's engines and pool, and on their own."""
