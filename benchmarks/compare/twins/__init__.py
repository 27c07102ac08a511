"""Bare apps that return the same JSON as the service for some of its requests, without cursors."""
