"""Tables of all copies → a definition, with a note wherever a person should look."""
