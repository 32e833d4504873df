"""The pages tell chances by explanation of the past, and what holds under all of them."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import numpy as np
import pytest

from ehc_sim.cli.terminal import comparison_lines
from ehc_sim.present import briefing, explanations, saved, words
from ehc_sim.present.charts import chance, sweep
from ehc_sim.present.frames import Frames
from ehc_sim.present.reading import standing
from tests.drawn_charts import assert_texts_lie_free, assert_title_short_and_texts_not_small
from tests.page_numbers import section, words_of
from tests.present_explanations import AREAS, MIXED, QUEUE, with_explanations
from tests.present_frames import made_up, write

pytestmark = pytest.mark.unit

POOL, PANEL = "Pool the four area teams", "Weekly panel, 30 cases"


@pytest.fixture(scope="module")
def frames() -> Frames:
    return with_explanations(made_up(7), turning=(POOL,), level="not known")


@pytest.fixture(scope="module")
def page(frames: Frames) -> str:
    return briefing.render(frames, {})


def row_of(frames: Frames, scenario: str, explanation: str) -> dict[str, float]:
    table = frames.explanations
    one = table[(table["scenario"] == scenario) & (table["explanation"] == explanation)]
    return {str(name): value for name, value in one.iloc[0].items()}


def figures(row: dict[str, float]) -> str:
    return words.chance_figures(row["chance"], row["chance_low"], row["chance_high"])


def test_both_ranges_stand_beside_each_chance_of_the_comparison(frames: Frames, page: str) -> None:
    table = page[page.index('class="compared') : page.index("What holds whatever")]
    for row in frames.comparison.to_dict("records"):
        ends = (
            words.percent_range(row["chance_low"], row["chance_high"]),
            words.percent_range(row["chance_lowest"], row["chance_highest"]),
        )
        assert (
            f'<span class="range">{ends[0]}</span><span class="range between">{ends[1]}</span>'
            in table
        )
    assert "below it, between explanations" in table


def test_the_first_page_says_that_the_level_is_not_known_and_what_turns(
    frames: Frames, page: str
) -> None:
    answer = words_of(page[page.index('id="answer"') : page.index("The options compared</h2>")])
    assert "explained in three ways" in answer
    assert all(f"“{name}”" in answer for name in (QUEUE, MIXED, AREAS))
    best = standing(frames).best
    ends = words.percent_range(best.chance_lowest, best.chance_highest)
    assert f"; between explanations {ends})" in answer
    (told,) = re.findall(r"How high the chances are is not known: the chance of “(.*?)” is", answer)
    low, high = row_of(frames, told, QUEUE), row_of(frames, told, AREAS)
    assert f"{figures(low)} under “{QUEUE}” and {figures(high)} under “{AREAS}”" in answer
    assert f"What turns with the explanation is the share on time with “{POOL}”" in answer


def test_a_level_that_is_known_is_not_said_not_to_be(frames: Frames) -> None:
    known = replace(frames, comparison=frames.comparison.assign(level="known"))
    said = " ".join(explanations.first_page(known, standing(known)))
    assert "not known" not in said
    assert said.split("; no chance differs more between them")[1].startswith(".")
    unsure = replace(frames, comparison=frames.comparison.assign(level="not shown to differ"))
    said = " ".join(explanations.first_page(unsure, standing(unsure)))
    assert "no chance differs more between them, and that may be accident." in said


def test_what_holds_and_what_turns_is_told_apart(frames: Frames, page: str) -> None:
    text = section(page, "What holds whatever the explanation")
    line = next(one for one in text.split(". ") if "turns with the explanation" in one)
    assert f"“{POOL}” (lower under “{QUEUE}” and “{MIXED}”, higher under “{AREAS}”)" in line
    (holds,) = re.findall(
        r"A larger share of plans on time, under every explanation: (.*?)\.", text
    )
    assert POOL not in holds
    assert PANEL in holds


def test_the_table_has_every_option_under_every_explanation(frames: Frames, page: str) -> None:
    table = page[page.index('class="explained"') :]
    table = table[: table.index("</table>")]
    rows = re.findall(r"<tr.*?</tr>", table, flags=re.DOTALL)
    told = {
        unescape(re.findall(r"<th[^>]*>(?:Baseline: )?(.*?)</th>", row)[0]): row for row in rows
    }
    for option in frames.comparison["scenario"]:
        for way in (QUEUE, MIXED, AREAS):
            row = row_of(frames, option, way)
            assert f"<td>{figures(row)}<span" in told[option]
            weeks = [row[f"late_child_weeks_saved{end}"] for end in ("", "_low", "_high")]
            counted = words.counted(*weeks)
            if option != frames.comparison["scenario"][0]:
                assert f"{counted.figure} ({counted.range}) weeks saved" in told[option]
    assert told[POOL].endswith("<td>less</td><td>turns</td></tr>")
    assert told[PANEL].endswith("<td>less</td><td>higher</td></tr>")
    assert "One queue, in order: 160 futures" in table


def test_who_saves_most_is_told_by_explanation_where_it_turns(frames: Frames) -> None:
    """The one that leads, another, and under the third none that is shown to save any."""
    table = frames.explanations
    lead = standing(frames).savers[0].scenario
    most = (table["scenario"] == lead) & (table["explanation"] == QUEUE)
    by = replace(frames, explanations=table.assign(saves_most=most))
    said = " ".join(explanations.first_page(by, standing(by)))
    assert f"Most waiting is saved by “{lead}” under “{QUEUE}”, no option is shown to save" in said
    other = most | ((table["scenario"] == POOL) & (table["explanation"] == AREAS))
    by = replace(frames, explanations=table.assign(saves_most=other))
    said = " ".join(explanations.first_page(by, standing(by)))
    assert "Which option saves most waiting turns with the explanation" in said
    assert f"“{POOL}” under “{AREAS}”" in said


def test_the_chance_of_a_clear_backlog_has_both_ranges(frames: Frames) -> None:
    clear = frames.clear_by.assign(chance_lowest=0.23, chance_highest=0.81)
    said = " ".join(saved.when_clear(replace(frames, clear_by=clear), standing(frames)))
    assert said.count("; between explanations 23% to 81%)") == 4
    assert "; 0% under each)" in " ".join(
        saved.when_clear(
            replace(frames, clear_by=clear.assign(chance_lowest=0.0, chance_highest=0.0)),
            standing(frames),
        )
    )


def test_of_few_futures_it_says_not_known_yet() -> None:
    """Six of thirty futures: no range from none to all is shown."""
    few = with_explanations(made_up(4, replications=30))
    text = words_of(briefing.render(few, {}))
    assert f"Six of the futures follow “{MIXED}”: too few" in text
    assert "between explanations not known yet" in text
    answer = explanations.under_each(few, standing(few))
    assert {option.cells[1] for option in answer} == {("not known yet", "")}
    lines = "\n".join(comparison_lines(few.comparison))
    assert lines.count("not known yet") == 4


def test_a_single_explanation_is_said_to_be_in_the_ranges() -> None:
    one = with_explanations(made_up(4), {QUEUE: 1.0})
    text = words_of(briefing.render(one, {}))
    assert f"one explanation of the past, “{QUEUE}”, with one of 8 sets of numbers" in text
    assert "What another explanation would change is not known" in text
    assert "between explanations" not in text
    assert "What holds whatever the explanation" not in text
    assert "Explanations" not in "\n".join(comparison_lines(one.comparison))


def test_the_chart_has_the_second_range_as_open_ends_and_in_words(frames: Frames) -> None:
    chart = chance.draw(frames)
    assert_texts_lie_free(chart)
    assert_title_short_and_texts_not_small(chart)
    (axes,) = chart.figure.axes
    dotted = [line for line in axes.lines if line.get_linestyle() == ":"]
    ends = frames.comparison[["chance_lowest", "chance_highest"]].to_numpy().tolist()
    assert sorted(list(map(float, line.get_xdata())) for line in dotted) == sorted(ends)
    assert all(line.get_markerfacecolor() == "white" for line in dotted)
    between = chart.data_table["Between explanations"].tolist()
    for option in standing(frames).ranked:
        assert option.between in between
        assert f"{option.scenario} {option.chance_in_figures}" in chart.alt_text
    assert "lowest and highest of any explanation of the past" in chart.alt_text


def test_the_longest_figures_of_a_chance_are_not_cut_off(frames: Frames) -> None:
    rare = frames.comparison.assign(chance=0.018, chance_low=0.003, chance_high=0.1)
    assert_texts_lie_free(chance.draw(replace(frames, comparison=rare)))


def test_the_terminal_has_the_range_between_explanations(frames: Frames) -> None:
    lines = comparison_lines(frames.comparison)
    assert any("95% range" in line and "Explanations" in line for line in lines)
    row = frames.comparison.iloc[1]
    line = next(one for one in lines if one.startswith(row["scenario"]))
    assert words.percent_range(row["chance_lowest"], row["chance_highest"]) in line
    assert f"Share on time turns with the explanation: “{POOL}”." in lines
    assert any(line.startswith("Level of the chance not known") for line in lines)


def test_nothing_of_it_is_told_without_explanations() -> None:
    plain = made_up(2)
    assert "xplanation" not in briefing.render(plain, {"chance": chance.draw(plain)})
    assert "xplanation" not in "\n".join(comparison_lines(plain.comparison))


def test_it_is_told_in_plain_words(page: str) -> None:
    assert not re.search(r"posterior|ensemble|\bmembers?\b|Bayes", page)


def test_the_tables_are_read_back_from_a_folder(tmp_path) -> None:
    two = with_explanations(made_up(2))
    write(two, tmp_path)
    read = Frames.read(tmp_path)
    now, before = standing(read), standing(two)
    assert explanations.first_page(read, now) == explanations.first_page(two, before)
    assert explanations.under_each(read, now) == explanations.under_each(two, before)
    assert now.best.between == before.best.between


def test_a_sweep_has_the_range_between_explanations() -> None:
    table = with_explanations(made_up(3)).comparison.assign(
        **{"what": "meetings.share", "value": [0.0, 0.5, 1.0], "shown": ["0", "0.5", "1"]},
        **{"best": [False, False, True], "later_gains": [True, True, False]},
        **dict.fromkeys(("step_on_time", "step_on_time_low", "step_on_time_high"), np.nan),
    )
    chart = sweep.draw(table)
    assert_texts_lie_free(chart)
    ends = words.percent_range(table["chance_lowest"][1], table["chance_highest"][1])
    assert chart.data_table["Between explanations"][1] == ends
    assert f"between explanations {ends}" in chart.alt_text
