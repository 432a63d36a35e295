"""How the simulated gateway tells a merchant: outbox, schedule, delivery."""
