"""From typed nodes to an Excel formula."""
