"""Drift of a partition against a frozen reference: profiles, counts, PSI, significance. Imports no other stage."""
