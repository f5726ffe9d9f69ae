"""A database of all quarters, for BI tools and trends; the only room that knows SQLAlchemy."""
