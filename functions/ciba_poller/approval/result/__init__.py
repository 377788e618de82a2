"""What a caller receives for an approved request: the verification result and the signed statement."""
