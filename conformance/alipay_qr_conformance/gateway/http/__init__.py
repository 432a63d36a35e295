"""Loopback HTTP for the simulated gateway."""
