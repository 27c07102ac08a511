"""The commands of the service, one module for each group."""
