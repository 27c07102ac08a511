"""Idempotency: a request that a user repeats with its `Idempotency-Key` is carried out once."""
