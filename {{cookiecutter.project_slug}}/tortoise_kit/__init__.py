"""What any FastAPI + Tortoise service needs and no feature owns. Import its rooms, such as `tortoise_kit.db`."""
