"""Days of a year that a rule names: Easter, and a month's first or last Monday."""

from calendar import monthrange
from datetime import date, timedelta


def easter_sunday(year: int) -> date:
    """Return the date of Easter Sunday.

    Source: the anonymous Gregorian computus, in J. Meeus, Astronomical Algorithms (1991), ch. 8.
    """
    century, of_century = divmod(year, 100)
    golden = year % 19
    leaps, rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - leaps - correction + 15) % 30
    weekday = (32 + 2 * rest + 2 * (of_century // 4) - moon - of_century % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def nth_monday(year: int, month: int, nth: int) -> date:
    """Return the first, second … Monday of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=-first.weekday() % 7 + 7 * (nth - 1))


def last_monday(year: int, month: int) -> date:
    """Return the last Monday of a month."""
    end = date(year, month, monthrange(year, month)[1])
    return end - timedelta(days=end.weekday())
