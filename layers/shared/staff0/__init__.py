"""The layer: what two or more functions need. Tokens, tasks, encryption, signing, settings, errors and logs."""
