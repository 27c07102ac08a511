"""Bare apps that answer some of the service's requests with the same JSON, but for cursors: they have none."""
