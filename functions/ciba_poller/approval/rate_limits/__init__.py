"""Rate limits on pushes and polls, and cool-downs after a request; their state is in the tasks table."""
