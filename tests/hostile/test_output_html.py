"""Section C of the hostile list for the HTML pack: a payload in every text, opened in a real browser."""

import pytest

from tests.hostile.poison import poisoned
from tests.pack.reader import Reader, open_browser, open_pack
from tests.results_builder import build_results, empty_results
from workbook.pack import html
from workbook.pack.html import write_html

MARKUP = [
    '</script><img src=x onerror="window.pwned=1">',
    '"><svg onload="window.pwned=1">',
    "'-alert(1)-'",
    '<a href="javascript:window.pwned=1">open</a>',
    "javascript:window.pwned=1//",
    "--><script>window.pwned=1</script>",
    "</style><style>*{display:none}</style>",
    "<iframe src=//evil.example></iframe>",
    '<link rel=stylesheet href="https://evil.example/x.css">',
    "{{7*7}}${7*7}{% raw %}",
    "[x](javascript:window.pwned=1)",
    '=HYPERLINK("https://evil.example")',
    "<img src=file:///etc/hostname>",
    "]]>&lt;b&gt;",
    "datum.x'+constructor.constructor('window.pwned=1')()+'",
]
UNUSUAL = ["\x00\x08\x1b[31m", "\u202eevil\u2066", "\u2028\u2029\\u003c", "A" * 40_000, "\ufffe\uffff", "�"]


@pytest.fixture(scope="module")
def opened(chromium, tmp_path_factory):
    path = write_html(poisoned(build_results(), MARKUP), tmp_path_factory.mktemp("hostile") / "acme.html")
    with open_browser(chromium) as browser:
        reader = open_pack(browser, path)
        reader.scroll_through()
        yield reader


def test_R36_a_script_in_a_value_or_title_does_not_run_and_the_chart_is_drawn(opened: Reader):
    assert opened.page.evaluate("window.pwned") is None
    assert opened.dialogs == []
    assert opened.count(".plot .live svg") == opened.count(".plot") > 30


def test_R37_markup_in_tables_captions_and_styles_is_shown_as_text(opened: Reader):
    assert opened.count("style") <= 3
    assert opened.count("main iframe, main link, main script, main a[href^='javascript' i]") == 0
    assert "</script><img src=x" in opened.page.inner_text("body")


def test_R38_template_syntax_in_a_text_is_not_evaluated(opened: Reader):
    assert "{{7*7}}${7*7}{% raw %}" in opened.page.inner_text("body")


def test_R39_a_tooltip_shows_a_payload_as_text(opened: Reader):
    bar = opened.page.locator("#week2-leaks .live path[aria-roledescription='bar']").first
    bar.scroll_into_view_if_needed()
    bar.hover(force=True)
    opened.page.wait_for_selector("#vg-tooltip-element.visible", timeout=5_000)
    assert opened.count("#vg-tooltip-element img, #vg-tooltip-element script, #vg-tooltip-element a") == 0
    assert opened.page.evaluate("window.pwned") is None


def test_R40_no_link_leaves_the_page(opened: Reader):
    links = opened.page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
    assert links
    assert all(link.startswith("#") for link in links)


def test_R46_control_characters_and_huge_cells_are_cleaned_visibly():
    page = html.render(poisoned(empty_results(), UNUSUAL))
    body = page[page.index("<body>") : page.index("<script")]
    assert not any(mark in body for mark in ("\x00", "\x08", "\x1b", "\u202e", "\u2066"))
    assert "\ufffd" in body
    assert "more characters)" in body


def test_R47_the_pack_asks_for_no_file_and_no_address(opened: Reader):
    assert opened.requests == []


def test_R48_the_page_forbids_itself_every_outside_request_and_renders_offline(opened: Reader):
    policy = opened.page.get_attribute("meta[http-equiv]", "content")
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.split("style-src")[0]
    assert opened.errors == []
