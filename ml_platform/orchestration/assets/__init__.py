"""The kinds of asset that every model has, one module per stage: declarations that call steps."""
