"""Where everything of a form stands, how it looks, and what its cells offer."""
