"""What is worked out ahead of every client is what a client would work out."""

from __future__ import annotations

import numpy as np

from workbook.assumptions import shipped_register
from workbook.model.simulation import sobol_uniforms
from workbook.scenario import Scenario
from workbook.view.warm import warm
from workbook.weeks import decision


def test_after_warming_the_usual_draws_of_shipped_assumptions_are_there_and_are_the_right_ones():
    warm()
    usual, missed = Scenario(), decision._drawn.cache_info().misses
    kept = decision.shipped_draws(draws=usual.draws, seed=usual.seed)
    assert decision._drawn.cache_info().misses == missed
    uniforms = sobol_uniforms(draws=usual.draws, seed=usual.seed)
    assert set(kept) == set(shipped_register().uncertain)
    for name, entry in shipped_register().items():
        if not entry.fixed:
            np.testing.assert_array_equal(kept[name], entry.drawn_from(uniforms))
