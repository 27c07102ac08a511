"""Orders: what customers bought, and what became of it."""
