"""The employees' own page: who asked about them, what was disclosed, and a switch for questions."""
