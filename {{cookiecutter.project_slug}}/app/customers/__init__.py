"""Customers: what the shop knows of an account besides its login."""
