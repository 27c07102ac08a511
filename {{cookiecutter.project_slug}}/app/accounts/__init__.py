"""Accounts: users, their logins, and what each role may do."""
