"""Runs cases against a subject and emits one stream of events."""
