"""Ears and mouth, each in a worker process behind a small interface."""
