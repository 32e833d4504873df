"""The briefing in a real browser: printed, looked at on a telephone, and silent."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from ehc_sim.present import assumptions, worse
from ehc_sim.present.briefing import write_all
from ehc_sim.present.frames import Frames
from ehc_sim.present.reading import standing
from tests.present_explanations import with_explanations
from tests.present_frames import largest, made_up

pytestmark = pytest.mark.e2e
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SIDES = 4


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield opened
        opened.close()


def explained() -> Frames:
    """Return the largest page there can be: what holds under each explanation is on it too."""
    return with_explanations(largest(), turning=("Pool the four area teams",))


@pytest.fixture(scope="module", params=["one", "eight", "largest"])
def opened(request, browser, tmp_path_factory):
    made = {"one": lambda: made_up(1), "eight": lambda: made_up(8), "largest": explained}
    folder = tmp_path_factory.mktemp("results")
    write_all(made[request.param](), folder)
    page = browser.new_page()
    page.said, page.asked_for = [], []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda asked: page.asked_for.append(asked.url))
    page.address = (folder / "briefing.html").as_uri()
    page.goto(page.address)
    yield page
    page.close()


def test_the_page_is_silent_and_asks_for_nothing(opened):
    assert opened.said == []
    assert opened.asked_for == [opened.address]


def test_the_largest_page_is_as_large_as_a_real_one():
    """What the four sides below must hold: a council's options, checks and assumptions.

    Somerset has 12 scenarios in one folder and 17 in another, 46 published figures, and some 320
    numbers without a source, about 120 of which somebody set.
    """
    frames = largest()
    assert len(frames.comparison) >= 17
    assert len(frames.backcast) >= 46
    unsourced, by_hand = assumptions.how_many(frames)
    assert unsourced >= 320
    assert by_hand >= 120
    assert len(worse.lower_chances(frames, standing(frames))) >= 4


def test_what_print_leaves_out_is_on_the_page(opened):
    """Every number without a source can be opened, and print says where it is."""
    details = opened.locator("details").last
    assert "numbers without a source" in details.locator("summary").inner_text()
    printed = opened.locator(".print-only")
    assert printed.count() >= 1
    assert not any(printed.nth(place).is_visible() for place in range(printed.count()))
    opened.emulate_media(media="print")
    assert all(printed.nth(place).is_visible() for place in range(printed.count()))
    assert "assumptions.csv" in " ".join(printed.all_inner_texts())
    assert not details.is_visible()
    opened.emulate_media(media="null")


def as_wide_as_arial() -> bool:
    """Return whether this computer has Arial, which readers have, or a font of the same widths."""
    match = shutil.which("fc-match")
    if match is None:
        return False
    found = subprocess.run([match, "Arial"], check=True, capture_output=True, text=True).stdout
    return "Arial" in found or "Liberation" in found


@pytest.mark.skipif(not as_wide_as_arial(), reason="no font as wide as Arial is installed")
def test_it_prints_on_four_sides(opened):
    pdf = opened.pdf(prefer_css_page_size=True)
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) <= SIDES


def test_printed_words_are_seven_and_a_half_points_or_more(opened):
    opened.emulate_media(media="print")
    sizes = opened.evaluate(
        """() => [...document.querySelectorAll('body *')]
            .filter(e => !e.closest('svg') && e.offsetParent && e.childNodes.length
                && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
            .map(e => parseFloat(getComputedStyle(e).fontSize) * 0.75)"""
    )
    opened.emulate_media(media="null")
    assert min(sizes) >= 7.49


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_page_does_not_scroll_sideways(opened, width):
    opened.set_viewport_size({"width": width, "height": 800})
    assert opened.evaluate("document.documentElement.scrollWidth") <= width


def test_text_keeps_inside_its_picture(opened):
    """Words of a chart in the fonts of the browser do not run out of it."""
    opened.set_viewport_size({"width": 900, "height": 800})
    outside = opened.evaluate(
        """() => [...document.querySelectorAll('svg')].flatMap(svg => {
            const room = svg.getBoundingClientRect();
            return [...svg.querySelectorAll('text')].filter(text => {
                const box = text.getBoundingClientRect();
                return box.left < room.left - 2 || box.right > room.right + 2;
            }).map(text => text.textContent);
        })"""
    )
    assert outside == []


def test_the_skip_link_comes_first(opened):
    opened.goto(opened.address)
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.getAttribute('href')") == "#answer"


def test_data_tables_open_by_keyboard(opened):
    first = opened.locator("details").first
    first.locator("summary").focus()
    opened.keyboard.press("Enter")
    assert first.evaluate("details => details.open")
    assert first.locator("table").is_visible()
