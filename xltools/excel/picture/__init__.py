"""A sheet as it looks: what its cells and charts show, for showing it elsewhere."""
