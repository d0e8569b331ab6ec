"""Checks whether everything that is stored is still what was recorded: all of it is hashed again."""
