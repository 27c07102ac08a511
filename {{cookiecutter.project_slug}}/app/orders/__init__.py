"""Orders: what customers bought, and how each order went on."""
