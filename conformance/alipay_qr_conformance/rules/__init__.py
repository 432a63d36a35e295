"""Pure judgement of a request, and forged messages."""
