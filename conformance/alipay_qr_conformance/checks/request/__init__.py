"""Level 2: what the subject really sends."""
