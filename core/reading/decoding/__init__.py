"""Bytes to raw text: file types, archives, workbooks, encodings, quotes."""
