"""Delivery of notifications: schedule, POST, and dishonest ones."""
