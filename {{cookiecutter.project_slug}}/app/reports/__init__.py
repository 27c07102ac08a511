"""Reports: revenue by month, tier and customer."""
