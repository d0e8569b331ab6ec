"""The kinds of check that every model has, one module per stage: declarations that call steps."""
