"""The briefing says what the numbers say, to everybody, and loads nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from ehc_sim.present import assumptions, briefing, findings, limits, past, tables, words
from ehc_sim.present.briefing import write_all
from ehc_sim.present.charts import CHARTS
from ehc_sim.present.reading import shown_with_an_order, standing
from tests.page_numbers import rounded
from tests.present_frames import made_up, overloaded, stood

pytestmark = pytest.mark.unit


class Page(HTMLParser):
    """Collects what the tests ask about."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.stack, self.words = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.stack.append(tag)

    def handle_endtag(self, tag):
        while self.stack and self.stack.pop() != tag:
            pass

    def handle_data(self, data):
        if not {"style", "script"} & set(self.stack):
            self.words.append(data)

    def all(self, *names):
        return [(tag, attrs) for tag, attrs in self.tags if tag in names]

    @property
    def text(self):
        return re.sub(r"\s+", " ", " ".join(self.words))


def changed(frames, **columns):
    """Frames with columns of the comparison put in the place of others."""
    return replace(frames, comparison=frames.comparison.assign(**columns))


@pytest.fixture(scope="module")
def html():
    return briefing.render(made_up(12))


@pytest.fixture(scope="module")
def page(html):
    return Page(html)


def test_what_was_set_to_fit_is_told_with_its_dates() -> None:
    frames = made_up(3)
    path = "teams.psychologists.patches.Mendip.posts"
    rows = [
        {"path": path, "value": "3.3", "change": ""},
        {"path": path, "value": "2.5", "change": "set 2.5 from 2022-07-01"},
    ]
    fitted = pd.DataFrame(rows).assign(source="", note="Fitted.", fitted=True)
    frames = replace(frames, assumptions=fitted)
    assert assumptions.set_to_fit(frames) == [
        "psychologists patches Mendip posts (3.3; 2.5 from July 2022)"
    ]


def test_nothing_is_loaded_from_elsewhere(html, page):
    assert not page.all("script", "link", "iframe", "object", "embed", "img")
    for _, attrs in page.tags:
        for name, value in attrs.items():
            if name in ("src", "href", "xlink:href", "data", "srcset", "action"):
                assert value.startswith("#"), value
    assert not re.search(r"@import|https?://|url\((?!#)", html)


def test_headings_step_down_one_at_a_time(page):
    levels = [int(tag[1]) for tag, _ in page.all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_picture_has_words(page):
    pictures = page.all("svg")
    assert len(pictures) == 5
    for _, attrs in pictures:
        assert attrs["role"] == "img"
        assert len(attrs["aria-label"]) > 80


def test_tables_say_what_they_are(page):
    assert len(page.all("table")) == len(page.all("caption"))
    assert all(attrs.get("scope") in ("row", "col", "rowgroup") for _, attrs in page.all("th"))


def test_page_can_be_found_one_s_way_in(page):
    assert ("html", {"lang": "en-GB"}) in page.tags
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    skip = next(attrs for tag, attrs in page.tags if tag == "a")
    assert skip["href"].removeprefix("#") in ids


@pytest.mark.parametrize("scenarios", [1, 2, 15])
def test_no_jargon_and_no_gaps(scenarios):
    text = Page(briefing.render(made_up(scenarios))).text
    assert not re.search(r"stochastic|kernel|\bWIP\b|\bnan\b|\bNone\b|\bNaT\b", text)
    assert not re.search(r"\d\.\d+%", text), "no percentage has a decimal"
    assert "_" not in text.replace("ehc_sim", "")


def test_words_of_planners_are_escaped():
    frames = made_up(3)
    odd = "<script>alert('x')</script> & $posts$"
    frames = changed(frames, scenario=["Baseline", odd, "Other"], why=["", odd, ""])
    html = briefing.render(frames)
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_footer_says_which_run(page):
    for said in ("ehc_sim 0.1.0", "seed 20260301", "400 simulated futures", "23 November 2026"):
        assert said in page.text


def test_the_best_option_and_what_cannot_be_told_apart(page):
    best = "“Everything: psychologists, writers, weekly panel and pooling”"
    assert f"{best} has the best chance" in page.text
    assert "about 7 in 10 of the simulated futures (66% to 75%)" in page.text
    assert "costs £950,000 more than the baseline" in page.text
    assert f"the chance of {best} differs from every other option's" in page.text


def test_each_option_shows_who_waits_beside_its_percentage():
    frames = made_up(3)
    now = standing(frames)
    headings = tables.compared_headings(frames, now)
    assert headings[0] == "Weeks past the date saved (95% range)"
    place = headings.index("Cases past 20 weeks at the end")
    assert place < headings.index("Chance of 60% (95% range)")
    for row, option in zip(tables.compared(frames, now), now.table_order, strict=True):
        of = {"measure": "overdue_cases", "month": frames.monthly["month"].max()}
        ends = frames.series("monthly", scenario=option.scenario, **of).iloc[0]
        told = rounded(option.overdue_at_end, ends["low80"], ends["high80"])
        assert row.cells[place].figure == told[0]
        assert row.cells[place].range == f"over 52: {option.over_52_weeks_at_end:.0f}"
    assert "Mean weeks" not in " ".join(headings)


def test_a_wait_that_no_option_shortens_is_told():
    frames = changed(made_up(5), oldest_weeks_at_end=280.0)
    said = findings.recoveries(frames, standing(frames))
    assert "without a draft plan has waited 280 weeks at the end with each of them" in said
    frames = made_up(5)
    assert "oldest case without a draft" not in findings.recoveries(frames, standing(frames))


def test_a_target_first_reached_in_the_last_month_is_not_said_to_stay_reached():
    frames = made_up(5)
    last = f"{frames.monthly['month'].max():%Y-%m}"
    frames = changed(frames, recovers=last)
    said = findings.recoveries(frames, standing(frames))
    month = f"{frames.monthly['month'].max():%B %Y}"
    assert f"is at the target in {month}, the last month simulated, with “" in said
    assert "stays there with" not in said


def test_honest_where_nothing_is_known():
    nothing = dict.fromkeys(("chance", "chance_low", "chance_high", "cost", "on_time"), np.nan)
    html = briefing.render(changed(made_up(3), **nothing))
    assert "not known for any option" in html


def test_overload_is_told_with_its_size():
    frames = made_up(12)
    said = " ".join(findings.overload(frames, standing(frames)))
    assert "educational psychologists and plan writers get more work than they have hours" in said
    assert (
        "most of all educational psychologists (116% of their hours in 2027, 104% to 127%" in said
    )
    assert "ten of the 12 options" in said
    everywhere = overloaded(frames, {"plan writers"})
    said = findings.overload(everywhere, standing(everywhere))
    assert said[-1] == "At least one team is overloaded in every option."
    alone = overloaded(frames, {"educational psychologists"})
    (said, *_) = findings.overload(alone, standing(alone))
    alone = "educational psychologists get more work than they have hours for (116% of their hours"
    assert f"{alone} in 2027, " in said


def test_no_overload_is_told_too():
    frames = overloaded(made_up(3), ())
    assert findings.overload(frames, standing(frames)) == [
        "In no option does any team get more work than it has hours for."
    ]


def test_results_without_the_loads_of_a_year_do_not_say_that_no_team_is_overloaded():
    frames = made_up(3)
    teams = frames.teams[frames.teams["measure"] != "load_of_year"]
    (said,) = findings.overload(frames, standing(replace(frames, teams=teams)))
    assert said.endswith("which teams get more work than they have hours for is not known.")


def test_advice_a_week_and_what_an_officer_carries_are_told_of_the_baseline_and_the_lead():
    lead = standing(made_up(3)).lead.scenario
    leads = made_up(3).comparison["scenario"] == lead
    assert not leads.iloc[0]  # it is not the baseline

    def said(of_lead, of_baseline):
        frames = changed(
            made_up(3),
            advices_asked_a_week=np.where(leads, 27.4, 25.9),
            advices_a_week=np.where(leads, 35.0, 13.5),
            advices_waiting_at_end=np.where(leads, 178.5, 3294.0),
            caseload_an_officer_at_end=np.where(leads, of_lead, of_baseline),
            officers="case officers",
        )
        return findings.week_by_week(standing(frames))

    advice, carried = said(231.2, 394.1)
    assert (
        "about 26 are asked for and 14 given with the baseline, and 3,300 still wait at the end; "
        f"about 27 are asked for and 35 given with “{lead}”, and 180 still wait" in advice
    )
    assert (
        f"(case officers) at the end: about 390 with the baseline and about 230 with “{lead}”"
        in carried
    )
    assert said(np.inf, 394.1) == [advice]  # with nobody in post there is no such number
    assert findings.week_by_week(standing(changed(made_up(3), advices_a_week=np.nan))) == []


def test_groups_leave_out_the_small_ones():
    frames = made_up(2)
    said = findings.groups(frames, standing(frames))
    ages = next(one for one in said if one.startswith("By age group"))
    assert re.search(
        r"from 22% on time \(.*; 11-15, 170 plans\) to 45% on time \(.*; 0-4, 190 plans", ages
    )
    assert "Not shown, fewer than 6 plans: 16-25" in ages
    assert "20%" not in ages


@pytest.mark.parametrize(("plans", "shown"), [(5, False), (6, True)])
def test_the_share_of_five_plans_is_not_shown_and_of_six_it_is(plans, shown):
    frames = made_up(2)
    rows = frames.yearly.copy()
    rows.loc[(rows["group"] == "16-25") & (rows["measure"] == "plans_issued"), "median"] = plans
    frames = replace(frames, yearly=rows)
    said = findings.groups(frames, standing(frames))
    ages = next(one for one in said if one.startswith("By age group"))
    assert ("16-25, 6 plans" in ages) is shown
    assert ("Not shown, fewer than 6 plans: 16-25" in ages) is not shown


def test_a_figure_that_is_not_shown_is_no_check_of_the_model():
    """Nor is one that was used: of five figures, two are checks and one of these is outside."""
    frames = made_up(1)
    few = frames.backcast.head(5).assign(
        fitted=[False, False, False, True, True],
        in_range=pd.array([True, False, None, False, None], dtype="boolean"),
    )
    missed, checked = past.outside(replace(frames, backcast=few))
    assert checked == 2
    assert missed.index.tolist() == [few.index[1]]


def test_misses_of_the_back_cast_show(html, page):
    assert html.count("<strong>missed</strong>") == 2
    assert "it misses 2 of them all the same" in page.text
    assert "69%" in page.text


def test_figures_that_set_no_number_come_first_and_those_outside_their_range_are_counted(html):
    """Of made-up checks, those of plans at the year's end, plans that ended and times are out."""
    frames = made_up(1)
    rows = frames.backcast
    checks = rows[~rows["fitted"]]
    out = checks[(checks["published"] < checks["low95"]) | (checks["published"] > checks["high95"])]
    assert (len(out), len(checks)) == (10, 19)
    first, second = limits.what_could_be_wrong(frames, standing(frames))[2:4]
    assert first.startswith(
        "10 of the 19 published figures that set none of the model's numbers lie outside its 95% "
        "range. Figures that lie outside what was published, though not judged: "
    )
    assert "plans that ended in 2022, 2023 and 2024" in first
    assert (
        "26 published figures were used to set the model's numbers, so they are no test" in second
    )
    assert html.count("<strong>outside</strong>") == 10
    assert html.index("<strong>outside</strong>") < html.index("<strong>missed</strong>")


def of_past(frames, name, **changed):
    """Frames with one figure in the back-cast, of everybody in 2024, and how it is changed."""
    rows = frames.backcast
    row = rows[(rows["measure"] == name) & (rows["by"] == "all")].tail(1)
    return replace(frames, backcast=row.assign(**{"year": 2024, **changed}))


def not_judged(published, fitted=True, within=None):
    """What the limits say of a share of plans on time, simulated as 30 to 40%."""
    frames = of_past(
        made_up(1),
        "issued_on_time",
        published=published,
        low95=0.3,
        high95=0.4,
        in_range=pd.array([0.3 <= published <= 0.4], dtype="boolean"),
        within=pd.array([within], dtype="boolean"),
        allowed="" if within is None else "10 points",
        fitted=fitted,
    )
    said = " ".join(limits.what_could_be_wrong(frames, standing(frames)))
    told = past.back_cast(frames)
    figures = [row.figure for row in told.measures]
    figures += [one for line in (*told.checks, *told.lines) for _, one in line.figures]
    return said, [one.verdict for one in figures]


@pytest.mark.parametrize("fitted", [True, False])
def test_a_figure_outside_its_range_is_told_though_it_is_not_judged(fitted):
    """Whether or not it set a number; a judged one is told by how far off it may be."""
    heading = "lie outside what was published, though not judged"
    said, verdicts = not_judged(0.45, fitted)
    assert f"Figures that {heading}: plans issued on time in 2024." in said
    assert verdicts == ["outside"]
    said, verdicts = not_judged(0.35, fitted)
    assert heading not in said
    assert verdicts == [""]
    said, verdicts = not_judged(0.45, fitted, within=True)
    assert heading not in said
    assert verdicts == ["" if fitted else "outside"]


def test_figures_that_are_not_judged_are_told_a_measure_at_a_time():
    kept = made_up(1).backcast.head(9)
    rows = kept.assign(
        measure=["appeals", "decided", "appeals", "decided", "decided", "issued_on_time"]
        + ["mean_weeks"] * 3,
        year=[2022, 2025, 2021, 2025, 2025, 2023, 2024, 2024, 2024],
        quarter=[""] * 5 + ["2023-Q4"] + [""] * 3,
        by=["all", "age", "all", "age", "all", "all"] + ["age"] * 3,
        group=["all", "10", "all", "9", "all", "all", "3", "4", "12"],
    )
    assert past.together(rows) == (
        "appeals in 2021 and 2022; decisions after a review in 2025, by age in 2025; "
        "plans issued on time in October to December 2023; mean weeks to a plan by age in 2024"
    )


def test_quarters_stand_beside_the_model_and_are_no_row_of_the_table_of_a_year():
    frames = made_up(1)
    rows = frames.backcast
    judged = rows[(rows["measure"] == "issued_on_time") & (rows["by"] == "all")].tail(1)
    more = judged.assign(quarter="2024-Q3", published=0.269)
    told = past.back_cast(replace(frames, backcast=pd.concat([rows, more], ignore_index=True)))
    of_year = next(row for row in told.measures if row.name == "Plans issued on time")
    assert of_year.figure.published == "34%"
    others = dict(figure for line in told.lines for figure in line.figures)
    assert others["July to September 2024"].published == "27%"


def test_paper_with_many_options_has_the_checks_outside_their_range_and_no_others():
    frames = made_up(12)
    told = past.back_cast(frames)
    figures = [one for line in told.checks for _, one in line.figures]
    assert sum(one.verdict == "outside" for one in figures) == len(told.outside) == 10
    html = briefing.render(frames)
    paper = html[html.index("are outside its 95% range</b>") :]
    paper = paper[: paper.index("</p>")]
    assert paper.count("<b>") == 10
    assert "plans that ended in 2023 <b>67</b> / 134 (127 to 141)" in paper


def test_a_figure_that_the_model_does_not_count_is_told_and_has_no_verdict():
    nothing = dict.fromkeys(("simulated", "low95", "high95"), np.nan)
    none = pd.array([None], dtype="boolean")
    frames = of_past(
        made_up(1), "at_end", measure="transfers_final", published=657.0, **nothing,
        allowed="not compared", in_range=none, within=none, fitted=False,
    )  # fmt: skip
    (line,) = past.back_cast(frames).lines
    assert (line.name, line.allowed) == (
        "Published, but not counted by the model in this way",
        "not compared",
    )
    assert line.figures == (("transfers final in 2024", past.CheckedFigure("657", "", "")),)
    assert past.outside(frames)[1] == 0
    html = briefing.render(frames)
    assert "<b>657</b>." in re.sub(r"\s+\.", ".", html)


def test_figures_that_all_set_numbers_are_never_called_a_test():
    frames = made_up(1)
    rows = frames.backcast[frames.backcast["fitted"]].assign(within=True)
    frames = replace(frames, backcast=rows)
    said = " ".join(limits.what_could_be_wrong(frames, standing(frames)))
    assert "No published figure was kept back to test the model" in said
    assert "no test of it; it comes as near to each as was asked of it beforehand" in said
    assert "held against" not in said


def test_back_cast_holds_every_figure():
    frames = made_up(1)
    told = past.back_cast(frames)
    figures = [row.figure for row in told.measures]
    lines = (*told.checks, *told.lines)
    figures += [figure for line in lines for _, figure in line.figures]
    assert len(figures) == len(frames.backcast)
    assert sum(figure.verdict == "missed" for figure in figures) == 2
    checks = sum(len(line.figures) for line in told.checks)
    assert checks == (~frames.backcast["fitted"]).sum()


def test_the_table_has_the_judged_figures_of_the_last_year():
    frames = made_up(1)
    told = past.back_cast(frames)
    rows = frames.backcast
    judged = rows[(rows["year"] == 2024) & rows["within"].notna()]
    assert told.year == 2024
    assert [row.name for row in told.measures] == [
        words.capital(words.measure(what)) for what in judged["measure"]
    ]
    reviews = next(row for row in told.measures if row.name.startswith("Reviews decided"))
    assert (reviews.figure.published, reviews.allowed) == ("15%", "± 7 points")


def test_other_figures_are_told_in_lines(page):
    told = past.back_cast(made_up(1))
    checks, stages = told.checks
    years, ages = told.lines
    assert years.name == "Others that were used"
    names = [name for name, _ in years.figures]
    assert names[:3] == [
        "requests for an assessment 2022",
        "2023",
        "requests agreed 2022",
    ]
    assert ("plans in place at the end of the year 2022") in [name for name, _ in checks.figures]
    assert (ages.name, ages.allowed) == ("Plans issued on time by age, 2024", "not judged")
    assert [name for name, _ in ages.figures] == ["age 3", "age 4", "age 10", "age 12"]
    assert "Somerset Council, EHC plan waiting times" in stages.name
    assert "weeks of assessment 29.0 / 23.2 (20.3 to 26.1) outside" in page.text
    assert "age 10 26% / 16% (6% to 38%);" in page.text


def test_nothing_judged_makes_no_table():
    frames = made_up(1)
    rows = frames.backcast.assign(allowed="")
    rows["within"] = pd.array([None] * len(rows), dtype="boolean")
    told = past.back_cast(replace(frames, backcast=rows))
    assert told.year is None
    assert told.measures == ()
    assert sum(len(line.figures) for line in (*told.checks, *told.lines)) == len(rows)
    empty = past.back_cast(replace(frames, backcast=rows.head(0)))
    assert (empty.checks, empty.measures, empty.lines, empty.sources) == ((), (), (), ())


def test_a_judged_miss_of_a_group_shows():
    frames = made_up(1)
    rows = frames.backcast.copy()
    of = (rows["measure"] == "issued_on_time") & (rows["group"] == "12")
    rows.loc[of, "allowed"] = "5 points"
    rows.loc[of, "within"] = False
    html = briefing.render(replace(frames, backcast=rows))
    assert html.count("<strong>missed</strong>") == 3
    assert "plans issued on time, age 12, in 2024" in html


def test_a_count_of_few_children_by_group_is_not_shown_nor_what_gives_it_away(html):
    """As ``experiment.backcast`` leaves it: the published count is not in the tables at all."""
    frames = made_up(1)
    one = frames.backcast.iloc[[0]].assign(measure="plans_counted", by="need", allowed="")
    small = pd.concat(
        [one.assign(group=name, published=None, simulated=3, low95=1, high95=9) for name in "AB"]
        + [one.assign(group="C", published=40.0, simulated=4, low95=2, high95=8)]
    ).astype({"published": float})
    rows = pd.concat([frames.backcast, small], ignore_index=True)
    said = briefing.render(replace(frames, backcast=rows))
    assert "need A <b>not shown</b> / not shown" in said
    assert "need C <b>40</b> / fewer than 6 (fewer than 6 to 8)" in said


def test_unknowns_set_to_fit_are_named(page):
    assert "Educational psychologist turnaround mean days (49 (36 to 90))" in page.text


def test_every_number_without_a_source_is_listed():
    frames = made_up(1)
    said = assumptions.without_source(frames)
    numbers = [number for part in said for subject in part.subjects for number in subject.numbers]
    rows = frames.assumptions[frames.assumptions["source"] == ""]
    rows = rows[rows["change"] == ""]
    for path, value in zip(rows["path"], rows["value"], strict=True):
        leaf = path.split(".")[-1].replace("_", " ")
        likely = value.partition("most likely ")[2] or value
        assert any(leaf in number and likely in number for number in numbers), path
    assert len(rows) == assumptions.how_many(frames)[0] - 4
    assert not any("71385" in number for number in numbers), "this one has a source"


def test_changes_are_listed_with_what_they_cost():
    """Their numbers have points and dates, at which a path must not be cut."""
    part = assumptions.without_source(made_up(1))[-1]
    assert part.title == "What changes, and when"
    drafting, posts = part.subjects
    assert drafting.name == "drafting effort mean hours"
    assert drafting.numbers == (
        "multiply by 0.5 (0.4 to 0.8) from July 2025, cost once £60,000, cost a year £30,000",
    )
    assert posts.name == "educational psychologists posts"
    assert posts.numbers == ("add 2 from 2025-09-15 until 2026-08-31: cost once £8,000",)


def test_print_has_those_that_somebody_set():
    """A note, a range or a change of an option; the page has the defaults too."""
    rows = made_up(1).assumptions.head(0)
    one = {"change": "", "cost": "", "source": "", "note": "", "fitted": False}
    known = [
        {**one, "path": "drafting.rework", "value": "0.1 to 0.2, most likely 0.15"},
        {**one, "path": "drafting.rework_effort", "value": "0.4", "note": "Not published."},
        {**one, "path": "drafting.effort.spread", "value": "0.5"},
        {**one, "path": "teams.plan writers.posts", "value": "6", "note": "Fitted", "fitted": True},
        {**one, "path": "teams.plan writers.posts", "change": "add 2", "value": "2"},
        {**one, "path": "costs.discount", "value": "0.035", "source": "The Green Book"},
    ]
    frames = replace(made_up(1), assumptions=pd.concat([rows, pd.DataFrame(known)]))
    assert assumptions.how_many(frames) == (5, 3)
    parts = assumptions.set_by_hand(frames)
    assert [part.title for part in parts] == ["Drafting", "What changes, and when"]
    assert parts[0].subjects[0].numbers == ("rework 0.15 (0.1 to 0.2)", "rework effort 0.4")
    everything = assumptions.without_source(frames)
    assert [part.title for part in everything] == ["Drafting", "Teams", "What changes, and when"]


def test_a_change_that_several_share_names_them_all():
    """Changes are of many kinds of thing, so nobody could say what "all but" means."""
    givers = ("CAMHS", "paediatrics", "social care")
    paths = [f"advice.{one}.late_days_kept" for one in givers] + ["drafting.rework"]
    rows = [
        {"path": path, "change": f"set {0.7 if 'late' in path else 0.1}", "value": "0.7"}
        for path in paths
    ]
    frames = made_up(1)
    changes = pd.DataFrame(rows).assign(cost="", source="", note="", fitted=False)
    (part,) = assumptions.set_by_hand(replace(frames, assumptions=changes))
    shared, own = part.subjects
    assert shared.name == (
        "CAMHS late days kept, paediatrics late days kept and social care late days kept"
    )
    assert (shared.numbers, own.name, own.numbers) == (
        ("set 0.7",),
        "drafting rework",
        ("set 0.1",),
    )


def test_a_number_that_all_share_is_said_once():
    part = next(p for p in assumptions.without_source(made_up(1)) if p.title == "Teams")
    assert part.subjects[0].name == "all"
    assert "leave days 30" in part.subjects[0].numbers
    others = [number for subject in part.subjects[1:] for number in subject.numbers]
    assert not any(number.startswith("leave days") for number in others)


def test_the_option_that_saves_most_waiting_and_a_costly_order_are_shown_beside_the_baseline():
    """The order of work that leaves most cases overdue: a backlog is not cleared by an order."""
    frames = made_up(12)
    table = frames.comparison.copy()
    saver, order = "Agency for 15 psychology cases a month", "Oldest overdue cases first"
    table.loc[table["scenario"] == saver, "late_child_weeks"] = 1000.0
    table.loc[table["scenario"] == order, "overdue_at_end"] = 900.0
    names = ["Today's staff", saver, order]
    assert shown_with_an_order(stood(replace(frames, comparison=table))) == names
    assert shown_with_an_order(made_up(1)) == ["Today's staff"]


def test_sources_may_be_missing_values():
    """Frames that never were files have None where a file has nothing."""
    frames = made_up(2)
    rows = frames.assumptions.assign(
        source=[source or None for source in frames.assumptions["source"]]
    )
    assert briefing.render(replace(frames, assumptions=rows)) == briefing.render(frames)


def test_charts_without_numbers_are_left_out_of_the_page():
    frames = replace(made_up(2), monthly=made_up(2).monthly.head(0))
    page = Page(briefing.render(frames))
    assert len(page.all("svg")) == 3


def test_all_is_written_and_what_is_old_is_removed(tmp_path):
    written = write_all(made_up(2), tmp_path)
    names = {path.relative_to(tmp_path).as_posix() for path in written}
    both = {f"charts/{name}.{suffix}" for name in CHARTS for suffix in ("svg", "png")}
    assert names == both | {"briefing.html"}
    assert {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.*")} == names
    frames = replace(made_up(2), advice=made_up(2).advice.head(0))
    again = write_all(frames, tmp_path)
    assert not (tmp_path / "charts" / "advice.svg").exists()
    assert all(path.exists() for path in again)


def test_the_page_is_the_same_twice():
    assert briefing.render(made_up(3)) == briefing.render(made_up(3))


def test_costs_say_the_year_of_their_prices() -> None:
    assert "Costs are at 2024/25 prices." in briefing.render(made_up(3))
