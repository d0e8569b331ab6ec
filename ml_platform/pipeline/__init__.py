"""The steps of the loop on the stores, without Dagster: each loads, calls one stage, saves, returns what it made."""
