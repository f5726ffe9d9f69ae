"""Below reader.py: one file per layer between a file's bytes and its cells."""
