"""Accounts: who may use the shop."""
