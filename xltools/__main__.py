"""``python -m xltools``: the same where the command itself is not on the path."""

from xltools.cli import main

if __name__ == "__main__":  # worker processes import this module, too
    main()
