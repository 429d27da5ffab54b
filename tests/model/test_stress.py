"""What failing draws have in common."""

from __future__ import annotations

import numpy as np
import pytest

from workbook.model import stress

RNG = np.random.default_rng(4)
GUILTY, IDLE = RNG.random(2000), RNG.random(2000)
FAILING = GUILTY < 0.3


def test_an_input_that_decides_alone_is_shifted_wholly_and_its_threshold_found():
    found = stress.conditions({"idle": IDLE, "guilty": GUILTY}, FAILING)
    assert [each.name for each in found] == ["guilty"]
    assert found[0].shift == pytest.approx(-1)
    assert found[0].below
    assert found[0].threshold == GUILTY[FAILING].max()
    assert (found[0].share_failing, found[0].share_all) == (1, FAILING.mean())


def test_the_other_side_is_the_mirror_image():
    low, high = (stress.conditions({"guilty": sign * GUILTY}, FAILING)[0] for sign in (1, -1))
    assert high.shift == pytest.approx(-low.shift)
    assert high.threshold == -low.threshold
    assert not high.below


def test_the_rank_biserial_is_the_difference_of_favourable_and_unfavourable_pairs():
    values, failing = np.array([1.0, 2, 2, 5, 7]), np.array([True, False, True, False, False])
    pairs = [np.sign(a - b) for a in values[failing] for b in values[~failing]]
    assert stress.rank_biserial(values, failing) == pytest.approx(np.mean(pairs))


@pytest.mark.parametrize("failing", [np.zeros(2000, bool), np.ones(2000, bool), np.arange(2000) < 29])
def test_too_few_failing_or_sound_draws_have_nothing_in_common(failing):
    assert stress.conditions({"guilty": GUILTY}, failing) == []


def test_one_sided_draws_are_not_shifted():
    assert stress.rank_biserial(GUILTY, np.ones(2000, bool)) == 0


def test_conditions_together_say_how_much_they_explain():
    both = (GUILTY < 0.5) & (IDLE < 0.5)
    found = stress.conditions({"idle": IDLE, "guilty": GUILTY}, both)
    assert {each.name for each in found} == {"idle", "guilty"}
    covered, certain = stress.together({"idle": IDLE, "guilty": GUILTY}, both, found)
    assert covered > 0.95
    assert certain > 0.95
