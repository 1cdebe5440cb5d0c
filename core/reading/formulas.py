"""Cells that a spreadsheet would run as a formula: defused on the way out, restored on the way in.

An apostrophe is put before a text that begins with = + - @, a tab or a line end (OWASP, "CSV Injection"), and before
one that already has such apostrophes: so one taken off again gives back exactly what was there.
"""

import re

PATTERN = "^'*[=+\\-@\t\r\n＝＋－＠]"
ESCAPED = "^'+[=+\\-@\t\r\n＝＋－＠]"
_PATTERN, _ESCAPED = re.compile(PATTERN), re.compile(ESCAPED)


def defused(text: str) -> str:
    """
    >>> defused("=1+1"), defused("'=1"), defused("plain"), defused("it's")
    ("'=1+1", "''=1", 'plain', "it's")
    """
    return f"'{text}" if _PATTERN.match(text) else text


def restored(text: str) -> str:
    """
    >>> restored("'=1+1"), restored("''=1"), restored("'quoted'")
    ('=1+1', "'=1", "'quoted'")
    """
    return text[1:] if _ESCAPED.match(text) else text


def defused_sql(text: str) -> str:
    """`defused` in SQL."""
    return f"CASE WHEN regexp_matches({text}, '{_quoted(PATTERN)}') THEN '''' || {text} ELSE {text} END"


def escaped_sql(text: str) -> str:
    """True of a text that `defused` has changed."""
    return f"(starts_with({text}, '''') AND regexp_matches({text}, '{_quoted(ESCAPED)}'))"


def restored_sql(text: str) -> str:
    """`restored` in SQL."""
    return f"CASE WHEN {escaped_sql(text)} THEN substr({text}, 2) ELSE {text} END"


def _quoted(pattern: str) -> str:
    return pattern.replace("'", "''").replace("\t", "\\t").replace("\r", "\\r").replace("\n", "\\n")
