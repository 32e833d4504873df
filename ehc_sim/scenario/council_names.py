"""Names of councils, which are written in many ways: what two of them have in common."""

import re
from functools import lru_cache

from ehc_sim.safe.plain_text import normal

_KINDS = ("council", "county", "borough", "metropolitan", "city")
"""What may follow the name itself, as in Somerset County Council."""
_TITLE = re.compile(r"^(((london|royal|metropolitan) borough|city|county|borough) of |county )")
_REGION = "london"
"""A region of England, and no other name of the City of London."""


def plain_name(name: str) -> str:
    """Return a name in small letters, without marks and the word council."""
    words = re.sub(r"[^\w ]+", " ", normal(name).casefold().replace("&", " and ")).split()
    while len(words) > 1 and words[-1] in _KINDS:
        words.pop()
    return " ".join(words)


def forms_of_name(name: str) -> set[str]:
    """Return a name as it may be written: "Bristol, City of" is also "Bristol"."""
    first, _, rest = name.partition(", ")
    titled = bool(re.fullmatch(r"(City|County|Royal Borough|Borough) of", rest, re.IGNORECASE))
    forms = (plain_name(first), plain_name(f"{rest} {first}")) if titled else ()
    return {plain_name(name), *forms}


def untitled(forms: set[str]) -> set[str]:
    """Return forms of a name, also without a title such as "London Borough of"."""
    return forms | {_TITLE.sub("", form) for form in forms} - {_REGION}


@lru_cache(1024)
def council_key(name: str) -> str:
    """Return what the ways have in common in which one council's name is written.

    No two councils of England have the same: what goes is capitals, marks and spaces, a title such
    as "London Borough of" or ", City of", and "Council" with its kind at the end.
    """
    forms = sorted(untitled(forms_of_name(name)))
    return min(forms, key=len).replace(" ", "")


def same_council(name: str, other: str) -> bool:
    """Return whether two names are of one council, however they are written."""
    return council_key(name) == council_key(other)
