"""Webhook notifications. FanOut reads the table's stream and queues deliveries; Deliver sends them to the receivers."""
