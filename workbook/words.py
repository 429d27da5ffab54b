"""Figures in words: the one place that rounds money, shares, dates and probabilities, in the client's locale.

Prose gets two to three significant digits, tables get whole units. `None` is always said, never shown as a blank.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import get_currency_symbol

from workbook.numerals import written
from workbook.results import Facts
from workbook.settings import Settings

NOT_KNOWN = "not known"
WITHHELD = "withheld to protect people"
NON_BREAKING = "\u00a0"
REPLACEMENT = "\ufffd"
BIDI_CONTROLS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
BIDI_MARKS = re.compile(f"[{BIDI_CONTROLS}]")
HIDDEN = re.compile(f"[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\ud800-\\udfff{BIDI_CONTROLS}]")
"""Controls but line ends and tabs, halves of surrogate pairs, marks of direction."""
SPACES = re.compile(r"[ \t\r\n\f\v\u2028\u2029]+")
CELL_LIMIT = 2_000
LABEL_LIMIT = 46
LONG_LABEL_LIMIT = 72

NAMES = {
    "leadership": "Leadership",
    "technical": "Technical",
    "executive": "Executives",
    "manager": "Managers",
    "emerging": "Emerging leaders",
    "individual": "Individual contributors",
    "all": "Everyone",
    "pilot": "Pilot",
    "comparison": "Comparison",
    "not used": "Not used",
    "near": "Near the threshold",
    "green": "Ready",
    "amber": "Partly ready",
    "red": "Not ready",
    "hr_systems": "HR systems",
    "defaulted": "shipped value",
}
INITIALS = {"nps", "roi", "hr"}


@lru_cache(maxsize=64)
def _locale(code: str) -> Locale:
    try:
        return Locale.parse(code.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")


def _english(code: str) -> Locale:
    """Months are named in the language of the text; only the order of day and month follows the client."""
    locale = _locale(code)
    return locale if locale.language == "en" else Locale.parse("en_GB")


@dataclass(frozen=True)
class Words:
    """Words for one client's figures. Every method takes `None` and says so."""

    locale: str = "en_GB"
    currency: str = "GBP"
    horizon_months: int = 24

    @classmethod
    def of(cls, facts: Facts) -> Words:
        """The words of a client."""
        return cls(locale=facts.locale, currency=facts.currency, horizon_months=facts.horizon_months)

    @classmethod
    def for_settings(cls, settings: Settings) -> Words:
        """The words of a client known only by its settings."""
        return cls(locale=settings.locale, currency=settings.currency, horizon_months=settings.counted_months)

    @property
    def language_tag(self) -> str:
        """The locale as browsers write it, such as `en-GB`; an unknown one is British English."""
        return str(_locale(self.locale)).replace("_", "-")

    @property
    def symbol(self) -> str:
        """The currency's symbol, such as `£`."""
        return _unmarked(str(get_currency_symbol(self.currency, locale=_locale(self.locale))))

    @property
    def symbol_first(self) -> bool:
        """Whether the locale writes the symbol before the number."""
        return str(_locale(self.locale).currency_formats["standard"].pattern).lstrip().startswith("¤")

    def money(self, amount: float | None) -> str:
        """Money for prose: `£63k`, `£1.2m`, `−£820`."""
        if amount is None:
            return NOT_KNOWN
        rounded = significant(amount, 3 if _leading(amount) >= 100 else 2)
        size, suffix = _scale(abs(rounded))
        scaled = abs(rounded) / size
        digits = 1 if scaled < 10 and not math.isclose(scaled, round(scaled), abs_tol=0.05) and size > 1 else 0
        text = self._currency(scaled, digits)
        text = re.sub(r"(\d)(?=\D*$)", rf"\g<1>{suffix}", text, count=1) if suffix else text
        return ("−" if rounded < 0 and re.search("[1-9]", text) else "") + text

    def money_full(self, amount: float | None) -> str:
        """Money for tables, in whole units: `£63,120`."""
        if amount is None:
            return NOT_KNOWN
        whole = round(amount)
        return ("−" if whole < 0 else "") + self._currency(abs(whole), 0)

    def _currency(self, amount: float, digits: int) -> str:
        return _unmarked(written(amount, _money_pattern(self.locale, digits), _locale(self.locale), self.currency))

    def share(self, share: float | None) -> str:
        """A fraction as a percentage: `34%`, and `4.2%` below ten per cent."""
        if share is None:
            return NOT_KNOWN
        percent = abs(share * 100)
        digits = 1 if 0 < percent < 9.95 and not math.isclose(percent, round(percent), abs_tol=0.05) else 0
        return self._percent(share, digits)

    def share_full(self, share: float | None) -> str:
        """A fraction as a percentage with one decimal, for tables."""
        return NOT_KNOWN if share is None else self._percent(share, 1)

    def _percent(self, share: float, digits: int) -> str:
        pattern = "0" + ("." + "0" * digits if digits else "") + "%"
        text = written(abs(share), "#,##" + pattern, _locale(self.locale))
        zero = not re.search(r"[1-9]", text)
        return ("−" if share < 0 and not zero else "") + text

    def percent(self, percent: float | None) -> str:
        """A number already in percent, such as ROI: `156%`."""
        return NOT_KNOWN if percent is None else self.share(significant(percent, 3) / 100)

    def number(self, value: float | None, digits: int | None = None) -> str:
        """A plain number; without `digits`, two to three significant ones."""
        if value is None:
            return NOT_KNOWN
        if digits is None:
            rounded = significant(value, 3)
            digits = next((d for d in range(6) if math.isclose(round(rounded, d), rounded, rel_tol=1e-9)), 6)
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        text = written(abs(round(value, digits)), pattern, _locale(self.locale))
        return ("−" if round(value, digits) < 0 else "") + text

    def count(self, number: float | None, one: str = "", many: str | None = None) -> str:
        """A count and what is counted: `1 role`, `1,204 roles`."""
        if number is None:
            return NOT_KNOWN
        text = self.number(number, 0)
        noun = one if round(number) == 1 else (many if many is not None else one + "s" if one else "")
        return f"{text} {noun}" if noun else text

    def score(self, value: float | None) -> str:
        """A mean score: two decimals."""
        return self.number(value, 2)

    def effect(self, d: float | None) -> str:
        """A standardised effect: `0.31 SD`."""
        return NOT_KNOWN if d is None else f"{self.number(d, 2)}{NON_BREAKING}SD"

    def value(self, value: float | None, unit: str) -> str:
        """A value in one of the units results.json uses."""
        if value is None:
            return NOT_KNOWN
        say: dict[str, Callable[[float], str]] = {
            "share": self.share,
            "share a year": lambda v: f"{self.share(v)} a year",
            "score": self.score,
            "points": lambda v: f"{self.number(v, 0)} points",
            "days": lambda v: f"{self.number(v)} days",
            "count": self.number,
            "money": self.money,
            "percent": self.percent,
            "SD": self.effect,
        }
        return say.get(unit, self.number)(value)

    def assumption(self, value: float | None, unit: str, *, bare: bool = False) -> str:
        """An assumption's value with its unit, shares as percentages; `bare` leaves out what the unit is of."""
        if value is None:
            return NOT_KNOWN
        if unit.startswith("share"):
            return self.share_full(value) + ("" if bare else unit.removeprefix("share"))
        if unit.startswith("money"):
            return self.money_full(value) + ("" if bare else unit.removeprefix("money"))
        said = {"position": "on a range from −1 to 1", "ratio": ""}.get(unit, unit)
        return self.number(value) if bare else f"{self.number(value)} {said}".strip()

    def date(self, day: dt.date | None) -> str:
        """`30 June 2026`."""
        return NOT_KNOWN if day is None else str(format_date(day, "long", _english(self.locale)))

    def month(self, day: dt.date | None) -> str:
        """`Jun 2026`."""
        return NOT_KNOWN if day is None else str(format_date(day, "MMM y", _english(self.locale)))

    def payback(self, month: float | None) -> str:
        """`month 11`, or `not within 24 months`."""
        return (
            f"not within {self.horizon_months} months" if month is None else f"month {self.number(math.ceil(month), 0)}"
        )

    def between(self, low: float | None, high: float | None, say: Callable[[float | None], str]) -> str:
        """`between £42k and £97k`; empty when there is no interval."""
        return "" if low is None or high is None else f"between {say(low)} and {say(high)}"

    def span(self, low: float | None, high: float | None, say: Callable[[float | None], str]) -> str:
        """`£42k to £97k`, for tables."""
        return NOT_KNOWN if low is None or high is None else f"{say(low)} to {say(high)}"

    def chance(self, probability: float | None) -> str:
        """A probability as a percentage that never claims certainty from draws: `78%`, `over 99%`, `under 1%`."""
        if probability is None:
            return NOT_KNOWN
        if probability > 0.99:
            return "over " + self._percent(0.99, 0)
        return "under " + self._percent(0.01, 0) if probability < 0.01 else self._percent(probability, 0)

    def likelihood(self, probability: float | None) -> str:
        """A probability in words and figure: `likely (78%)`."""
        if probability is None:
            return NOT_KNOWN
        steps = ((0.90, "very likely"), (0.66, "likely"), (0.34, "as likely as not"), (0.10, "unlikely"))
        word = next((name for floor, name in steps if round(probability, 2) >= floor), "very unlikely")
        return f"{word} ({self.chance(probability)})"


@lru_cache(maxsize=64)
def _money_pattern(code: str, digits: int) -> str:
    """The locale's pattern of positive money with this many decimals."""
    pattern = str(_locale(code).currency_formats["standard"].pattern)
    return re.sub(r"\.0+", "." + "0" * digits if digits else "", pattern).split(";")[0]


def _unmarked(text: str) -> str:
    return text if text.isascii() else BIDI_MARKS.sub("", text)


def _leading(amount: float) -> float:
    size = abs(amount)
    while size >= 1000:
        size /= 1000
    return size


def _scale(size: float) -> tuple[float, str]:
    for floor, suffix in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if size >= floor:
            return floor, suffix
    return 1.0, ""


def significant(value: float, digits: int) -> float:
    """`value` rounded to `digits` significant digits."""
    if value == 0:
        return 0.0
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))


def clean(text: object, limit: int = CELL_LIMIT) -> str:
    """Client text fit to show: control and direction marks become visible, a cut says how much it left out."""
    shown = SPACES.sub(" ", HIDDEN.sub(REPLACEMENT, str(text))).strip(" ")
    return shown if len(shown) <= limit else f"{shown[:limit]}… ({len(shown) - limit:,} more characters)"


def label(text: object, limit: int = LABEL_LIMIT, line: int = 24) -> str:
    """A short label of lines of `line` characters for a chart's axis; the table behind holds the whole text."""
    whole = clean(text, CELL_LIMIT)
    short = whole if len(whole) <= limit else whole[: limit - 1] + "…"
    lines = [""]
    for word in short.split(" "):
        for part in (word[i : i + line] for i in range(0, max(len(word), 1), line)):
            lines = (
                [*lines[:-1], f"{lines[-1]} {part}".strip()] if len(lines[-1]) + len(part) < line else [*lines, part]
            )
    return "\n".join(part for part in lines if part)


def name(code: str) -> str:
    """A code of results.json as a reader says it: `hr_systems` is `HR systems`."""
    return NAMES.get(code, code.replace("_", " ").strip().capitalize() if code else code)


def topic(text: str) -> str:
    """A client's own code as a heading: `cross-team_work` is `Cross-team work`, `all` is `All together`."""
    if text == "all":
        return "All together"
    said = " ".join(word.upper() if word in INITIALS else word for word in text.replace("_", " ").split())
    return said[:1].upper() + said[1:]


def judged(evidence: str) -> bool:
    """Whether a value rests on nobody's measurement: the catalogue's `judgement` is said as `house assumption`."""
    return evidence in {"judgement", "house assumption"}


def listing(items: Sequence[str], last: str = "and") -> str:
    """`a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def lower_first(text: str) -> str:
    """`text` as the second half of a sentence: its first letter small, unless it starts an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def sentence(text: str) -> str:
    """`text` with a capital at its start and a stop at its end."""
    trimmed = text.strip()
    if not trimmed:
        return ""
    return trimmed[0].upper() + trimmed[1:] + ("" if trimmed[-1] in ".!?…" else ".")
