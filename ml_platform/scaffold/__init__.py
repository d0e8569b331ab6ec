"""A table becomes a model's first contract and YAML: what each column may be, and why. May import stages and below."""
