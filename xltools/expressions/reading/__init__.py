"""From a text in its scope to typed nodes."""
