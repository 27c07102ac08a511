"""How fast the service is, measured on a database that the benchmark makes and fills itself."""
