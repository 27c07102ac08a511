"""How fast this service's own routes are, on its own seed data."""
