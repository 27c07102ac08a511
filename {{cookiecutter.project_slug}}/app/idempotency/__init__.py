"""Idempotency: what a user sends again with its `Idempotency-Key` is done once."""
