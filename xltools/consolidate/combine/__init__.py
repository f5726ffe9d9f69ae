"""Which submissions and rows count once all of them are known."""
