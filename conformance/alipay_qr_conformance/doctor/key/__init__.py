"""What is wrong with a key file."""
