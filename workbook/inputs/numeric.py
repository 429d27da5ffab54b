"""Numbers as people write them → floats, with the decimal mark proven by the column or refused."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from workbook.inputs.cells import LEAVE_EMPTY, Reading, Refusal
from workbook.inputs.contract import Column
from workbook.inputs.words import shown

SIGNS = {"$": "dollar", "€": "EUR", "£": "GBP", "¥": "yen", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY", "₪": "ILS"}
SIGN_OF = {
    "dollar": frozenset({"USD", "AUD", "CAD", "NZD", "SGD", "HKD", "MXN", "CLP", "ARS", "COP", "TWD"}),
    "yen": frozenset({"JPY", "CNY"}),
}
PLAIN = re.compile(r"-?\d+", re.ASCII)
DIGITS = r"(?:\d{1,3}(?:[ '’]\d{3})+|\d*)"
SINGLE = re.compile(rf"({DIGITS})([.,])(\d+)(e[+-]?\d+)?", re.IGNORECASE)
GROUPED_BOTH = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*([.,])\d+")
GROUPED_MANY = re.compile(r"\d{1,3}([.,])\d{3}(?:\1\d{3})+")
OTHER = {".": ",", ",": "."}


def read_numbers(texts: Sequence[str], column: Column, *, currency: str, decimal_mark: str | None) -> Reading:
    """Floats of a column's distinct texts.

    A decimal mark is taken when some value of the column proves it, else as client.yml states it, else when only one
    reading lies within the declared limits; values that can be read two ways are refused otherwise.
    """
    if all(PLAIN.fullmatch(text) for text in texts if text):
        return Reading([_limited(float(text), text, column) if text else None for text in texts])
    notes: tuple[str, ...] = ()
    percent = [text.endswith("%") for text in texts if text]
    scale = 1.0
    if column.unit == "share" and percent and all(percent):
        scale, notes = 0.01, ("read as percentages",)
        texts = [text.rstrip("% ") for text in texts]
    bare = [_bare(text, column, currency) for text in texts]
    mark, ambiguous = _mark([text for text in bare if isinstance(text, str)], column, scale, decimal_mark)
    values = [
        text if not isinstance(text, str) else _number(text, original, mark, ambiguous, scale, column)
        for text, original in zip(bare, texts, strict=True)
    ]
    return Reading(values, mark, notes)


def _bare(text: str, column: Column, currency: str) -> str | Refusal | None:
    """`text` without the client's currency sign and without a plus sign."""
    if not text:
        return None
    if text.startswith("(") and text.endswith(")"):
        return Refusal(f"{shown(text)} stands in brackets.", "Write a negative amount with a minus sign.")
    if text.endswith("%"):
        if column.unit == "share":
            return Refusal(
                f"{shown(text)} has a % sign, other cells have none.", "Write every share as a fraction, such as 0.12."
            )
        return Refusal(f"{shown(text)} has a % sign.", "Write a plain number.")
    text = text.replace("\u2212", "-")
    found = re.fullmatch(r"(-?)\s*([^\d\s.,+-]{1,3})?\s*([+-]?[\d.,][\d.,eE+' ’-]*?)\s*([^\d\s.,+-]{1,3})?", text)
    if found is None:
        return text
    sign = found[2] or found[4]
    if sign is None:
        return text.removeprefix("+")
    if not column.is_money or (found[2] and found[4]):
        return text
    code = SIGNS.get(sign, sign.upper())
    if re.fullmatch("[A-Z]{3}", code) or code in SIGN_OF:
        if code == currency or currency in SIGN_OF.get(code, ()):
            return found[1] + found[3].removeprefix("+")
        return Refusal(
            f"{shown(text)} is not in {currency}.", f"Convert every amount to {currency} and write it without a sign."
        )
    return text


def _proof(text: str) -> str | None:
    """The decimal mark that `text` proves: '.', ',', 'ambiguous', or None if it has no mark at all."""
    text = text.lstrip("-")
    if both := GROUPED_BOTH.fullmatch(text):
        if both[1] != both[2]:
            return both[2]
        return OTHER[both[1]]
    if many := GROUPED_MANY.fullmatch(text):
        return OTHER[many[1]]
    single = SINGLE.fullmatch(text)
    if single is None:
        return None
    lead = single[1]
    grouping = len(single[3]) == 3 and lead.isdigit() and len(lead) <= 3 and not lead.startswith("0") and not single[4]
    return "ambiguous" if grouping else single[2]


def _mark(texts: Sequence[str], column: Column, scale: float, said: str | None) -> tuple[str | None, bool]:
    """The column's decimal mark, and whether values that could be read two ways must be refused."""
    proofs = {text: _proof(text) for text in texts}
    proven = {proof for proof in proofs.values() if proof in OTHER}
    unsure = [text for text, proof in proofs.items() if proof == "ambiguous"]
    if len(proven) == 2:
        return None, True
    if proven:
        return proven.pop(), False
    if not unsure:
        return said, False
    if said is not None:
        return said, False
    fitting = [mark for mark in OTHER if all(_fits(text, mark, column, scale) for text in unsure)]
    return (fitting[0], False) if len(fitting) == 1 else (None, True)


def _fits(text: str, mark: str, column: Column, scale: float) -> bool:
    value = _parse(text, mark)
    if value is None:
        return False
    value *= scale
    return (column.min is None or value >= column.min) and (column.max is None or value <= column.max)


def _parse(text: str, mark: str | None) -> float | None:
    """`text` with `mark` as decimal mark and the other as thousands, groups of three only."""
    negative, text = text.startswith("-"), text.removeprefix("-")
    if mark is not None:
        thousands = OTHER[mark]
        whole, found, fraction = text.partition(mark)
        if thousands in whole:
            if not re.fullmatch(rf"[1-9]\d{{0,2}}(?:{re.escape(thousands)}\d{{3}})+", whole):
                return None
            whole = whole.replace(thousands, "")
        if found and not re.fullmatch(r"\d+(e[+-]?\d+)?", fraction, re.IGNORECASE):
            return None
        text = f"{whole or '0'}.{fraction}" if found else whole
    if re.fullmatch(r"\d{1,3}(?:[ '’]\d{3})+(\.\d+)?", text):
        text = re.sub("[ '’]", "", text)
    if not re.fullmatch(r"\d+(\.\d+)?(e[+-]?\d{1,4})?", text, re.IGNORECASE | re.ASCII):
        return None
    value = float(text)
    return -value if negative else value


def _number(text: str, original: str, mark: str | None, ambiguous: bool, scale: float, column: Column) -> object:
    proof = _proof(text)
    if ambiguous and proof is not None:
        if proof == "ambiguous":
            what = f"{shown(original)} can be read in two ways."
        else:
            what = f"{shown(original)} has another decimal mark than other cells of the column."
        return Refusal(what, "Use one decimal mark and no thousands separators, or state decimal_mark in client.yml.")
    value = _parse(text, mark)
    if value is None or not math.isfinite(value):
        return Refusal(f"{shown(original)} is not a number.", _remedy(original, column))
    return _limited(value * scale if scale != 1 else value, original, column)


def _remedy(text: str, column: Column) -> str:
    if not re.search(r"\d", text) or "e" in text.casefold():
        return LEAVE_EMPTY
    if column.unit == "money a year":
        return "Write the yearly amount, such as 54000."
    return "Write digits only, such as 12 or 0.5."


def _limited(value: float, text: str, column: Column) -> object:
    """`value`, or why it cannot stand in the column."""
    if column.unit == "share" and not 0 <= value <= 1:
        return Refusal(f"{shown(text)} is not a share between 0 and 1.", "Write a fraction, such as 0.12 for 12 %.")
    if column.min is not None and value < column.min:
        return Refusal(f"{shown(text)} is below {column.min:g}.", "Correct it.")
    if column.max is not None and value > column.max:
        return Refusal(f"{shown(text)} is above {column.max:g}.", "Correct it.")
    if abs(value) > 1e15:
        return Refusal(f"{shown(text)} is too large.", "Correct it.")
    if column.integer and value != int(value):
        return Refusal(f"{shown(text)} is not a whole number.", "Correct it.")
    return value
