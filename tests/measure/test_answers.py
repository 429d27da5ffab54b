"""Survey, readiness and ratings as they leave."""

import datetime as dt

import numpy as np
import pytest

from tests.measure.clients import answers, client, rated, staff, varied
from workbook.evidence import COMPANY
from workbook.measure import measure, restricted
from workbook.model.ratings import icc_1_1, icc_1_k, one_way

WAVE = dt.date(2025, 10, 1)


def company(evidence, construct="engagement"):
    return next(c for c in evidence.survey if c.unit == COMPANY and c.construct_name == construct)


def test_items_of_a_construct_are_averaged_per_person_before_people_are():
    said = [*answers("Sales", [1.0] * 6 + [5.0] * 6, item="q1"), *answers("Sales", [5.0] * 6, item="q2")]
    cell = company(measure(client({"survey": said}, items={"q1": "engagement", "q2": "engagement"})))

    assert (cell.n, cell.mean, cell.favourable) == (12, 4.0, 6)
    assert cell.sd == pytest.approx(np.std([3] * 6 + [5] * 6, ddof=1))


def test_a_reversed_scale_is_turned_round():
    scale = {"cross_team": {"min": 1, "max": 5, "reversed": True}}
    said = answers("Sales", [1.0] * 8 + [2.0] * 4, item="cross_team")

    assert company(measure(client({"survey": said}, scales=scale)), "cross_team").mean == pytest.approx(14 / 3)


def test_sevens_and_eights_are_neither_promoters_nor_detractors():
    said = answers("Sales", [10, 9, 9, 8, 7, 7, 6, 0, 3, 8, 7, 10], item="manager_nps")
    cell = company(measure(client({"survey": said})), "manager_nps")

    assert (cell.promoters, cell.detractors, cell.n) == (4, 3, 12)
    assert (cell.scale_min, cell.scale_max) == (0, 10)


def test_a_vendors_summary_is_combined_by_people_and_its_small_groups_are_hidden():
    rows = [
        {"unit": u, "wave": WAVE, "construct": "engagement", "score": score, "n": n, "sd": 0.5, "favourable_share": 0.5}
        for u, score, n in (("A", 4.0, 20), ("B", 3.0, 30), ("C", 3.5, 4), ("D", 4.5, 12))
    ]
    sizes = [person for unit in "ABCD" for person in staff(unit, 30)]
    found = {c.unit: c for c in measure(client({"employees": sizes, "survey_summary": rows})).survey}
    total = found[COMPANY]

    assert total.n == 66
    assert total.mean == pytest.approx((80 + 90 + 14 + 54) / 66)
    assert total.sd == pytest.approx(
        np.sqrt(
            sum((n - 1) * 0.25 + n * (m - total.mean) ** 2 for m, n in ((4, 20), (3, 30), (3.5, 4), (4.5, 12))) / 65
        )
    )
    assert found["C"].suppressed
    assert found["D"].suppressed
    assert found["A"].favourable == 10


def test_invited_people_come_from_the_summary():
    summary = [{"unit": "Sales", "wave": WAVE, "construct": "engagement", "score": 3.0, "n": 11, "invited": 40}]
    said = answers("Sales", varied(12))
    cell = company(measure(client({"survey": said, "survey_summary": summary})))

    assert (cell.n, cell.invited) == (12, 40)


def test_readiness_is_an_opinion_of_five_or_a_rubric_of_nobody():
    def scored(people):
        return [
            {"area": "sponsor", "question": q, "score": s, "respondent": who}
            for who in people
            for q, s in (("a", 4), ("b", 2))
        ]

    five = measure(client({"readiness": scored([f"r{k}" for k in range(5)])})).readiness
    four = measure(client({"readiness": scored([f"r{k}" for k in range(4)])}))
    rubric = measure(client({"readiness": scored([None])}))

    assert [(row.area, row.mean, row.n, row.sd) for row in five] == [("sponsor", 3.0, 5, None)]
    assert four.readiness == ()
    assert "1 readiness area withheld (fewer than 5 people)" in four.notes
    assert [(row.mean, row.n) for row in rubric.readiness] == [(3.0, 2)]


LEADERS = [f"a{k:02d}" for k in range(12)]


def test_only_direct_reports_count_and_a_leader_needs_five_of_them():
    told = [
        *rated(LEADERS),
        *rated(["z1"], raters=4),
        *rated(LEADERS, relationship="peer", gain=2.0),
        *rated(["z2"], relationship="self"),
    ]
    cell = measure(client({"ratings": told})).ratings[0]

    assert (cell.arm, cell.competency, cell.wave_days, cell.leaders, cell.raters) == ("all", "all", 0, 12, 72)


def test_mean_squares_and_reliability_are_those_of_raters_within_leaders():
    told = rated(LEADERS, competencies=["coaching"])
    groups = [[row["score"] for row in told if row["leader_id"] == leader] for leader in LEADERS]
    evidence = measure(client({"ratings": told}))
    cell, found = evidence.ratings[0], evidence.rating_summary
    anova = one_way(groups)

    assert (cell.ms_between, cell.ms_within) == (pytest.approx(anova.ms_between), pytest.approx(anova.ms_within))
    assert (cell.k0, found.k0) == (6, 6)
    assert found.icc1 == pytest.approx(icc_1_1(anova))
    assert found.icck == pytest.approx(icc_1_k(anova))
    assert cell.mean == pytest.approx(np.mean([np.mean(group) for group in groups]))


def test_dates_as_waves_count_from_the_first():
    told = [*rated(LEADERS, wave="2025-03-01"), *rated(LEADERS, wave="2025-05-30")]

    assert sorted({c.wave_days for c in measure(client({"ratings": told})).ratings}) == [0, 90]


def arms(*, gain=0.5, others=12, last_pilots=12):
    pilots, compared = [f"a{k:02d}" for k in range(12)], [f"b{k:02d}" for k in range(others)]
    return [
        *rated(pilots, arm="pilot"),
        *rated(compared, arm="comparison"),
        *rated(pilots[:last_pilots], arm="pilot", wave="90", gain=gain),
        *rated(compared, arm="comparison", wave="90"),
    ]


def test_the_effect_is_the_gain_over_the_comparison():
    found = measure(client({"ratings": arms()})).rating_summary

    assert (found.pilot_leaders, found.comparison_leaders, found.last_wave_days) == (12, 12, 90)
    assert found.did_points == pytest.approx(0.5, abs=0.01)
    assert found.ancova_points == pytest.approx(0.5, abs=0.01)
    assert found.why is None


def test_pilot_leaders_without_a_later_score_are_no_improvement():
    everybody = measure(client({"ratings": arms()})).rating_summary
    half = measure(client({"ratings": arms(last_pilots=6)}))

    assert half.rating_summary.pilot_leaders == 12
    assert half.rating_summary.did_points == pytest.approx(everybody.did_points / 2, abs=0.02)
    assert "pilot leaders without a score at the last wave count as unchanged" in half.notes


GAINS = {"A": 0.2, "B": 0.5, "C": 0.8, "D": 0.0, "E": 0.1, "F": 0.2}


def in_units(*, mixed: bool = False, units: str = "ABCDEF"):
    """Four leaders a unit, those of the first half of the units in the pilot; or of each unit two in either arm."""
    told, people = [], []
    for place, unit in enumerate(units):
        leaders = [f"{unit.lower()}{k}" for k in range(24 // len(units))]
        people += [{"employee_id": one, "unit": unit, "hire_date": dt.date(2020, 1, 1)} for one in leaders]
        pilots = leaders[::2] if mixed else leaders if place < len(units) / 2 else []
        told += [
            {**row, "arm": "pilot" if row["leader_id"] in pilots else "comparison"}
            for row in [*rated(leaders), *rated(leaders, wave="90", gain=GAINS[unit])]
        ]
    return measure(client({"ratings": told, "employees": people}, pilot_assignment="lottery"))


def test_where_the_arms_are_whole_units_the_error_is_that_of_units():
    """Source: with equal clusters wholly in one arm, CR2 is Welch on cluster means (Bell & McCaffrey 2002)."""
    evidence = in_units()
    found = evidence.rating_summary
    gains = np.array(list(GAINS.values())).reshape(2, 3)

    assert found.did_points == pytest.approx(gains[0].mean() - gains[1].mean(), abs=0.01)
    assert found.did_se == pytest.approx(np.sqrt(gains.var(axis=1, ddof=1).sum() / 3), rel=0.02)
    assert found.randomisation_p is None
    assert "the arms of the pilot are whole units: its errors count 6 units, not 24 leaders" in evidence.notes


def test_leaders_of_one_unit_in_both_arms_are_counted_one_by_one():
    evidence = in_units(mixed=True)

    assert evidence.rating_summary.randomisation_p is not None
    assert [note for note in evidence.notes if "arm" in note] == []


def test_leaders_who_do_not_differ_at_all_have_a_pilot_without_reliability():
    told = [row for k in range(12) for row in rated([f"a{k:02d}"])]
    found = measure(client({"ratings": told})).rating_summary

    assert (found.icck, found.icck_low, found.suppressed) == (None, None, False)


def test_an_arm_that_is_one_unit_is_said_to_be_one():
    evidence = in_units(units="AD")

    assert "an arm of the pilot is one unit: whatever else happened there looks like its effect" in evidence.notes


def test_no_effect_without_a_comparison_and_none_with_four_leaders_in_it():
    alone = measure(client({"ratings": [r for r in arms() if r["arm"] == "pilot"]})).rating_summary
    thin = measure(client({"ratings": arms(others=4)})).rating_summary

    assert (alone.ancova_points, alone.why) == (
        None,
        "no comparison arm: who is in the pilot and who is compared is not given",
    )
    assert (thin.did_points, thin.why) == (
        None,
        "no later wave in which enough leaders of both arms were rated",
    )


def test_the_arm_comes_from_the_participants_where_ratings_do_not_say():
    told = [{**row, "arm": None} for row in arms()]
    joined = [
        {"employee_id": f"{mark}{k:02d}", "programme": "Leading", "start_date": WAVE, "arm": arm}
        for mark, arm in (("a", "pilot"), ("b", "comparison"))
        for k in range(12)
    ]
    with_arms = measure(client({"ratings": told, "participants": joined})).rating_summary

    assert with_arms.did_points == measure(client({"ratings": arms()})).rating_summary.did_points


def test_the_restricted_tier_names_leaders_with_five_raters_and_counts_the_others(tmp_path):
    told = [*rated(LEADERS[:2]), *rated(["z1"], raters=4)]
    roles = [{"role_id": "R1", "unit": "Sales", "is_leadership": True, "is_critical": True, "incumbent_id": "=boss"}]
    named = [{"role_id": "R1", "employee_id": who, "readiness": "now"} for who in ("=boss", "ann")]
    joined = [{"employee_id": f"sales{k:03d}", "programme": "Leading", "start_date": WAVE} for k in range(7)]
    people = [*staff("Sales", 5, manager_id="m1"), *staff("Sales", 2, prefix="x", manager_id="m2"),
              *staff("Sales", 1, prefix="ann"), *staff("Sales", 1, prefix="=boss")]  # fmt: skip
    people[-2]["employee_id"], people[-1]["employee_id"] = "ann", "=boss"
    found = restricted(client({"employees": people, "ratings": told, "roles": roles, "successors": named,
                               "participants": joined}))  # fmt: skip
    found.dump(tmp_path)

    assert {row.leader for row in found.leader_scores} == {"a00", "a01"}
    assert found.leaders_not_shown == 1
    assert [(row.person, row.counts, row.matched) for row in found.succession] == [
        ("=boss", False, False),
        ("ann", True, True),
    ]
    assert [(row.manager, row.started) for row in found.attendance] == [("m1", 5)]
    assert "'=boss" in (tmp_path / "succession.csv").read_text(encoding="utf-8")
    assert {path.name for path in tmp_path.iterdir()} == {
        "succession.csv", "leader_scores.csv", "leader_changes.csv", "attendance.csv", "restricted.json",
    }  # fmt: skip
