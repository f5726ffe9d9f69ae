"""Columns derived from the rows that teams sent: what several pages build on."""
