"""The simulated gateway's memory."""
