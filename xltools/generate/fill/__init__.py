"""What differs from team to team: its rows, its names, and the results of formulas over them."""
