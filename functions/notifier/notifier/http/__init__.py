"""HTTP requests to untrusted receivers: only public addresses, one deadline, bounded responses."""
