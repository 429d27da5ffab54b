"""Names beside points on a map: they hide neither a point nor each other where there is room."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.view.figures import build
from workbook.view.figures.labels import AWAY_PX, Box, sides

SIDES = {"above", "below", "right", "left"}
share = st.floats(0, 1)


def test_a_name_alone_stands_above_its_point_and_below_it_at_the_top_edge() -> None:
    assert sides(((0.5, 0.5, "Platform"),), most=1.05, high_px=260) == ("above",)
    assert sides(((0.5, 1.04, "Platform"),), most=1.05, high_px=260) == ("below",)


def test_at_the_right_edge_a_name_goes_to_the_left() -> None:
    assert sides(((1.04, 0.5, "Customer Success"),), most=1.05, high_px=260) == ("left",)


def test_names_of_close_points_take_different_sides() -> None:
    close = ((0.56, 0.46, "People & Finance"), (0.68, 0.51, "Sales"), (0.76, 0.47, "Customer Success"))
    assert sides(close, most=1.05, high_px=260) == ("left", "above", "below")


@given(st.lists(st.tuples(share, share, st.sampled_from(["Data", "Product", "Customer Success"])), max_size=12))
@settings(max_examples=40)
def test_every_point_gets_one_of_four_sides(points: list[tuple[float, float, str]]) -> None:
    found = sides(tuple(points), most=1.05, high_px=260)
    assert len(found) == len(points)
    assert set(found) <= SIDES


def test_two_boxes_share_the_area_in_which_both_lie() -> None:
    assert Box(0, 0, 10, 10).shared(Box(5, 8, 20, 20)) == 5 * 2
    assert Box(0, 0, 10, 10).shared(Box(10, 0, 20, 10)) == 0
    assert AWAY_PX > 0


@pytest.mark.parametrize("axis", [build.plain_axis, build.share_axis])
def test_an_axis_that_names_its_ticks_asks_for_no_number_of_them(axis) -> None:
    values = [0, 0.2, 0.4, 0.6, 0.8, 1]
    named = axis("Need", values=values)
    assert (named["values"], "tickCount" in named) == (values, False)
    assert axis("Need")["tickCount"] == 5
    assert all(f"{later:.1f}" != f"{earlier:.1f}" for earlier, later in pairwise(values))
