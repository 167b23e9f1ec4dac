"""The Search door: indexes, documents, queries and filters on SQLite."""
