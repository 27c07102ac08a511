"""The catalog: categories, products and their tags."""
