"""The only room that knows an Excel library."""
