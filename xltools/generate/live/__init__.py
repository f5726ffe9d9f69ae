"""What a form says about itself while it is filled in: checks, states and colours as formulas."""
