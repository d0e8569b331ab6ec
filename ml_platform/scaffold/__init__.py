"""From a person's table to a model's first contract and YAML: what each column may be, and why."""
