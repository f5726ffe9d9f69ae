"""What pages are built of: titles, lists, charts, data sheets."""
