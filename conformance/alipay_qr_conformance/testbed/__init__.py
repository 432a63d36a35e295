"""What a case is written with: the testbed, its gateway sessions, notifications and calls."""
