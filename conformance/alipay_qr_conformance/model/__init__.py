"""Values that the whole kit shares: requirements, verdicts, policy, known failures, texts; no judgement."""
