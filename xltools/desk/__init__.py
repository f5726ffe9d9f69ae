"""The quarter in a browser; the only room that knows a web library."""
