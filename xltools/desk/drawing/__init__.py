"""Pictures of sheets as shapes of an SVG."""
