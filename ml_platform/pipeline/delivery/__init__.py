"""Deliveries: the next file of a model's table, read, matched with what is stored, validated, and stored."""
