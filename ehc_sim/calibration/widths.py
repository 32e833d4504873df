"""How uncertain numbers are that nobody publishes, before any figure is looked at, and after.

Stated here and nowhere else, so that they can be chosen by what they do to councils that were left
out, and so that a page can say them.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Widths:
    """Standard deviations: of logarithms for posts and waits, of log odds for shares.

    Attributes
    ----------
    posts : float
        Posts of the psychologists on the first day. Nobody publishes them: a half to twice as many.
    posts_in_a_half_year : float
        Change from one half-year to the next, so that what changes smoothly is likelier.
    posts_after : float
        Change from one year to the next after the last figures, which lasts: assessments completed
        move by 4% to 9% a year. Over all councils, 2018 to 2024, it is 15 to 20%; a wider drift
        by itself brought no forecast of councils that were left out nearer, nor more of them into
        their ranges (``benchmarks/README.md``).
    posts_follow : float
        No standard deviation, but how far the posts of the psychologists go in a year after the
        last figures towards those that the year's work takes (``following.py``); 0 to 1.
    other_posts, other_posts_in_a_year : float
        The same of officers and writers, where reviews, weeks or stage times are published.
    refused, refused_in_a_year : float
        How far the share of requests that is not assessed lies from what is published, in all years
        alike and in each year: requests, refusals, completed assessments and open cases of DfE's
        figures do not add up, by some 13% of a year (median of councils, 2014 to 2021).
    pace, pace_in_a_year : float
        Of all waits for advice together, and their change from year to year.
    placement, placement_in_a_year, placement_wait : float
        Share of cases that wait for a placement, in all years alike and in each year, and how long.
    newest, newest_in_a_year : float
        Share of the newest cases that are taken first, and its change from year to year: policy.
    unevenness : float
        Posts of an area for its share of requests.
    """

    posts: float = 0.20
    posts_in_a_half_year: float = 0.10
    posts_after: float = 0.08
    posts_follow: float = 0.0
    other_posts: float = 0.25
    other_posts_in_a_year: float = 0.10
    refused: float = 0.30
    refused_in_a_year: float = 0.30
    pace: float = 0.25
    pace_in_a_year: float = 0.08
    placement: float = 0.40
    placement_in_a_year: float = 0.20
    placement_wait: float = 0.30
    newest: float = 1.0
    newest_in_a_year: float = 1.2
    unevenness: float = 0.15


WIDTHS = Widths()
"""What is assumed of a council of which nothing is known but its figures."""
