"""Reads a document of the Open Data Contract Standard into a ``Contract``, and refuses what it cannot keep."""
