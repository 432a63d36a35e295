"""What a sign says of how it was made: read, searched, explained."""
