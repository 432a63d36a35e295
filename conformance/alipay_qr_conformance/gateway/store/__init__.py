"""Where the simulated gateway keeps its trades."""
