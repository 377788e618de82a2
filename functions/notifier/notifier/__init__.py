"""Webhooks, from the table's stream to the receiver: two Lambda handlers, fan-out and delivery."""
