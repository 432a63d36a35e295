"""The golden vectors: found, read, linted, exported."""
