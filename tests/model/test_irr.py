"""Internal rates of return of many flows at once."""

from __future__ import annotations

import numpy as np
import pytest

from tests.slow_irr import irr_yearly
from workbook.model import irr


def flow(**money):
    made = np.zeros(25)
    for month, amount in money.items():
        made[int(month.removeprefix("m"))] = amount
    return made


def test_many_flows_agree_with_one_at_a_time():
    net = np.random.default_rng(3).normal(30, 40, (40, 25))
    net[:, 0] = -300
    found = irr.irr_of_flows(net)
    for k, row in enumerate(net):
        alone = irr_yearly(row)
        if isinstance(alone, str):
            assert (found.none[k], found.multiple[k]) == (alone == "none", alone == "multiple")
        else:
            assert found.yearly[k] == pytest.approx(alone, rel=1e-7)


def test_money_never_earned_back_has_no_rate_and_counts_as_the_lowest():
    found = irr.irr_of_flows(np.stack([flow(m0=-100, m6=-1), flow(m0=-100, m12=110), flow(m0=-100, m12=130)]))
    assert found.none.tolist() == [True, False, False]
    assert found.yearly[0] == -np.inf
    assert irr.percentiles(found, (0.0, 0.5, 0.99)) == [None, pytest.approx(0.10), pytest.approx(0.30)]


def test_a_flow_without_costs_has_no_rate():
    found = irr.irr_of_flows(np.stack([flow(m3=10), flow()]))
    assert found.none.tolist() == [True, True]
    assert irr.finite_rates(found) == [None, None]


def test_a_flow_that_multiplies_its_money_in_a_month_is_beyond_the_rates_looked_for():
    found = irr.irr_of_flows(flow(m0=-1, m1=100))
    assert found.yearly[0] == np.inf
    assert not found.none[0]


def test_several_rates_are_left_out_of_the_percentiles():
    found = irr.irr_of_flows(np.stack([flow(m0=-100, m12=230, m24=-132), flow(m0=-100, m12=110)]))
    assert found.multiple.tolist() == [True, False]
    assert irr.percentiles(found, (0.1, 0.9)) == [pytest.approx(0.10), pytest.approx(0.10)]


def test_no_flow_with_a_rate_gives_no_percentile():
    assert irr.percentiles(irr.irr_of_flows(flow()), (0.5,)) == [None]


def test_a_later_start_changes_no_rate():
    early, late = flow(m0=-100, m10=140), flow(m4=-100, m14=140)
    found = irr.irr_of_flows(np.stack([early, late]))
    assert found.yearly[0] == pytest.approx(found.yearly[1])
