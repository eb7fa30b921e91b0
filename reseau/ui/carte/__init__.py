"""The map page: filters, map, and the lists that say what the map says."""
