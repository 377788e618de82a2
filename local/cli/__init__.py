"""The commands `up`, `down`, `status` and `demo`."""
