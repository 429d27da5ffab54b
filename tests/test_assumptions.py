"""The assumption register."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.assumptions import moved, problems_of_change, register_from, shipped_register
from workbook.errors import BadArgument
from workbook.evidence import AssumptionChange

ROW = {
    "name": "x", "label": "X", "unit": "share", "value": 0.5, "low": 0.2, "high": 0.8, "minimum": 0, "maximum": 1,
    "step": 0.1, "distribution": "pert", "evidence": "judgement", "source": "House assumption.", "column": 3,
}  # fmt: skip
UNIFORMS = (np.arange(1024) + 0.5) / 1024


def test_a_source_cannot_be_omitted_and_all_faults_are_told_at_once():
    rows = [
        {key: value for key, value in ROW.items() if key != "source"},
        {**ROW, "name": "y", "source": " "},
        {**ROW, "name": "z", "low": 0.6},
        {**ROW, "name": "fine"},
        {**ROW, "name": "clash"},
        {**ROW, "name": "odd", "column": 4, "colour": "red"},
    ]
    with pytest.raises(BadArgument) as refused:
        register_from(rows)
    assert str(refused.value) == "\n".join(
        [
            "assumption 'x': 'source' is missing.",
            "assumption 'y': 'source': String should have at least 1 character.",
            "assumption 'z': minimum <= low <= value <= high <= maximum must hold.",
            "assumption 'clash': column 3 belongs to 'fine'.",
            "assumption 'odd': 'colour' is not known.",
        ]
    )


def test_every_shipped_assumption_has_a_column_of_its_own_and_says_if_it_is_the_house_s():
    register = shipped_register()
    columns = [entry.column for entry in register.values()]
    assert len(columns) == len(set(columns))
    for entry in register.values():
        if entry.evidence == "judgement":
            assert "house assumption" in entry.source.lower(), entry.name


@pytest.mark.parametrize("name", shipped_register().uncertain)
def test_draws_keep_to_the_hard_limits_and_centre_on_the_value(name):
    entry = shipped_register()[name]
    drawn = entry.draws(UNIFORMS)
    assert entry.minimum <= drawn.min() <= drawn.max() <= entry.maximum
    assert entry.low <= np.median(drawn) <= entry.high
    if entry.distribution in ("triangular", "pert", "uniform"):
        assert drawn.min() >= entry.low
        assert drawn.max() <= entry.high


def test_an_override_outside_its_limits_or_of_an_unknown_name_is_refused():
    with pytest.raises(BadArgument) as refused:
        shipped_register().overridden({"d_leadershp": 0.3, "rework_share": 1.4, "on_cost_share": float("nan")})
    assert str(refused.value) == "\n".join(
        [
            "assumption 'd_leadershp': not known. Did you mean 'd_leadership'?",
            "assumption 'rework_share': 1.4 is outside its limits 0 to 1.",
            "assumption 'on_cost_share': nan is not a number.",
        ]
    )


def test_a_client_s_change_is_checked_in_every_part():
    change = AssumptionChange(name="rework_share", value=0.2, low=0.3, high=2.0, source=" ")
    assert problems_of_change(shipped_register(), change) == [
        "assumption 'rework_share': high 2 is outside its limits 0 to 1.",
        "assumption 'rework_share': low 0.3 is above the value 0.2.",
        "assumption 'rework_share': no source. Say where 0.2 comes from.",
    ]


def test_a_client_s_change_carries_its_source_and_is_no_stand_in_any_more():
    change = AssumptionChange(name="rework_share", value=0.2, source="time sheets")
    made = shipped_register().changed([change])["rework_share"]
    assert shipped_register()["rework_share"].is_default
    assert (made.value, made.source, made.evidence, made.is_default) == (0.2, "time sheets", "client", False)


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(list(shipped_register())), place=st.floats(0, 1))
def test_a_slider_may_stand_anywhere_between_the_limits(name, place):
    entry = shipped_register()[name]
    value = min(max(entry.minimum + place * (entry.maximum - entry.minimum), entry.minimum), entry.maximum)
    made = moved(entry, value)
    drawn = made.draws(UNIFORMS)
    assert made.value == value
    assert np.isfinite(drawn).all()
    assert entry.minimum <= drawn.min() <= drawn.max() <= entry.maximum


def test_moving_a_value_moves_its_range_along():
    made = moved(shipped_register()["d_leadership"], 0.41)
    assert (made.low, made.high) == pytest.approx((0.01, 0.82))
    ratio = moved(shipped_register()["days_to_fill"], 150.0)
    assert (ratio.low, ratio.high) == pytest.approx((80, 280))
