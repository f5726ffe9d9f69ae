"""Issues in words, marked copies, and what a run of the check found as a whole."""
