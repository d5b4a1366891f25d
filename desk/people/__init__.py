"""People: who stands in for whom, who can still act, and what is done when a key is lost."""
