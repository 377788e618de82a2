"""Webhooks, from what lies in the table to their receivers: a handler that fans out, a handler that delivers."""
