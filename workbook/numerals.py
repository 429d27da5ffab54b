"""Numbers written by a locale's pattern, as Babel writes them, with the pattern read once.

Babel parses its pattern and looks up symbols and plural names at every number; a moved slider writes a thousand.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import get_currency_symbol, get_decimal_symbol, get_group_symbol, parse_pattern

_QUANTA = tuple(Decimal(1).scaleb(-digits) for digits in range(10))


@dataclass(frozen=True)
class Style:
    """How a pattern writes numbers that are not negative."""

    before: str
    after: str
    group: str
    point: str
    last: int
    """Digits of the group next to the decimal sign."""
    others: int
    least: int
    """Fewest digits before the decimal sign."""
    digits: int
    """Digits after it."""
    scale: int
    """2 where the pattern is of percentages."""

    def write(self, value: float) -> str:
        """A number that is not negative, rounded half to even on its shortest decimal form."""
        exact = Decimal(str(value)).scaleb(self.scale)
        whole, _, part = f"{exact.quantize(_QUANTA[self.digits]):f}".partition(".")
        text, size = whole.rjust(self.least, "0"), self.last
        groups = []
        while len(text) > size:
            groups.append(text[-size:])
            text, size = text[:-size], self.others
        number = self.group.join([text, *reversed(groups)])
        return f"{self.before}{number}{self.point}{part}{self.after}" if part else self.before + number + self.after


@lru_cache(maxsize=256)
def style(pattern: str, locale: Locale, currency: str = "") -> Style:
    """The style of a CLDR pattern with as many decimals as it has zeros after its point, such as `¤#,##0.0`."""
    read = parse_pattern(pattern)
    symbol = get_currency_symbol(currency, locale=locale) if currency else "¤"
    before, after = (side[0].replace("¤", symbol).replace("'", "") for side in (read.prefix, read.suffix))
    return Style(
        before=before,
        after=after,
        group=get_group_symbol(locale),
        point=get_decimal_symbol(locale),
        last=int(read.grouping[0]),
        others=int(read.grouping[1]),
        least=read.int_prec[0],
        digits=read.frac_prec[1],
        scale=read.scale,
    )


def written(value: float, pattern: str, locale: Locale, currency: str = "") -> str:
    """A finite number that is not negative, by a pattern of `locale`; an infinite one is `∞`."""
    chosen = style(pattern, locale, currency)
    return chosen.write(value) if math.isfinite(value) else f"{chosen.before}∞{chosen.after}"
