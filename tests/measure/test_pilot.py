"""What is measured of a pilot beside its ratings' means: hindsight, growth, chance, sites, what participants say."""

import datetime as dt

import numpy as np
import pytest

from tests.measure.clients import client, frame, leaver, rated, staff
from workbook.evidence import ThenTest
from workbook.measure import audit, measure, restricted
from workbook.model.effect import morris_d
from workbook.model.ratings import icc_2_1, two_way

PILOTS, OTHERS = [f"a{k:02d}" for k in range(12)], [f"b{k:02d}" for k in range(12)]
START = dt.date(2025, 3, 3)


def two_arms(*, gain=0.5, then=None, others=OTHERS):
    told = [
        *rated(PILOTS, arm="pilot"),
        *rated(others, arm="comparison"),
        *rated(PILOTS, arm="pilot", wave="90", gain=gain),
        *rated(others, arm="comparison", wave="90"),
    ]
    if then is not None:
        told += [*rated(PILOTS, arm="pilot", wave="then", gain=then), *rated(others, arm="comparison", wave="then")]
    return told


def by_place(tests):
    return {(row.arm, row.competency): row for row in tests}


def test_ratings_in_hindsight_are_no_wave_and_change_no_mean():
    plain, with_then = (measure(client({"ratings": two_arms(then=then)})) for then in (None, -0.4))

    assert with_then.ratings == plain.ratings
    assert with_then.rating_summary == plain.rating_summary
    assert plain.then_tests == ()


def test_the_then_test_says_how_far_the_yardstick_moved_and_what_the_gain_is_without_it():
    found = by_place(measure(client({"ratings": two_arms(then=-0.4)})).then_tests)
    pilot, other = found[("pilot", "all")], found[("comparison", "all")]

    assert (pilot.leaders, pilot.last_wave_days) == (12, 90)
    assert pilot.then_mean - pilot.baseline_mean == pytest.approx(-0.4)
    assert pilot.last_mean - pilot.then_mean == pytest.approx(0.9, abs=0.02)
    assert other.then_mean == pytest.approx(other.baseline_mean)
    assert {competency for _, competency in found} == {"all", "coaching", "delegation"}


@pytest.mark.parametrize(("looked_back", "shown"), [(12, True), (11, False), (8, False), (7, True), (4, False)])
def test_the_then_test_is_shown_when_its_leaders_are_those_of_the_means_or_five_fewer(looked_back, shown):
    told = [*two_arms(), *rated(PILOTS[:looked_back], arm="pilot", wave="then")]

    assert (("pilot", "all") in by_place(measure(client({"ratings": told})).then_tests)) == shown


def test_no_spread_of_hindsight_under_ten_leaders():
    told = [*two_arms(), *rated(PILOTS[:7], arm="pilot", wave="then", gain=-0.3)]
    row = by_place(measure(client({"ratings": told})).then_tests)[("pilot", "all")]

    assert (row.shift_se, row.gain_se) == (None, None)


def test_morris_d_is_made_from_the_leaders_means():
    found = measure(client({"ratings": two_arms()})).rating_summary
    cells = {(c.arm, c.wave_days): c for c in measure(client({"ratings": two_arms()})).ratings if c.competency == "all"}
    expected = morris_d(
        pilot_gain=cells[("pilot", 90)].mean - cells[("pilot", 0)].mean,
        comparison_gain=cells[("comparison", 90)].mean - cells[("comparison", 0)].mean,
        pilot_sd=cells[("pilot", 0)].sd, comparison_sd=cells[("comparison", 0)].sd, pilot_n=12, comparison_n=12,
    )  # fmt: skip

    assert found.d_ppc == pytest.approx(expected)


def test_chance_alone_is_tested_only_under_a_lottery():
    drawn = measure(client({"ratings": two_arms()}, pilot_assignment="lottery")).rating_summary
    not_known = measure(client({"ratings": two_arms()})).rating_summary

    assert (not_known.randomisation_p, not_known.randomisation_arms) == (None, None)
    assert (drawn.randomisation_p, drawn.randomisation_arms, drawn.randomisation_exact) == (
        pytest.approx(1e-4), 10_000, False,
    )  # fmt: skip


def test_a_small_lottery_is_gone_through_draw_by_draw():
    given = [
        *rated(PILOTS[:6], arm="pilot"), *rated(OTHERS[:6], arm="comparison"),
        *rated(PILOTS[:6], arm="pilot", wave="90", gain=0.5), *rated(OTHERS[:6], arm="comparison", wave="90"),
    ]  # fmt: skip
    found = measure(client({"ratings": given}, pilot_assignment="lottery")).rating_summary

    assert (found.randomisation_arms, found.randomisation_exact) == (924, True)
    assert found.randomisation_p == pytest.approx(2 / 924)


def test_growth_by_the_mixed_model_is_the_difference_of_gains_where_nobody_is_missing():
    found = measure(client({"ratings": two_arms()})).rating_summary
    model = found.growth_model

    assert (model.leaders, model.scores, [step.wave_days for step in model.steps]) == (24, 48, [90])
    assert model.steps[0].lead == pytest.approx(found.did_points)
    assert model.between_variance > 0


def test_growth_without_arms_is_that_of_all_leaders():
    told = [*rated(PILOTS), *rated(PILOTS, wave="30", gain=0.2), *rated(PILOTS, wave="90", gain=0.3)]
    steps = measure(client({"ratings": told})).rating_summary.growth_model.steps

    assert [step.wave_days for step in steps] == [30, 90]
    assert [step.change for step in steps] == [pytest.approx(0.2, abs=0.01), pytest.approx(0.3, abs=0.01)]
    assert [step.lead for step in steps] == [None, None]


def test_no_variances_of_growth_under_ten_leaders():
    told = [*rated(PILOTS[:9]), *rated(PILOTS[:9], wave="90", gain=0.3)]

    assert measure(client({"ratings": told})).rating_summary.growth_model is None


def mixed_changes():
    """Six leaders who rise by a lot and six who stay; every rater rises alike, so noise is that of the raters."""
    return [
        *rated(PILOTS, raters=10),
        *rated(PILOTS[:6], raters=10, wave="90", gain=1.2),
        *rated(PILOTS[6:], raters=10, wave="90"),
    ]


def test_reliable_changes_are_counted_where_that_gives_nobody_away():
    found = measure(client({"ratings": mixed_changes()})).rating_summary
    everyone = measure(client({"ratings": [*rated(PILOTS, raters=30), *rated(PILOTS, raters=30, wave="90", gain=1.9)]}))

    assert (found.reliable_leaders, found.reliable_up, found.reliable_down) == (12, 6, 0)
    assert everyone.rating_summary.reliable_up is None


def test_changes_of_single_leaders_stay_in_the_restricted_tier_and_five_raters_decide_nothing():
    told = [*mixed_changes(), *rated(["z1"], raters=5), *rated(["z1"], raters=5, wave="90", gain=1.0)]
    rows = {row.leader: row for row in restricted(client({"ratings": told})).leader_changes if row.competency == "all"}

    assert {rows[leader].reading for leader in PILOTS[:6]} == {"up"}
    assert {rows[leader].reading for leader in PILOTS[6:]} == {"within error"}
    assert (rows["z1"].may_decide, rows["a00"].may_decide) == (False, True)
    assert "leader_changes" not in measure(client({"ratings": told})).model_dump_json()


def test_raters_who_rated_every_leader_are_a_panel():
    told = [
        {**row, "rater_id": row["rater_id"].split("-")[1]} for row in rated(PILOTS, raters=6, competencies=["coaching"])
    ]
    found = measure(client({"ratings": told})).rating_summary
    table = np.array([[r["score"] for r in told if r["leader_id"] == leader] for leader in PILOTS])

    assert found.panel_icc1 == pytest.approx(icc_2_1(two_way(table)))
    assert (found.panel_raters, found.panel_icc1_low <= found.panel_icc1 <= found.panel_icc1_high) == (6, True)
    assert measure(client({"ratings": rated(PILOTS)})).rating_summary.panel_icc1 is None


def joined(units_of_pilot=("Sales", "Tax"), units_of_others=("Legal", "Ops"), **said):
    """Six of each unit take part from the first Monday of March."""
    return [
        {"employee_id": f"{unit.lower()}{k:03d}", "programme": "Leading", "start_date": START, "arm": arm, **said}
        for arm, units in (("pilot", units_of_pilot), ("comparison", units_of_others))
        for unit in units
        for k in range(6)
    ]


def company(**settings):
    people = [person for unit in ("Sales", "Tax", "Legal", "Ops", "Other") for person in staff(unit, 20)]
    return [
        *people,
        leaver("x1", "Sales", dt.date(2024, 9, 1)),
        leaver("x2", "Legal", dt.date(2025, 7, 1)),
        leaver("x3", "Other", dt.date(2025, 7, 1)),
    ]


def test_sites_are_the_units_of_the_people_trained_and_exits_are_counted_around_the_start():
    found = measure(client({"employees": company(), "participants": joined()})).pilot_sites

    assert (found.start, found.pilot_units, found.comparison_units) == (START, ("Sales", "Tax"), ("Legal", "Ops"))
    assert (found.mixed_units, found.trained) == ((), 12)
    assert {(row.arm, row.period): row.voluntary_exits for row in found.exits} == {
        ("pilot", "before"): 1, ("pilot", "after"): 0, ("comparison", "before"): 0, ("comparison", "after"): 1,
    }  # fmt: skip


def test_a_unit_with_both_arms_is_neither():
    found = measure(
        client({"employees": company(), "participants": joined(("Sales", "Tax"), ("Tax", "Ops"))})
    ).pilot_sites

    assert (found.pilot_units, found.comparison_units, found.mixed_units) == (("Sales",), ("Ops",), ("Tax",))


def test_four_pilots_have_no_site():
    few = joined()[:4]

    assert measure(client({"employees": company(), "participants": few})).pilot_sites is None


def test_participants_who_do_not_answer_claim_nothing():
    """By hand: six of twelve claim 10,000 x .5 x .8 = 4,000; over twelve that is 2,000."""
    told = joined()
    for row in told[:6]:
        row |= {"reported_gain": 10_000.0, "programme_share": 0.5, "confidence_share": 0.8}
    found = measure(client({"participants": told})).participant_estimate

    assert (found.participants, found.answers, found.each_money_per_year) == (12, 6, pytest.approx(2_000))
    assert (found.each_se, found.extreme_left_out) == (None, False)


def test_a_claim_far_above_the_others_counts_as_nothing_and_is_noted():
    told = joined(reported_gain=10_000.0, programme_share=0.5, confidence_share=0.8)
    told[0] = {**told[0], "reported_gain": 10_000_000.0}
    evidence = measure(client({"participants": told}))

    assert evidence.participant_estimate.each_money_per_year == pytest.approx(4_000 * 11 / 12)
    assert evidence.participant_estimate.extreme_left_out
    assert "participants' claims far above the others count as nothing" in evidence.notes


def test_four_answers_are_not_released():
    told = joined()
    for row in told[:4]:
        row |= {"reported_gain": 10_000.0, "programme_share": 0.5, "confidence_share": 0.8}

    assert measure(client({"participants": told})).participant_estimate is None


def test_the_order_of_ratings_and_participants_changes_nothing():
    given = {
        "employees": company(),
        "participants": joined(reported_gain=9_000.0, programme_share=0.5, confidence_share=0.8),
        "ratings": two_arms(then=-0.2),
    }
    shuffled = {
        name: frame(name, rows).sample(frac=1, random_state=5).reset_index(drop=True) for name, rows in given.items()
    }

    assert measure(client(shuffled, pilot_assignment="lottery")) == measure(client(given, pilot_assignment="lottery"))


def test_other_names_for_leaders_and_raters_change_nothing():
    told = two_arms(then=-0.2)
    renamed = [
        {**row, "leader_id": f"q{hash_of(row['leader_id'])}", "rater_id": f"r{hash_of(row['rater_id'])}"}
        for row in told
    ]
    one, other = (
        measure(client({"ratings": rows}, pilot_assignment="lottery")).model_dump() for rows in (told, renamed)
    )

    assert other["rating_summary"].pop("growth_model") == one["rating_summary"].pop("growth_model")
    known = [
        {name: value for name, value in row["rating_summary"].items() if value is not None} for row in (one, other)
    ]
    assert known[1] == pytest.approx(known[0], rel=1e-9)
    assert other["then_tests"] == one["then_tests"]


def hash_of(name):
    """A number that puts names into another order."""
    return sum(ord(letter) * 31**place for place, letter in enumerate(name)) * 7919 % 1_000_003


def test_the_auditor_stops_hindsight_of_four_leaders():
    evidence = measure(client({"ratings": two_arms()}))
    leak = ThenTest(
        arm="pilot", competency="all", leaders=4, last_wave_days=90, baseline_mean=3, then_mean=3, last_mean=3,
        shift_se=0.1,
    )  # fmt: skip

    assert audit(evidence) == ()
    assert audit(evidence.model_copy(update={"then_tests": (leak,)})) == (
        "then-test, pilot, all: shown below the floor for scores",
        "then-test, pilot, all: spread shown below the floor for distributions",
    )
