"""A folder becomes a source in an index."""
