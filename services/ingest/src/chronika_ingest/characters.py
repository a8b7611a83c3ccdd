"""Characters that a text may not hold or that a reader should know of.

What no store and no wire format can hold (NUL, lone surrogates) becomes U+FFFD, one for one, so that offsets stay. What
is only invisible (zero-width and bidirectional controls) stays as it is; the document says that it is there.
"""

from __future__ import annotations

import re

_NUL = "\x00"
_SURROGATE = re.compile("[\ud800-\udfff]")
_ZERO_WIDTH = re.compile("[\u200b-\u200d\u2060\ufeff]")
_BIDIRECTIONAL = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_BLANK = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd\x00-\x1f]*")


def storable(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with NUL and lone surrogates replaced one for one, and the warnings that tell of it."""
    warnings: list[str] = []
    if _NUL in text:
        text = text.replace(_NUL, "\ufffd")
        warnings.append("replaced-nul")
    if _SURROGATE.search(text):
        text = _SURROGATE.sub("\ufffd", text)
        warnings.append("replaced-lone-surrogate")
    if _ZERO_WIDTH.search(text):
        warnings.append("zero-width-characters")
    if _BIDIRECTIONAL.search(text):
        warnings.append("bidirectional-controls")
    return text, tuple(warnings)


def is_blank(text: str) -> bool:
    """Whether nothing in the text can be seen."""
    return _BLANK.fullmatch(text) is not None
