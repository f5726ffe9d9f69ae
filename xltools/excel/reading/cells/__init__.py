"""What a cell holds and what it shows, whichever format its file has."""
