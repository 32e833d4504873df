"""Opens a file that somebody named: a plain file of a size that is allowed, and the text in it."""

import codecs
import re
import stat
from pathlib import Path

MEGABYTE = 1_000_000
NOT_READ = "cannot be read: "
NO_SUCH_FILE = f"{NOT_READ}no such file"

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_MIXED = re.compile(r"[ÂÃ][\x80-\xbf]|â€")
"""UTF-8 that is read as Windows-1252: the file has some of both."""


class Unreadable(ValueError):  # noqa: N818
    """A file that cannot be read at all.

    Attributes
    ----------
    line : int or None
        Line of the file, counted from 1, where it is known.
    problem : str
        What was found and what is allowed.
    """

    def __init__(self, problem: str, line: int | None = None) -> None:
        self.line = line
        self.problem = problem
        super().__init__(problem)


def problem_of(path: Path, most: int) -> str | None:
    """Return why a path cannot be read, without opening it; None where it can.

    Parameters
    ----------
    path : Path
    most : int
        Largest size allowed, in bytes.
    """
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return NO_SUCH_FILE
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        return f"{NOT_READ}{getattr(error, 'strerror', None) or error}"
    if not stat.S_ISREG(status.st_mode):
        kind = next((name for test, name in _KINDS if test(status.st_mode)), "something else")
        return f"{NOT_READ}found {kind}, allowed is a plain file"
    return _too_large(status.st_size, most)


def read_bytes(path: Path, most: int) -> bytes:
    """Return what is in a plain file, of which no more is read than is allowed.

    Parameters
    ----------
    path : Path
    most : int
        Largest size allowed, in bytes.

    Raises
    ------
    Unreadable
        If there is no such file, it is no plain file (which is not opened: a pipe would never
        end), it is too large, or it may not be read.
    """
    problem = problem_of(path, most)
    if problem is None:
        try:
            with path.open("rb") as file:
                raw = file.read(most + 1)
        except PermissionError as error:
            problem = f"{NOT_READ}{error.strerror}; is it open in another program?"
            raise Unreadable(problem) from error
        except OSError as error:
            raise Unreadable(f"{NOT_READ}{error.strerror}") from error
        problem = _too_large(len(raw), most)  # it may have grown, or not say its size
    if problem is not None:
        raise Unreadable(problem)
    return raw


def text_of(raw: bytes, only_utf8: bool = False) -> str:
    """Return a file's text: UTF-8, UTF-16 with its mark (Excel's "Unicode text"), or Windows-1252.

    Parameters
    ----------
    raw : bytes
        What is in the file.
    only_utf8 : bool
        Whether anything but UTF-8 is refused.

    Raises
    ------
    Unreadable
        If it is not text, or text of another kind, with the line of the first such character.
    """
    kind = next((name for mark, name in _MARKS.items() if raw.startswith(mark)), "utf-8")
    if only_utf8 and kind == "utf-16":
        raise Unreadable("found UTF-16, allowed is a file saved as UTF-8")
    try:
        text = raw.decode(kind)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        if only_utf8 or kind == "utf-16":
            problem = f"found a character that is not {kind.upper()[:6].rstrip('-')}"
            raise Unreadable(f"{problem}, allowed is a file saved as UTF-8", line) from None
        text = _windows(raw, line)
    strange = _CONTROL.search(text)
    if strange is not None and not only_utf8:  # TOML says by itself what it does not allow
        line = text.count("\n", 0, strange.start()) + 1
        raise Unreadable("found a control character, so not text; save it as CSV UTF-8", line)
    return text


def _windows(raw: bytes, not_utf8: int) -> str:
    allowed = "save it as CSV UTF-8"
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        problem = "found a character that is neither UTF-8 nor Windows-1252"
        raise Unreadable(f"{problem}; {allowed}", line) from None
    if _MIXED.search(text):
        raise Unreadable(f"found UTF-8 and other characters in one file; {allowed}", not_utf8)
    return text


def _too_large(size: int, most: int) -> str | None:
    if size <= most:
        return None
    found, allowed = (f"{count / MEGABYTE:,.1f} MB" for count in (size, most))
    return f"{NOT_READ}found {found}, allowed are {allowed} or less"
