"""Mechanism: what any FastAPI + Tortoise service needs and no feature owns.

Nothing here knows a feature, a model or the settings object: what varies is passed in by keyword.
"""
