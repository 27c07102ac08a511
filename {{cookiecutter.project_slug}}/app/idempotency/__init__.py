"""Idempotency: what a user asked for once is done once, however often it is sent."""
