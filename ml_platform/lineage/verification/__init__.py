"""Is everything that is stored still what was recorded when it was made? Everything is hashed again, whole."""
