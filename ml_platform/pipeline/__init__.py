"""The steps of the loop on the stores, without Dagster: each loads, calls one stage, saves, and returns what it made.

A step is a function of model, stores, partition and `RunContext`. It may import lineage, stores, the spec and every
stage. The stage that does the work is imported where the work is done: a step whose inputs are unchanged imports none.
"""
