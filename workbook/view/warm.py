"""What is the same for every client, worked out ahead: a process that notebooks' kernels are forked from does it once.

Nothing of a client is among it, and nothing changes by it but how long the first figures take.
"""

from __future__ import annotations

from workbook.scenario import Scenario
from workbook.view.why import whys
from workbook.weeks.decision import shipped_draws
from workbook.words import Words


def warm() -> None:
    """Fill the caches of shipped declarations, draws of shipped assumptions, formulas behind figures and words."""
    usual, say = Scenario(), Words()
    shipped_draws(draws=usual.draws, seed=usual.seed)
    whys()
    for word in (say.money, say.share, say.score):
        word(1.0)
