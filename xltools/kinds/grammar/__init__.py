"""How people type numbers, days, spans and names."""
