"""The argument rehearsed: claims worked out and what would make them true."""
