"""What a gateway owes a merchant: the checks of ``check --gateway``."""
