"""What pages are built of: titles, lists, cards, data sheets."""
