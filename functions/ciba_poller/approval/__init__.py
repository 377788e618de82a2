"""The approval loop's tasks, one Lambda handler each: ask the employee, poll, read, and fail."""
