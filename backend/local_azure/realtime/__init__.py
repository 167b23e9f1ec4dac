"""The Realtime door: a conversation as a state machine, one file per event family."""
