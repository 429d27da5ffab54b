import datetime as dt
import unicodedata

import pytest
from babel import Locale
from babel.numbers import format_currency, format_percent
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook import words
from workbook.numerals import written
from workbook.words import Words

BRITISH = Words("en_GB", "GBP", 24)
GERMAN = Words("de_DE", "EUR", 24)


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (0, "£0"),
        (820, "£820"),
        (6_400, "£6.4k"),
        (63_100, "£63k"),
        (348_000, "£348k"),
        (999_600, "£1m"),
        (1_234_567, "£1.2m"),
        (12_000_000, "£12m"),
        (-63_100, "−£63k"),
        (0.4, "£0"),
        (None, "not known"),
    ],
)
def test_money_in_prose_has_two_to_three_significant_digits(amount, said):
    assert BRITISH.money(amount) == said


def test_money_in_tables_is_whole():
    assert [BRITISH.money_full(x) for x in (63_120.4, -5, None)] == ["£63,120", "−£5", "not known"]


def test_money_follows_the_clients_locale_and_currency():
    assert GERMAN.money(63_100) == "63k\u00a0€"
    assert GERMAN.money_full(1_234_567.6) == "1.234.568\u00a0€"
    assert Words("en_US", "USD").money(-1_234_567) == "−$1.2m"


def test_an_unknown_locale_falls_back_to_british_english():
    assert Words("xx_<script>", "GBP").money(63_100) == "£63k"
    assert Words("xx_<script>", "GBP").language_tag == "en-GB"


@pytest.mark.parametrize(
    ("share", "said"), [(0.34, "34%"), (0.042, "4.2%"), (0, "0%"), (-0.0001, "0%"), (1, "100%"), (None, "not known")]
)
def test_shares_keep_a_decimal_only_below_ten_per_cent(share, said):
    assert BRITISH.share(share) == said


def test_roi_is_already_in_percent():
    assert BRITISH.percent(156.4) == "156%"
    assert BRITISH.percent(-9.8) == "−9.8%"


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (1.0, "very likely (over 99%)"),
        (0.93, "very likely (93%)"),
        (0.78, "likely (78%)"),
        (0.5, "as likely as not (50%)"),
        (0.17, "unlikely (17%)"),
        (0.0, "very unlikely (under 1%)"),
        (None, "not known"),
    ],
)
def test_a_probability_is_a_word_and_a_figure_and_never_certain(probability, said):
    assert BRITISH.likelihood(probability) == said


def test_payback_beyond_the_horizon_says_so():
    assert BRITISH.payback(10.2) == "month 11"
    assert BRITISH.payback(None) == "not within 24 months"


def test_an_interval_is_a_phrase_and_half_an_interval_is_nothing():
    assert BRITISH.between(42_000, 97_000, BRITISH.money) == "between £42k and £97k"
    assert BRITISH.between(42_000, None, BRITISH.money) == ""


def test_months_are_named_in_the_language_of_the_text():
    day = dt.date(2026, 6, 30)
    assert (BRITISH.date(day), Words("en_US").date(day), GERMAN.date(day)) == (
        "30 June 2026",
        "June 30, 2026",
        "30 June 2026",
    )
    assert BRITISH.month(day) == "Jun 2026"


def test_counts_agree_with_their_noun():
    assert [BRITISH.count(n, "role") for n in (0, 1, 1204, None)] == ["0 roles", "1 role", "1,204 roles", "not known"]


def test_control_and_direction_marks_become_visible():
    assert words.clean("a\x00b\u202ec\td") == "a\ufffdb\ufffdc d"


def test_a_long_text_is_cut_visibly():
    assert words.clean("x" * 40_000, 10) == "x" * 10 + "… (39,990 more characters)"


def test_labels_break_into_short_lines():
    lines = words.label("Critical roles without a successor " + "x" * 60).split("\n")
    assert all(len(line) <= 24 for line in lines)
    assert lines[-1].endswith("…")


@given(st.floats(-9e11, 9e11), st.sampled_from(["en_GB", "en_US", "de_DE", "fr_FR", "ja_JP", "sv_SE", "en_IN"]))
@settings(max_examples=60)
def test_prose_money_is_within_five_per_cent_of_the_amount(amount, locale):
    text = Words(locale, "GBP").money(amount)
    bare = "".join(c for c in text.replace(",", ".") if c.isdigit() or c == ".").strip(".")
    scale = {"k": 1e3, "m": 1e6, "n": 1e9}
    size = next((scale[c] for c in text if c in scale), 1.0)
    assert abs(float(bare) * size - abs(amount)) <= max(0.05 * abs(amount), 0.51)
    assert text.startswith("−") == (amount < 0 and float(bare) > 0)


@given(st.text(max_size=200))
@settings(max_examples=60)
def test_cleaning_twice_changes_nothing_more(text):
    once = words.clean(text)
    assert words.clean(once) == once


@given(
    st.floats(0, 9e11) | st.integers(0, 10**12),
    st.sampled_from(["en_GB", "de_CH", "fr_FR", "hi_IN", "pl_PL", "ar_EG", "fa_IR", "nb_NO"]),
    st.sampled_from(["GBP", "CHF", "JPY", "BHD"]),
    st.sampled_from(["", ".0", ".00"]),
)
@settings(max_examples=60)
def test_a_number_is_written_as_babel_writes_it(value, code, currency, decimals):
    locale = Locale.parse(code)
    money = locale.currency_formats["standard"].pattern.split(";")[0].replace(".00", decimals)
    theirs = format_currency(value, currency, money, locale, currency_digits=False)
    assert written(value, money, locale, currency) == theirs
    assert written(value, f"#,##0{decimals}%", locale) == format_percent(value, f"#,##0{decimals}%", locale)


@given(st.text(st.characters(min_codepoint=0, max_codepoint=0x2100) | st.characters(categories=["Cs", "Cc", "Cf"])))
@settings(max_examples=60)
def test_cleaned_text_holds_no_control_no_half_character_and_no_mark_of_direction(text):
    shown = words.clean(text)
    assert not [c for c in shown if unicodedata.category(c) in {"Cc", "Cs"} or c in "\u200e\u200f\u202e\u2066"]
    assert shown.count("\ufffd") >= text.count("\u202e")
