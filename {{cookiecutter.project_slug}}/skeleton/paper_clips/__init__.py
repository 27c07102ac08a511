"""Paper clips."""
