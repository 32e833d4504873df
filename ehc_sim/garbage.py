"""Python's search for objects that refer to each other, left out where none are left behind."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_search_for_garbage() -> Iterator[None]:
    """Stop Python's search for objects that refer to each other.

    The search goes through all that is there, again and again, and takes a tenth of the time of a
    run, or of a check. It goes on afterwards, where it did before.
    """
    searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searched:
            gc.enable()


def no_search_at_the_end() -> None:
    """Have Python end without one more search of all that is there.

    It takes a tenth of a second, and the system takes the memory back anyway. Files are closed and
    what was registered for the end is called as ever.
    """
    gc.freeze()
