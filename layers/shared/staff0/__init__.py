"""What two rooms of the system need: tokens, CIBA, tasks, sealing, settings, errors."""
