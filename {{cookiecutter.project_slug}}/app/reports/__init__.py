"""Reports: what was sold, by whom and when."""
