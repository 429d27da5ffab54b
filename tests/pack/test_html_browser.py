"""The pack as a reader meets it: from a file, without a network, on a desk, a phone and paper."""

import pytest

from tests.pack.reader import Reader, open_browser, open_pack


@pytest.fixture(scope="module")
def browser(chromium):
    with open_browser(chromium) as browser:
        yield browser


@pytest.fixture(scope="module")
def desk(browser, pack):
    return open_pack(browser, pack)


def test_nothing_is_fetched_and_nothing_fails(desk: Reader):
    desk.scroll_through()
    assert desk.requests == []
    assert desk.errors == []


def test_every_chart_comes_alive(desk: Reader):
    desk.scroll_through()
    assert desk.count(".plot") == desk.count(".plot .live svg") > 30


def test_moving_the_budget_changes_the_answer_as_the_grid_says(desk: Reader):
    desk.move("budget", 100_000)
    desk.move("cohort", 24)
    seats = 12
    assert desk.text("try-npv") == f"£{(seats * 15_000 - seats**2 * 60) // 1000}k"
    assert desk.text("try-seats") == "12 seats"
    desk.move("budget", 0)
    assert desk.text("try-answer") == "Neither"
    assert desk.text("try-payback") == "nothing to pay back"


def test_the_way_back_restores_the_clients_own_budget(desk: Reader):
    desk.move("budget", 50_000)
    desk.page.click("#reset")
    assert desk.text("budget-now") == "£250k"


def test_dark_and_light_change_places(desk: Reader):
    before = desk.page.evaluate("getComputedStyle(document.body).backgroundColor")
    desk.page.click("#theme")
    assert desk.page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    desk.page.click("#theme")


def test_a_phone_shows_the_whole_width(browser, pack):
    phone = open_pack(browser, pack, width=390)
    phone.scroll_through()
    assert phone.page.evaluate("document.documentElement.scrollWidth") == 390
    assert phone.errors == []


def test_without_scripts_every_chart_is_a_picture(browser, pack):
    plain = open_pack(browser, pack, scripts=False)
    sizes = plain.page.eval_on_selector_all(".plot img", "all => all.map(i => [i.naturalWidth, i.offsetHeight])")
    assert len(sizes) > 30
    assert all(width > 0 and height > 0 for width, height in sizes)


def test_paper_shows_pictures_and_open_tables(desk: Reader):
    desk.page.emulate_media(media="print")
    assert desk.page.is_visible("#week2-leaks .plot img")
    assert not desk.page.is_visible("header.top")
    desk.page.emulate_media(media="screen")


def test_no_card_is_cut_in_two_on_paper(desk: Reader):
    desk.page.emulate_media(media="print")
    cut, cards = desk.page.evaluate(
        """() => {
          const before = document.body.getAttribute("style");
          document.body.style = "width:703px;margin:0";
          const cards = [...document.querySelectorAll(".card,.tile")].filter((c) => c.offsetHeight < 1017);
          document.body.style = "columns:703px;column-fill:auto;width:703px;height:1017px;margin:0";
          const cut = cards.filter((c) => c.getClientRects().length > 1);
          const found = cut.map((c) => c.id || c.textContent.slice(0, 40));
          document.body.setAttribute("style", before ?? "");
          return [found, cards.length];
        }"""
    )
    desk.page.emulate_media(media="screen")
    assert cut == []
    assert cards > 40


def test_the_header_names_the_client_and_every_part_whole(desk: Reader):
    cut = """() => [...document.querySelectorAll(".top strong, .top nav, .top nav a")]
      .filter((part) => part.scrollWidth > part.clientWidth + 1).map((part) => part.textContent)"""
    assert desk.page.evaluate(cut) == []


def test_at_the_published_budget_the_page_shows_the_verdicts_own_certainty(desk: Reader):
    desk.page.click("#reset")
    said = desk.text("try-certainty").removeprefix("best in ").removesuffix(" of draws")
    assert f"in {said} of draws" in desk.page.inner_text(".lead")
