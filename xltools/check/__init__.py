"""A file → typed rows and issues: identify, locate, parse, validate, respond."""
