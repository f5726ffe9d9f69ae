"""From a definition and the settings to workbooks that teams fill in."""
