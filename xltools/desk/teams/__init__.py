"""The pages of the teams, each behind a key of its own."""
