"""The handlers of the approval workflow: request an approval, poll for it, read the employment, fail the task."""
