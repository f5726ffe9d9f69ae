"""What this quarter carries into the next."""
