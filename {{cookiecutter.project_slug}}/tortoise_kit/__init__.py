"""The library for FastAPI + Tortoise ORM services. Import from its rooms, such as `tortoise_kit.db`."""
