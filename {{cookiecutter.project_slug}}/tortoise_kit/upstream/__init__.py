"""What is private of foreign libraries: one module for each, with the version that was read."""
