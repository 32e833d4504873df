"""The page of a forecast in a real browser: silent, narrow enough, printed, and with its words."""

from __future__ import annotations

import re
import shutil
from itertools import pairwise

import pytest
from typer.testing import CliRunner

from ehc_sim.cli.app import app
from tests.forecast_records import by_request, population

pytestmark = pytest.mark.e2e
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SIDES = 4


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory):
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    folder = tmp_path_factory.mktemp("page")
    asked = [by_request(folder / "r.csv"), "--population", population(folder / "p.csv")]
    done = CliRunner().invoke(app, ["forecast", *map(str, asked), "--out", str(folder / "out")])
    assert done.exit_code == 0, done.stderr
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.said, page.asked_for = [], []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("request", lambda request: page.asked_for.append(request.url))
        page.address = (folder / "out" / "forecast.html").as_uri()
        page.goto(page.address)
        yield page
        browser.close()


def test_the_page_is_silent_and_asks_for_nothing(opened) -> None:
    assert opened.said == []
    assert opened.asked_for == [opened.address]


def test_a_telephone_scrolls_tables_and_charts_and_not_the_page(opened) -> None:
    opened.set_viewport_size({"width": 360, "height": 740})
    assert opened.evaluate("document.documentElement.scrollWidth") <= 360
    opened.set_viewport_size({"width": 1000, "height": 900})


def test_it_prints_on_four_sides_at_most(opened) -> None:
    printed = opened.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) <= SIDES


def test_every_chart_has_its_words_and_every_table_its_headings(opened) -> None:
    charts = opened.locator("figure svg[role=img]")
    assert charts.count() == 3
    for place in range(charts.count()):
        assert len(charts.nth(place).get_attribute("aria-label")) > 80
    for place in range(opened.locator("table").count()):
        table = opened.locator("table").nth(place)
        assert table.locator("caption").count() == 1
        assert table.locator("thead th[scope=col]").count() >= 2
    levels = opened.evaluate("[...document.querySelectorAll('h1,h2,h3')].map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
