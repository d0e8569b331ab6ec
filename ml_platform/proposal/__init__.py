"""From a person's table to a model's first contract and YAML: read it, look at each column, say what it may be and why."""
