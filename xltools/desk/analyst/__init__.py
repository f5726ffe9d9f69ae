"""The analyst's pages, which only this machine sees."""
