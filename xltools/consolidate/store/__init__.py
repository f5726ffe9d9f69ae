"""The memory of what was read: one SQLite file, safe to delete at any time."""
