"""Helps numba's cache to notice a change in any file that compiled code comes from."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path


def sources(*files: str) -> int:
    """Return a number that tells the text of several files of code.

    numba compiles a function anew when the function's own file has changed, and does not look at
    the files of the functions that it calls. A function that is made inside another and uses this
    number is kept under it, so that a change in any of the files is noticed.

    Parameters
    ----------
    *files : str
        ``__file__`` of the modules.
    """
    texts = b"".join(Path(file).read_bytes() for file in files)
    return int.from_bytes(blake2b(texts, digest_size=7).digest(), "little")
