"""Writing and checking migrations."""
