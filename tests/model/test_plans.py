"""Reference plans."""

from __future__ import annotations

import numpy as np
import pytest

from workbook.model import plans


def option(
    key: str, *, room: list[int], price: float, worth: float, fixed: float = 0.0, group: tuple[int, int] = (1, 99)
):
    seats = np.arange(sum(room) + 1)
    whole = plans.whole_groups(seats, group_min=group[0], group_max=group[1], most_groups=9)
    return plans.Option(
        key=key,
        capacity=np.array(room),
        cover=np.diag(1 / np.array(room, float)),
        cost_by_seats=np.where(whole, fixed * (seats > 0) + price * seats, np.inf),
        benefit=np.array([worth]),
        reduction=np.array([0.2]),
    )


def filled(options, money, people, shares, **how):
    made = plans.fill(
        options, budgets_money=np.array([money]), seats=np.array([people]), unit_shares=np.array([shares]), **how
    )
    return [rows[0].tolist() for rows in made]


@pytest.mark.parametrize(
    ("seats", "whole"), [(0, True), (7, False), (8, True), (16, True), (17, True), (48, True), (49, False), (15, True)]
)
def test_people_are_split_into_groups_of_eight_to_sixteen_at_most_three(seats, whole):
    assert plans.whole_groups(np.array([seats]), group_min=8, group_max=16, most_groups=3)[0] == whole


def test_seventeen_people_make_no_group_of_ten_to_sixteen():
    assert not plans.whole_groups(np.array([17]), group_min=10, group_max=16, most_groups=3)[0]


def test_the_costliest_unit_is_filled_before_the_next():
    assert filled([option("a", room=[5, 5, 5], price=1, worth=100)], 100, 7, [0.1, 0.6, 0.3]) == [[0, 5, 2]]


def test_money_limits_seats_and_the_fixed_price_is_paid_once():
    assert filled([option("a", room=[5, 5], price=10, fixed=25, worth=1000)], 60, 9, [0.5, 0.5]) == [[3, 0]]


def test_the_programme_that_adds_most_comes_first_and_the_next_only_if_it_pays():
    strong = option("strong", room=[4], price=10, worth=400)
    weak = option("weak", room=[4], price=10, worth=30)
    fair = option("fair", room=[4], price=10, worth=100)
    assert filled([weak, fair, strong], 1000, 20, [1.0]) == [[0], [4], [4]]


def test_what_one_programme_removes_is_no_longer_there_for_the_next():
    first = option("first", room=[4], price=10, worth=400)
    close = option("close", room=[4], price=10, worth=45)
    assert filled([first, close], 1000, 20, [1.0]) == [[4], [0]]
    assert filled([close], 1000, 20, [1.0]) == [[4]]


def test_by_ratio_the_cheap_programme_comes_first():
    large = option("large", room=[4], price=50, worth=400)
    cheap = option("cheap", room=[4], price=1, worth=40)
    assert filled([large, cheap], 200, 4, [1.0]) == [[4], [0]]
    assert filled([large, cheap], 200, 4, [1.0], rule="ratio") == [[0], [4]]


def test_where_nothing_pays_the_best_benefit_for_cost_is_shown():
    bad = option("bad", room=[4], price=100, worth=40)
    worse = option("worse", room=[4], price=10, worth=1)
    assert filled([worse, bad], 1000, 4, [1.0]) == [[0], [4]]


def test_no_more_than_three_programmes_run_in_a_first_wave():
    options = [option(f"p{k}", room=[2], price=1, worth=1000) for k in range(5)]
    assert sum(row != [0] for row in filled(options, 1000, 50, [1.0])) == 3


def test_cost_a_person_leaves_out_seats_that_make_no_group():
    made = option("a", room=[20], price=10, fixed=80, worth=1, group=(8, 9))
    assert plans.cost_per_person(made.cost_by_seats)[:3] == ((8, 20.0), (9, 10 + 80 / 9), (16, 15.0))


@pytest.mark.parametrize(
    ("seats", "sizes", "expected"), [(6, [10, 20, 30], [1, 2, 3]), (5, [1, 1, 1], [1, 1, 1]), (2, [3, 3, 3], [1, 1, 0])]
)
def test_seats_are_shared_out_by_size_in_whole_people(seats, sizes, expected):
    assert plans.spread_pro_rata(seats, np.array(sizes, float)).tolist() == expected


def by_hand(options, money, people, shares, *, rule="net", most_programmes=3):
    """One plan at a time in plain loops: what `fill` does side by side."""
    seats, left, open_ = [[0] * len(o.capacity) for o in options], shares.copy(), set(range(len(options)))
    for turn in range(most_programmes):
        found = []
        for index in sorted(open_):
            option = options[index]
            fits = [n for n, cost in enumerate(option.cost_by_seats) if cost <= money + 1e-9 and n <= people]
            by_unit = option.benefit @ left
            offer, still = [0] * len(option.capacity), max(fits)
            for block in np.argsort(-(option.cover @ by_unit), kind="stable"):
                offer[block] = min(still, int(option.capacity[block]))
                still -= offer[block]
            reach = np.minimum(np.array(offer) @ option.cover, 1)
            benefit, cost = float(by_unit @ reach), float(option.cost_by_seats[max(fits)])
            if max(fits) > 0 and (turn == 0 or benefit > cost):
                found.append((index, offer, reach, benefit, cost))
        if not found:
            break
        by_ratio = rule == "ratio" or all(benefit <= cost for *_, benefit, cost in found)
        index, offer, reach, _, cost = max(found, key=lambda f: (f[3] / f[4] if by_ratio else f[3] - f[4], -f[0]))
        seats[index], money, people = offer, money - cost, people - sum(offer)
        left = left * (1 - options[index].reduction[:, None] * reach)
        open_.remove(index)
    return seats


@pytest.mark.parametrize("rule", ["net", "ratio"])
def test_plans_filled_side_by_side_are_those_filled_one_at_a_time_by_hand(rule):
    draw = np.random.default_rng(5)
    options = [
        option(f"p{k}", room=draw.integers(1, 6, 7).tolist(), price=float(draw.uniform(1, 9)), fixed=5.0,
               worth=float(draw.uniform(20, 400)), group=(2, 5))
        for k in range(5)
    ]  # fmt: skip
    shares = draw.dirichlet(np.ones(7))[None, :]
    money, people = draw.uniform(0, 200, 40), draw.integers(0, 30, 40)
    made = plans.fill(options, budgets_money=money, seats=people, unit_shares=shares, rule=rule)
    for row in range(40):
        assert [block[row].tolist() for block in made] == by_hand(options, money[row], people[row], shares, rule=rule)
