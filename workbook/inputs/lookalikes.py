"""Names that a reader takes for one and a computer for two."""

from __future__ import annotations

from collections.abc import Iterable

FOREIGN = "АВЕЗКМНОРСТХУІЈЅаеорсухіјѕԁһӏɡΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανρκιυ"
LATIN = "ABE3KMHOPCTXYIJSaeopcyxijsdhlgABEZHIKMNOPTYXoavpkiu"
SKELETON = str.maketrans(FOREIGN, LATIN)


def skeleton(text: str) -> str:
    """`text` with Cyrillic and Greek letters replaced by the Latin ones they look like."""
    return text if text.isascii() else text.translate(SKELETON)


def alike_ids(names: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of different ids with one skeleton; the plainer spelling first."""
    seen: dict[str, str] = {}
    pairs = []
    for name in sorted(names, key=lambda name: (not name.isascii(), name)):
        other = seen.setdefault(skeleton(name), name)
        if other != name:
            pairs.append((other, name))
    return pairs


def alike_units(names: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of units that differ only in case, spaces or look-alike letters."""
    seen: dict[str, str] = {}
    pairs = []
    for name in sorted(names):
        other = seen.setdefault("".join(skeleton(name).casefold().split()), name)
        if other != name:
            pairs.append((other, name))
    return pairs
