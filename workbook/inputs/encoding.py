"""Bytes of a text file → text, the encoding told by the bytes themselves or refused; never a guess that garbles."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from itertools import pairwise

from workbook.errors import Problem

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8 with byte order mark"),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)
WESTERN = frozenset(
    {"af", "br", "ca", "cy", "da", "de", "en", "es", "eu", "fi", "fo", "fr", "fy", "ga", "gd", "gl", "id", "is", "it"}
    | {"lb", "ms", "nb", "nl", "nn", "no", "oc", "pt", "rm", "sq", "sv", "sw"}
)
PLAIN_SIGNS = frozenset("‘’“”„–—…€£¥§°•©®™«»¡¿ªº²³½¼¾·\xa0\xad")
HOLE = re.compile('(?<=[^\\W\\d_])\xa0(?=[a-z\xe0-\xff,;|\\t\\n"]|$)')
"""A hard space where a letter should be, as when another encoding's accented letter is read as Windows-1252."""
SAVE_AS = "Save it as 'CSV UTF-8' and check names with accents."


@dataclass(frozen=True)
class Decoded:
    """Text of a file and how it was encoded, or the problem."""

    text: str = ""
    encoding: str = ""
    problem: Problem | None = None


def decode(content: bytes, file: str, *, locale: str = "en_GB") -> Decoded:
    """Text of `content` with even line ends.

    Byte order marks decide; else UTF-16 by its zero bytes; else strict UTF-8. What is left can be Windows-1252 (which
    contains Latin-1) only if the client's locale is written with it and every word reads as one; else it is refused.
    """
    for mark, codec, name in MARKS:
        if content.startswith(mark):
            return _strict(content, codec, name, file)
    if b"\x00" in content:
        return _without_mark(content, file)
    try:
        return Decoded(_even_lines(content.decode("utf-8")), "utf-8")
    except UnicodeDecodeError as error:
        line = len(re.findall(rb"\r\n|\r|\n", content[: error.start])) + 1
        return _single_byte(content, file, line, locale)


def _strict(content: bytes, codec: str, name: str, file: str) -> Decoded:
    try:
        text = content.decode(codec)
    except UnicodeDecodeError:
        return _refused(file, None, f"The file begins like {name} but does not go on like it.")
    return Decoded(_even_lines(text.removeprefix("\ufeff")), name) if "\x00" not in text else _zero_bytes(file)


def _without_mark(content: bytes, file: str) -> Decoded:
    """UTF-16 without a byte order mark: text in Latin script has a zero in every second byte."""
    even, odd = content[0::2].count(0), content[1::2].count(0)
    half = len(content) // 2
    for zeros, others, codec in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if len(content) % 2 == 0 and zeros > 0.6 * half and others == 0:
            return _strict(content, codec, codec, file)
    return _zero_bytes(file)


def _single_byte(content: bytes, file: str, line: int, locale: str) -> Decoded:
    language = re.split(r"[_-]", locale)[0].lower()
    if language not in WESTERN:
        return _refused(file, line, f"The text is not UTF-8, and locale {locale} has several other encodings.")
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        return _refused(file, line, "The text is neither UTF-8 nor Windows-1252.")
    if not _reads_as_words(text):
        return _refused(file, line, "The text is not UTF-8, and read as Windows-1252 its words make no sense.")
    return Decoded(_even_lines(text), "windows-1252")


def _reads_as_words(text: str) -> bool:
    """Whether everything beyond ASCII stands where Western languages have it, so that no other encoding is likely."""
    if HOLE.search(text):
        return False
    return all(_plausible(word) for word in set(re.findall(r"[^\s,;|\"]*[^\x00-\x7f\s][^\s,;|\"]*", text)))


def _plausible(word: str) -> bool:
    beyond = [c for c in word if ord(c) > 127]
    if not all(c in PLAIN_SIGNS or c in "Œœ" or (c.isalpha() and ord(c) < 256) for c in beyond):
        return False
    if re.search(r"[^\W\d_][²³½¼¾¿¡©®ªº°§£¥€„“”‘«»•…·–—\xad][a-zà-ÿ]", word):
        return False
    runs = re.findall(r"[^\W\d_]+", word)
    upper_inside = (a.islower() and b.isupper() and ord(b) > 127 for run in runs for a, b in pairwise(run))
    mostly_foreign = (len(run) >= 4 and sum(ord(c) > 127 for c in run) > 0.6 * len(run) for run in runs)
    return not any(upper_inside) and not any(mostly_foreign)


def _even_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _zero_bytes(file: str) -> Decoded:
    return _refused(file, None, "The file holds zero bytes, so it is not plain text.")


def _refused(file: str, line: int | None, what: str) -> Decoded:
    return Decoded(problem=Problem(file, line, None, what, SAVE_AS))
