"""What only development needs. A running server imports nothing of it, and no image carries it."""
