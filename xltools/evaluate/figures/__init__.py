"""Figures: each writes itself as an Excel formula and computes itself."""
