"""Text from outside, made harmless where Markdown is shown."""

import re

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+.!|~$:^=-])")


def plain(text: object) -> str:
    """Shown letter by letter: no Markdown, HTML, formula or emoji code in it takes effect.

    >>> plain("a*b <i> $x$")
    'a\\\\*b \\\\<i\\\\> \\\\$x\\\\$'
    """
    return _MARKDOWN.sub(r"\\\1", " ".join(str(text).split()))
