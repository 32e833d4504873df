"""Text that can be seen: what users wrote, made safe to be printed, and put into one form."""

import unicodedata

_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
"""Categories of Unicode without a glyph: control characters, marks that turn the direction of text,
characters of no width, halves of a pair, private ones."""

_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0\u034f\u180b\u180c\u180d")
"""Letters and signs that are drawn as nothing."""


def is_plain(character: str) -> bool:
    """Return whether a character can be seen, or is a plain space."""
    variation = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    return not (variation or character in _BLANK or unicodedata.category(character) in _UNSEEN)


def all_plain(text: str) -> bool:
    """Return whether every character of a text can be seen, or is a plain space."""
    return (text.isascii() and text.isprintable()) or all(map(is_plain, text))


def shown(text: str) -> str:
    """Return a text as it can be printed: a character that is not plain is written as its number.

    The one place in which what users wrote, file names too, is made safe for a terminal, a page or
    a message.
    """
    if all_plain(text):
        return text
    return "".join(c if is_plain(c) else f"\\u{{{ord(c):x}}}" for c in text)


def normal(text: str) -> str:
    """Return a text in Unicode's composed form (NFC), with every kind of space a plain one."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text)
    return "".join(" " if unicodedata.category(c) == "Zs" else c for c in text)


def folded(name: str) -> str:
    """Return what two names have in common that people would take for one: letters and signs."""
    return "".join(normal(name).casefold().split())
