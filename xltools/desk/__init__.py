"""The quarter in a browser: the analyst's pages, and one page for every team."""
