"""Upstream, downstream, verification and vacuum, from what the stores recorded. Imports the stores and below."""
