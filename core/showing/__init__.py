"""What a page shows and a link carries: no formula is here."""
