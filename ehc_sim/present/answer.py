"""The briefing's question, its answer in two sentences, and what the runs cannot tell apart."""

import math

from ehc_sim.present import findings, words
from ehc_sim.present.frames import Frames
from ehc_sim.present.reading import Option, Standing, over_the_plan

_MORE = 1.01
"""From 1 in 100 more cases than the baseline, they are said to be more."""


def question(name: str, now: Standing) -> str:
    """Return what the study asks."""
    baseline = now.baseline
    return (
        f"Which option saves children in {name} most waiting past the date of their EHC plan, at "
        "what cost, and when is the backlog clear? How likely is it that at least "
        f"{words.percent(baseline.target)} of new plans are issued within 20 weeks in "
        f"{words.window(*baseline.window)}?"
    )


def answer(frames: Frames, now: Standing) -> list[str]:
    """Return two sentences: the option that is put first, and what it costs.

    Where its chance is paid for in waiting, they say so and name the best option that is not. Where
    no chance is worth the name, they crown none and say what is overloaded. Options that only
    change who is seen first are no rivals of the others: ``only_moves_the_wait`` tells of them.
    """
    if len(now.ranked) == 1:
        return [_only(now.baseline), "No other option was simulated, so none can be recommended."]
    if not math.isfinite(now.best.chance):
        return [
            "The chance of reaching the target is not known for any option.",
            "The table has what is known.",
        ]
    return _two_sentences(frames, now)


def _two_sentences(frames: Frames, now: Standing) -> list[str]:
    if now.none_is_enough:
        return [_none_is_enough(now), _what_is_overloaded(frames, now)]
    if now.best.is_baseline:
        return [_baseline_is_best(now), _share(now.baseline)]
    if now.best.pays_in_waiting:
        return [_best_at_a_price(now), _best_without_that_price(now)]
    return [_best(now), _what_it_costs(frames, now)]


def cannot_be_told_apart(now: Standing) -> str:
    """Return which options the paired tests cannot tell from the best chance, and which leads."""
    best, tied = now.best, now.tied
    if len(now.ranked) == 1:
        return ""
    if now.none_is_enough:
        return f"Chances this small cannot put the options in order. {_most_on_time(now)}"
    if not now.tested:
        return (
            "These results are of an earlier version, which did not test the options in pairs: "
            "which of them differ by more than the accidents of the simulation is not known."
        )
    if not tied:
        return (
            f"In the same simulated futures the chance of {best.named} differs from every "
            f"other option's by more than accident explains {_TESTS}."
        )
    together = words.quoted([option.scenario for option in (best, *tied)])
    said = [
        f"The chances of {together} cannot be told apart from the best of them in the same "
        f"simulated futures {_TESTS}."
    ]
    if not best.is_baseline:
        said.append(_why_first(now))
    said.append(_raised(now))
    return " ".join(sentence for sentence in said if sentence)


_TESTS = "(tests in pairs, which allow for how many are compared)"


def _why_first(now: Standing) -> str:
    """Return why, of the options that cannot be told apart, one is put first."""
    best = now.best
    shown = (
        "shown to spare children waiting past their date"
        if any(option.is_baseline for option in now.tied)
        else "shown to raise the chance over the baseline's"
    )
    if best.first_by == "alone":
        return f"Of these, only {best.named} is {shown}."
    level = [option.scenario for option in (best, *now.tied) if option.least_waiting]
    if best.first_by == "waiting" or len(level) < 2:
        return (
            f"Of those {shown}, {best.named} is put first because it leaves children waiting "
            "least past their date."
        )
    what = "costs least of them" if best.first_by == "cost" else "has the best chance for the money"
    return (
        f"Of those {shown}, {words.quoted(level)} are not shown to differ in how long children "
        f"wait past their date; {best.named} is put first because it {what}."
    )


def _raised(now: Standing) -> str:
    """Return which options are shown to raise the chance, or how many futures would show one."""
    raise_it = [option for option in now.ranked if option.raises_chance and not option.apart]
    if raise_it == [now.best] and now.best.first_by == "alone":
        return ""
    if raise_it:
        names = words.quoted([option.scenario for option in raise_it])
        are = words.plural(len(raise_it), "is", "are")
        return f"Shown to raise the chance over the baseline's {are} {names}."
    said = "No option is shown to raise the chance over the baseline's."
    able = [o for o in now.ranked if not o.apart and o.chance > now.baseline.chance]
    if not able:
        return said
    nearest = max(able, key=lambda option: option.chance)
    wanted = nearest.replications_to_tell
    if not wanted > nearest.replications_compared:
        return said
    return (
        f"{said} If what has been seen of {nearest.named} so far is right, about "
        f"{words.rounded_up(wanted)} simulated futures would show it, 4 times in 5."
    )


def only_moves_the_wait(now: Standing) -> list[str]:
    """Return what the options reach that only change who is seen first, and who pays for it."""
    orders = [option for option in now.orders if math.isfinite(option.chance)]
    if not orders:
        return _besides(now)
    names = words.quoted([option.scenario for option in orders])
    change, it_reaches = (("changes", "It reaches"), ("change", "They reach"))[len(orders) > 1]
    reach = words.join([words.out_of(option.chance) for option in orders])
    said = [
        f"{names} only {change} who is seen first: one child is seen sooner because another waits.",
        f"{it_reaches} the target in {reach} of the simulated futures.",
    ]
    payers = [option for option in orders if option.pays_in_waiting]
    if payers:
        dearest = max(payers, key=lambda option: option.overdue_at_end)
        said.append(
            f"The children who are seen later pay: with {dearest.named}, {_waiting(now, dearest)}."
        )
    return said + _besides(now)


def _besides(now: Standing) -> list[str]:
    """Return who pays with the options that change who is seen first, and something else too."""
    mixed = [o for o in now.ranked if o.changes_order and not o.order_only and o.pays_in_waiting]
    return [
        f"{option.named} changes who is seen first too, and those who are seen later pay: "
        f"{_waiting(now, option)}."
        for option in mixed
    ]


def _only(baseline: Option) -> str:
    return (
        f"With {baseline.named}, at least {words.percent(baseline.target)} of plans are on time "
        f"in {baseline.chance_in_words}."
    )


def _none_is_enough(now: Standing) -> str:
    best = max((o for o in now.ranked if not o.apart), key=lambda option: option.chance)
    if best.chance > 0:
        return f"No option tested is enough: the best reaches the target in {best.chance_in_words}."
    return (
        "No option tested is enough: none reaches the target in any of the simulated futures "
        f"({best.chance_ranges})."
    )


def _what_is_overloaded(frames: Frames, now: Standing) -> str:
    """Return the teams overloaded with the baseline, and how many options leave any so."""
    baseline = now.baseline
    teams = baseline.overloaded_teams
    if not teams:
        steps = findings.where_cases_wait(frames, now)
        none = "No team gets more work than it has hours for with the baseline. "
        return (none if now.loads_known else "") + steps
    others = [option for option in now.ranked if not (option.is_baseline or option.apart)]
    still = sum(1 for option in others if option.overloaded_teams)
    if len(others) == 1:
        of_others = f"The other option {'leaves a team so too' if still else 'leaves no team so'}"
    elif still == len(others):
        of_others = "Every other option leaves a team so too"
    else:
        of_others = (
            f"{words.capital(words.how_many(still))} of the {words.how_many(len(others))} other "
            f"options {words.plural(still, 'leaves', 'leave')} a team so too"
        )
    return (
        f"With the baseline, {words.join(teams)} get more work than they have hours for. "
        f"{of_others}."
    )


def _most_on_time(now: Standing) -> str:
    """Return which option lifts the share on time most and leaves no more cases overdue."""
    better = [
        option
        for option in now.ranked
        if option.difference_low > 0 and now.leaves_no_more_waiting(option)
    ]
    if not better:
        return (
            "No option that leaves no more cases past 20 weeks than the baseline is shown to lift "
            "the share on time either."
        )
    most = max(better, key=lambda option: option.on_time)
    return (
        "Of the options that do not leave more cases past 20 weeks than the baseline, "
        f"{most.named} lifts the share on time most: to {_on_time(most)} in "
        f"{words.window(*most.window)}, against {words.percent(now.baseline.on_time)}."
    )


def _baseline_is_best(now: Standing) -> str:
    shown = "is shown to have" if now.tied else "has"
    return (
        f"No option {shown} a better chance of reaching the target than the baseline, "
        f"{now.baseline.named}, which does so in {now.baseline.chance_in_words}."
    )


def _best(now: Standing) -> str:
    return f"{_opening(now)}; {_baseline_s_chance(now.baseline)}."


def _opening(now: Standing) -> str:
    """Return which option is put first, how well it does, and whether that is surely the best."""
    best = now.best
    likely = any(o.chance >= 0.5 for o in now.ranked if not o.apart)
    if not likely:
        which = "one of the best" if now.tied else "the best"
        return (
            f"No option is more likely than not to reach the target: {which}, {best.named}, "
            f"does so in {best.chance_in_words}"
        )
    which = (
        "is put first of those whose chances cannot be told apart"
        if now.tied
        else "has the best chance"
    )
    return f"{best.named} {which}: it reaches the target in {best.chance_in_words}"


def _baseline_s_chance(baseline: Option) -> str:
    return (
        f"the baseline, {baseline.named}, does so in {words.out_of(baseline.chance)} "
        f"({baseline.chance_ranges})"
    )


def _what_it_costs(frames: Frames, now: Standing) -> str:
    best, baseline = now.best, now.baseline
    if best.saves_waiting and best is now.lead:  # what it costs has been told
        return f"{_share(best)[:-1]}, against {words.percent(baseline.on_time)}."
    return (
        f"{words.capital(over_the_plan(frames))}, discounted, it {_costs_with_range(best)}, "
        f"{_beats_baseline(best)}and in {words.window(*baseline.window)} "
        f"it issues {_on_time(best)} of plans on time, against {words.percent(baseline.on_time)}."
    )


def _best_at_a_price(now: Standing) -> str:
    best, baseline = now.best, now.baseline
    return (
        f"{_opening(now)}, against {words.out_of(baseline.chance)} "
        f"({baseline.chance_ranges}) with the baseline, "
        f"{baseline.named}, and {_costs(best)}, but the price is paid in waiting: "
        f"{_waiting(now, best)}."
    )


def _waiting(now: Standing, option: Option) -> str:
    """Return by how much an option leaves children waiting longer than the baseline."""
    baseline = now.baseline
    said = []
    if option.more_overdue:
        said.append(
            f"{option.overdue} children are past 20 weeks at the end of the "
            f"planning period, against {baseline.overdue} with the baseline"
        )
    if option.over_52_weeks_at_end > _MORE * baseline.over_52_weeks_at_end:
        said.append(f"{option.over_52} have waited over 52 weeks, against {baseline.over_52}")
    if option.older_case:
        said.append(
            "the oldest case without a draft plan has waited "
            f"{words.weeks(option.oldest_weeks_at_end)}, against "
            f"{words.number(baseline.oldest_weeks_at_end)}"
        )
    return words.join(said)


def _best_without_that_price(now: Standing) -> str:
    other = now.best_without_more_waiting
    among = "Of the options that do not leave more children past 20 weeks than the baseline"
    if other.is_baseline:
        return f"{among}, none has a better chance than the baseline itself."
    leaves = f"leaves {other.overdue} children past 20 weeks"
    if other.near_zero:
        return (
            f"{among}, none is enough: the best, {other.named}, reaches the target in "
            f"{other.chance_in_words}, {_costs(other)} and {leaves}."
        )
    return (
        f"{among}, {other.named} has the best chance: {other.chance_in_words}; it "
        f"{_costs_with_range(other)} and {leaves}."
    )


def _share(option: Option) -> str:
    return f"In {words.window(*option.window)} it issues {_on_time(option)} of plans on time."


def _beats_baseline(option: Option) -> str:
    """Return in how many simulated futures an option does better: a count, so without a range."""
    futures = option.replications_compared
    if not (words.known(option.chance_beats_baseline) and words.known(futures)):
        return ""
    better = words.number(option.chance_beats_baseline * futures)
    return (
        f"has a larger share of plans on time than the baseline in {better} of the "
        f"{words.number(futures)} simulated futures, "
    )


def _on_time(option: Option) -> str:
    return (
        f"{words.percent(option.on_time)} "
        f"({words.percent_range(option.on_time_low80, option.on_time_high80)} in 8 of 10 futures)"
    )


def _costs_with_range(option: Option) -> str:
    ends = (option.cost_low, option.cost_high)
    if not option.cost or not all(math.isfinite(end) for end in ends):
        return _costs(option)
    money = words.pounds_range(*ends)
    if money == words.pounds(option.cost):
        return _costs(option)
    return f"{_costs(option)} ({money} in 8 of 10 futures)"


def _costs(option: Option) -> str:
    if not math.isfinite(option.cost):
        return "has a cost that is not known"
    if words.pounds(option.cost) == "£0":
        return "costs nothing extra"
    if option.cost < 0:
        return f"saves {words.pounds(-option.cost)}"
    return f"costs {words.pounds(option.cost)} more than the baseline"
