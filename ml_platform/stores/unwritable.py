"""Why nothing can be written: what SQLite, the object store and the system say of it, in one sentence."""

HELP = {
    "the disk is full, or fails. Free space": (
        "database or disk is full",
        "disk I/O error",
        "No space left on device",
        "File too large",
        "Disk quota exceeded",
    ),
    "the folder is read-only. Make it writable": (
        "attempt to write a readonly database",
        "unable to open database file",
        "Read-only file system",
        "Permission denied",
    ),
    "another process has locked the database. Wait for it, or end it": ("database is locked",),
}


def why_unwritable(error: str) -> str | None:
    """Return why something could not be written and what to do, or None when an error says nothing of it."""
    found = (help_ for help_, words in HELP.items() if any(one in error for one in words))
    help_ = next(found, None)
    return help_ and f"Nothing can be written: {help_}, then run the same again; what was stored before is intact"
