"""ministack as this project runs it. Imported by the emulator's own Python only: the standard library and ministack."""
