"""Tests of the template: what it asks, what it renders, and that it runs as it lies there."""
