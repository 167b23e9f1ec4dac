"""A small Azure on loopback: the Realtime WebSocket and the Search REST API, for trying, developing and testing.

A program of its own (`python -m local_azure`); it knows nothing of Ask Aloud. Its rooms do not know each other: `realtime/` says
in `parts.py` what it needs of ears, mouth and mind; `speech/` and `mind/` offer it; `app.py` is where they meet.
"""
