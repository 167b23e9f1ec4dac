"""What the assistant knows: the only room that talks to the search service."""
