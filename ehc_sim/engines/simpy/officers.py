"""Named officers: which post of a team does all of the team's work on a case."""

from collections.abc import Sequence
from typing import NamedTuple

from ehc_sim.network.network import AWAY_MINUTES
from ehc_sim.network.posts import Post


class Officer(NamedTuple):
    """Who is in a post, from when cases of the post were last given up until they are again.

    Attributes
    ----------
    post : int
        Number of the post.
    since : int
        How often the post has given up its cases.
    """

    post: int
    since: int


class Officers:
    """The officers of a team, the cases that each has, and how many of these are open.

    Parameters
    ----------
    posts : sequence of Post
        The team's posts.
    holder : sequence of int
        For each case, the number of the case that holds the plan that it is about.
    """

    def __init__(self, posts: Sequence[Post], holder: Sequence[int]) -> None:
        self._posts = posts
        self._holder = holder
        self._since = [0] * len(posts)
        self._open = [0] * len(posts)
        self._of_holder: dict[int, Officer] = {}
        self._counted: dict[int, Officer] = {}
        self._ended: set[int] = set()

    def post_of(self, case: int, sizes: Sequence[int], now: int) -> int:
        """Return the number of the post whose case it is, that of nobody after all posts.

        Parameters
        ----------
        case : int
            A case that has a job for the team.
        sizes : sequence of int
            How large each post is as one that is given cases like this.
        now : int
            The minute.
        """
        holder = self._holder[case]
        officer = self._of_holder.get(holder)
        if officer is None or not self._there(officer) or not sizes[officer.post]:
            self._close(case)  # one that was open with an officer who may not have it any more
            post = self._with_fewest(sizes, now)
            if post is None:
                self._of_holder.pop(holder, None)
                return len(self._posts)
            self._of_holder[holder] = officer = Officer(post, self._since[post])
        if case not in self._ended and self._counted.get(case) != officer:
            self._close(case)
            self._counted[case] = officer
            self._open[officer.post] += 1
        return officer.post

    def give_up(self, post: int) -> None:
        """Have a post give up all its cases; each is given out anew at its next job."""
        self._since[post] += 1
        self._open[post] = 0

    def end(self, case: int) -> None:
        """Have a case be open no more; the plan that it is about keeps its officer."""
        self._close(case)
        self._ended.add(case)

    def _there(self, officer: Officer) -> bool:
        return self._since[officer.post] == officer.since

    def _close(self, case: int) -> None:
        officer = self._counted.pop(case, None)
        if officer is not None and self._there(officer):
            self._open[officer.post] -= 1

    def _with_fewest(self, sizes: Sequence[int], now: int) -> int | None:
        """Return the post to be given a case: one that will be at work within a week if any is.

        Of several, it is the one that would have the fewest open cases for its size.
        """

        def rank(post: int) -> tuple[int, float, int]:
            comes = self._posts[post].next_at_work(now)
            away = comes if comes - now >= AWAY_MINUTES else 0
            return away, (self._open[post] + 1) / sizes[post], post

        return min((post for post, size in enumerate(sizes) if size), key=rank, default=None)
