"""Week 1 of whole companies, from Evidence to sentences."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.builders import (
    AS_OF,
    company,
    delay,
    delivery_months,
    evidence,
    exposure,
    headcounts,
    month,
    role_counts,
    spend,
    survey_wave,
)
from workbook import weeks
from workbook.evidence import (
    COMPANY,
    SMALL_UNITS,
    ExitMonth,
    InterviewTheme,
    Involvement,
    Managers,
    MetricAgreed,
    ReadinessArea,
)
from workbook.results import Week1
from workbook.scenario import Scenario, Thresholds, UnitWeights
from workbook.settings import Scale, Switches

BASE = Scenario()


def run(scenario: Scenario = BASE, **fields) -> Week1:
    return weeks.week1(evidence(**fields), scenario)


def switched(**switches) -> dict:
    return {"switches": Switches(**switches)}


def test_a_client_who_gave_nothing_is_told_what_to_ask_for() -> None:
    found = run()
    asked = {
        name: thing.why for group in (found.signals, found.metrics, found.triggers) for name, thing in group.items()
    }
    assert asked == {
        "growth": "Table employees was not given; ask for it.",
        "succession": "Table roles was not given; ask for it.",
        "engagement": "Table survey was not given; ask for it.",
        "friction": "Table survey was not given; ask for it. Table initiatives was not given; ask for it.",
        "on_time_delivery": "Table delivery was not given; ask for it.",
        "critical_team_turnover": "Table employees was not given; ask for it.",
        "promotion_readiness": "Table survey was not given; ask for it.",
        "high_performer_turnover": "Table employees was not given; ask for it.",
        "critical_roles_uncovered": "Table roles was not given; ask for it.",
    }
    assert {s.status for s in (*found.signals.values(), *found.triggers.values(), *found.metrics.values())} == {
        "insufficient data"
    }
    assert found.gate.fired is None
    assert found.readiness.colour == "insufficient data"
    assert found.readiness.transfer_factor == 1.0
    assert found.spend.quadrant == "insufficient data"
    assert found.units.units == ()
    assert found.extras == ()


def test_each_missing_table_leaves_its_own_answers_open_and_no_signal_reads_what_a_metric_reads() -> None:
    """Taking one source away at a time shows who reads it."""
    base = company()
    survey = {row.construct_name for row in base.survey}
    cuts = {f"survey {c}": {"survey": tuple(r for r in base.survey if r.construct_name != c)} for c in sorted(survey)}
    cuts |= {name: {name: ()} for name in ("headcount", "exit_months", "roles", "delivery", "initiatives")}
    whole = weeks.week1(base, BASE)
    readers = {}
    for cut, fields in cuts.items():
        found = weeks.week1(base.model_copy(update=fields), BASE)
        signals = {name for name, signal in found.signals.items() if signal != whole.signals[name]}
        metrics = {name for name, metric in found.metrics.items() if metric != whole.metrics[name]}
        assert not (signals and metrics), f"{cut} is read by signals {signals} and metrics {metrics}"
        readers[cut] = signals | metrics
    assert readers == {
        "survey capability": set(),
        "survey cross_team": {"friction"},
        "survey engagement": {"engagement"},
        "survey manager_effectiveness": set(),
        "survey promotion_readiness": {"promotion_readiness"},
        "headcount": {"growth"},
        "exit_months": {"critical_team_turnover"},
        "roles": {"succession"},
        "delivery": {"on_time_delivery"},
        "initiatives": {"friction"},
    }


@pytest.mark.parametrize(("now", "status"), [(120, "present"), (119, "clear"), (80, "clear")])
def test_growth_of_a_fifth_a_year_is_rapid(now: int, status: str) -> None:
    signal = run(headcount=headcounts(now=now, year_ago=100)).signals["growth"]
    assert signal.status == status
    assert signal.value == pytest.approx(now / 100 - 1)
    assert (signal.date, signal.source, signal.trend) == (AS_OF, "employees.csv", "year on year")


def test_eight_months_of_headcount_are_annualised_and_said_to_be() -> None:
    signal = run(headcount=headcounts(now=130, year_ago=100)[4:]).signals["growth"]
    assert signal.trend == "annualised from 8 months"
    assert signal.value == pytest.approx((130 / 110) ** (12 / 8) - 1)


def test_five_months_of_headcount_or_no_one_a_year_ago_tell_nothing() -> None:
    short = run(headcount=headcounts(now=130, year_ago=100)[7:]).signals["growth"]
    assert short.why == "Fewer than six months of headcount; ask for hire and exit dates of the last twelve months."
    empty = run(headcount=headcounts(now=130, year_ago=0)).signals["growth"]
    assert empty.why == "Nobody was employed a year earlier, so growth has no base."


def test_a_file_without_leavers_gives_neither_growth_nor_turnover() -> None:
    found = run(
        headcount=headcounts(now=130, year_ago=100),
        exposure=(exposure(exits=0, person_years=110, group="all"), exposure(exits=0, person_years=20)),
    )
    why = "Table employees holds no leaver, so exits cannot be told from records left out; ask for leavers too."
    assert found.signals["growth"].why == found.triggers["high_performer_turnover"].why == why
    assert found.gate.triggers_unknown == ("high_performer_turnover", "critical_roles_uncovered")


@pytest.mark.parametrize(("matched", "status", "fired"), [(21, "clear", False), (20, "present", True)])
def test_nine_of_thirty_uncovered_roles_are_within_thirty_percent_and_ten_are_not(matched, status, fired) -> None:
    found = run(roles=(role_counts(critical=30, matched=matched),))
    assert found.signals["succession"].status == status
    assert found.triggers["critical_roles_uncovered"].fired is fired


def test_roles_without_a_successors_table_are_not_uncovered_but_unknown() -> None:
    found = run(roles=(role_counts(critical=30, matched=0, successors_given=False),))
    assert found.signals["succession"].why == "Table successors was not given; ask for it."
    assert found.triggers["critical_roles_uncovered"].fired is None
    assert found.succession.critical_roles == 30
    assert found.succession.coverage_matched is None


def test_a_person_named_for_three_roles_covers_one_of_them() -> None:
    counts = role_counts(critical=3, matched=1).model_copy(update={"named_any": 3})
    found = run(roles=(counts,))
    assert found.signals["succession"].value == pytest.approx(2 / 3)
    assert (found.succession.coverage_named, found.succession.coverage_matched) == (1.0, pytest.approx(1 / 3))


def test_no_critical_role_is_not_full_coverage() -> None:
    found = run(roles=(role_counts(critical=0, matched=0),))
    assert found.signals["succession"].why == "No role in table roles is marked critical; ask which are."


def test_engagement_over_six_waves_is_judged_by_its_trend() -> None:
    falling = run(survey=tuple(survey_wave("engagement", mean=4 - 0.1 * k, offset=3 * (k - 5)) for k in range(6)))
    signal = falling.signals["engagement"]
    assert signal.status == "present"
    assert signal.p_beyond == pytest.approx(1 - 1 / 1440)
    assert signal.value == pytest.approx(-0.4, abs=0.01)
    assert signal.trend == "change a year over 6 waves (Theil-Sen, Mann-Kendall)"


def test_two_yearly_waves_are_compared_with_their_errors() -> None:
    survey = (survey_wave("engagement", mean=3.9, offset=-12), survey_wave("engagement", mean=3.8))
    signal = run(survey=survey).signals["engagement"]
    assert signal.trend == "last wave against the same month of last year"
    assert signal.value == pytest.approx(-0.1)
    assert signal.high - signal.low == pytest.approx(2 * 1.6526 * 0.8 * 0.02**0.5, rel=1e-3)
    assert signal.status == "present"
    small = tuple(row.model_copy(update={"n": 12, "favourable": 8}) for row in survey)
    assert run(survey=small).signals["engagement"].status == "near"


def test_waves_of_different_months_are_not_compared() -> None:
    survey = (survey_wave("engagement", mean=3.9, offset=-9), survey_wave("engagement", mean=3.8))
    assert run(survey=survey).signals["engagement"].why == (
        "Fewer than six waves in three years and none in the same month of last year; "
        "ask for earlier waves of the survey."
    )


def test_a_survey_of_three_years_ago_says_nothing_about_today() -> None:
    survey = (survey_wave("engagement", mean=3.9, offset=-48), survey_wave("engagement", mean=3.2, offset=-36))
    assert run(survey=survey).signals["engagement"].why == (
        "The last wave with engagement is of January 2022, more than two years old; ask for a new one."
    )


def test_a_withheld_wave_is_said_to_be_withheld() -> None:
    hidden = survey_wave("cross_team", mean=None, n=None, sd=None, suppressed=True)
    assert run(survey=(hidden,)).signals["friction"].why == (
        "Too few people answered on cross_team; its scores are withheld. Table initiatives was not given; ask for it."
    )


def test_a_wave_without_spread_is_given_the_widest_its_mean_allows() -> None:
    known, unknown = (
        run(survey=(survey_wave("cross_team", mean=3.3, sd=sd),)).signals["friction"] for sd in (0.8, None)
    )
    assert unknown.high - unknown.low > 2 * (known.high - known.low)
    assert known.status == "present"


def test_friction_is_the_likelier_of_score_and_coordination_and_says_which() -> None:
    fine = (survey_wave("cross_team", mean=4.2),)
    late = (delay("coordination", delayed=80.0, initiatives=16), delay("skills", delayed=20.0, initiatives=4))
    signal = run(survey=fine, initiatives=late).signals["friction"]
    assert (signal.status, signal.value, signal.threshold, signal.unit) == ("present", 0.8, 0.5, "share")
    assert signal.trend == "share of delayed value caused by coordination"
    assert signal.why == "The likelier of two measures; the other is the cross-team score of the survey."
    poor = (survey_wave("cross_team", mean=2.9),)
    signal = run(survey=poor, initiatives=late).signals["friction"]
    assert (signal.value, signal.threshold, signal.unit, signal.higher_is_worse) == (2.9, 3.5, "score", False)


def test_friction_from_one_measure_says_that_the_other_is_missing() -> None:
    signal = run(initiatives=(delay("coordination", delayed=80.0),)).signals["friction"]
    assert signal.why == "Only one of two measures could be taken. Table survey was not given; ask for it."


def test_initiatives_with_both_causes_are_split_by_the_switch() -> None:
    late = (delay("both", delayed=60.0, initiatives=30), delay("skills", delayed=40.0, initiatives=20))
    assert run(initiatives=late).signals["friction"].value == pytest.approx(0.3)
    whole = run(initiatives=late, settings=switched(both_cause_split=1.0)).signals["friction"]
    assert whole.value == pytest.approx(0.6)


def test_the_point_rule_takes_the_estimate_at_its_word() -> None:
    fields = {
        "survey": (survey_wave("cross_team", mean=3.45, n=12),),
        "exposure": (exposure(exits=3, person_years=20),),
    }
    careful, bold = run(**fields), run(**fields, settings=switched(trigger_rule="point"))
    assert (careful.signals["friction"].status, bold.signals["friction"].status) == ("near", "present")
    fired = [found.triggers["high_performer_turnover"].fired for found in (careful, bold)]
    assert fired == [False, True]


def test_a_signal_carries_the_owner_of_the_metric_dictionary() -> None:
    agreed = MetricAgreed(metric="growth", definition="d", formula="f", purpose="p", owner="COO")
    assert run(metrics=(agreed,)).signals["growth"].owner == "COO"


def test_three_of_twenty_high_performers_do_not_fire_and_four_do() -> None:
    three, four = (
        run(exposure=(exposure(exits=k, person_years=20),)).triggers["high_performer_turnover"] for k in (3, 4)
    )
    assert (three.fired, three.status, three.value) == (False, "near", 0.15)
    assert (four.fired, four.status) == (True, "present")
    assert three.p_beyond == pytest.approx(0.780, abs=5e-4)


def test_the_latest_window_counts() -> None:
    old = exposure(exits=9, person_years=20).model_copy(update={"window_end": month(-12)})
    found = run(exposure=(exposure(exits=0, person_years=20), old))
    assert found.triggers["high_performer_turnover"].value == 0


def test_delivery_on_time_degrades_when_its_trend_is_established() -> None:
    metric = run(delivery=delivery_months(0.90, 0.88, 0.86, 0.87, 0.83, 0.80)).metrics["on_time_delivery"]
    assert (metric.status, metric.n, metric.value, metric.source) == ("degrading", 6, 0.80, "delivery.csv")
    assert metric.p_value == pytest.approx(6 / 720, abs=1e-3)
    assert metric.trend == pytest.approx(-0.02, abs=0.003)


@pytest.mark.parametrize(
    ("shares", "status"),
    [((0.8, 0.82, 0.84, 0.86, 0.88, 0.9), "improving"), ((0.8, 0.9, 0.8, 0.9, 0.8, 0.9), "stable")],
)
def test_delivery_on_time_that_rises_or_wavers_is_not_degrading(shares, status) -> None:
    assert run(delivery=delivery_months(*shares)).metrics["on_time_delivery"].status == status


def test_five_months_are_too_few_for_a_trend() -> None:
    metric = run(delivery=delivery_months(0.9, 0.8, 0.7, 0.6, 0.5)).metrics["on_time_delivery"]
    assert metric.status == "insufficient data"
    assert metric.why == "5 of the 6 points a trend needs were given; ask for earlier ones."


def test_delivery_of_three_years_ago_is_no_trend_of_today() -> None:
    old = tuple(
        row.model_copy(update={"month": month(k - 40)})
        for k, row in enumerate(delivery_months(*(0.9 - 0.02 * k for k in range(12))))
    )
    assert run(delivery=old).metrics["on_time_delivery"].status == "insufficient data"


def test_rising_exits_from_critical_teams_degrade() -> None:
    exits = (0, 1, 1, 2, 2, 3, 4, 5)
    rows = tuple(
        ExitMonth(group="critical_teams", month=month(k - 8), person_years=5.0, voluntary_exits=e)
        for k, e in enumerate(exits)
    )
    metric = run(exit_months=rows).metrics["critical_team_turnover"]
    assert (metric.status, metric.value, metric.unit) == ("degrading", 1.0, "share a year")
    assert metric.series[0].low == 0


def test_promotion_readiness_is_read_from_the_survey() -> None:
    waves = tuple(survey_wave("promotion_readiness", mean=3.5 - 0.1 * k, offset=k - 6) for k in range(7))
    metric = run(survey=waves).metrics["promotion_readiness"]
    assert (metric.status, metric.unit) == ("degrading", "score")
    assert metric.trend == pytest.approx(-0.1)


def two_signals(**more) -> dict:
    fields = {
        "headcount": headcounts(now=150, year_ago=100),
        "survey": (survey_wave("cross_team", mean=2.5),),
        "delivery": delivery_months(0.90, 0.88, 0.86, 0.84, 0.83, 0.80),
    }
    return {**fields, **more}


def test_two_signals_and_a_degrading_metric_open_the_gate() -> None:
    gate = run(**two_signals()).gate
    assert gate.fired is True
    assert gate.clause == (
        "2 of 4 signals are present (rapid growth and cross-team friction) and 1 of 3 metrics is degrading "
        "(on-time delivery)."
    )


def test_a_hard_trigger_alone_opens_the_gate_unless_switched_off() -> None:
    fields = {"exposure": (exposure(exits=9, person_years=20),)}
    gate = run(**fields).gate
    assert gate.fired is True
    assert gate.clause == "A hard trigger fired: turnover among high performers."
    off = run(**fields, settings=switched(hard_trigger_alone=False)).gate
    assert off.fired is None
    assert off.clause.startswith("It cannot be said yet: rapid growth, succession gaps, engagement decline,")
    assert "critical roles" not in off.clause


def healthy(**more) -> dict:
    fields = {
        "headcount": headcounts(now=105, year_ago=100),
        "survey": (
            survey_wave("cross_team", mean=4.2),
            survey_wave("engagement", mean=3.5, offset=-12),
            survey_wave("engagement", mean=4.0),
        ),
        "delivery": delivery_months(*(0.9,) * 6),
        "roles": (role_counts(critical=20, matched=18),),
        "exposure": (exposure(exits=1, person_years=60),),
    }
    return {**fields, **more}


def test_a_healthy_company_keeps_the_gate_shut_though_two_metrics_are_unknown() -> None:
    gate = run(**healthy()).gate
    assert (gate.fired, gate.metrics_unknown, gate.signals_unknown) == (False, 2, 0)
    assert gate.clause == (
        "0 of 4 signals are present and 0 of 3 metrics are degrading; the rule asks for 2 signals and 1 metric, "
        "2 could not be measured and would not change that. No hard trigger fired."
    )


def test_a_trigger_that_could_not_be_checked_has_not_passed() -> None:
    gate = run(**healthy(exposure=())).gate
    assert gate.fired is None
    assert gate.clause == (
        "It cannot be said yet: turnover among high performers could not be measured and could decide it."
    )


def test_a_fired_trigger_that_does_not_suffice_is_named() -> None:
    fields = healthy(exposure=(exposure(exits=9, person_years=20),), settings=switched(hard_trigger_alone=False))
    gate = run(**fields).gate
    assert gate.fired is False
    assert gate.clause.endswith(
        "A hard trigger fired (turnover among high performers) and does not suffice by itself here."
    )
    assert gate.triggers_fired == ("high_performer_turnover",)


def test_thresholds_of_the_scenario_move_the_gate() -> None:
    lax = Thresholds(growth_per_year=0.6)
    assert run(Scenario(thresholds=lax), **two_signals()).gate.fired is None
    assert run(**two_signals()).gate.fired is True


def test_weak_leaders_over_capable_employees_are_resentment_with_its_certainty() -> None:
    survey = (survey_wave("manager_effectiveness", mean=3.0), survey_wave("capability", mean=4.0))
    audit = run(survey=survey).spend
    assert audit.quadrant == "resentment"
    assert audit.quadrant_certainty > 0.99
    assert audit.leaders_capability.value == 3.0


def test_the_clients_own_favourable_score_moves_the_quadrant() -> None:
    survey = (survey_wave("manager_effectiveness", mean=3.4), survey_wave("capability", mean=4.0))
    scales = {"manager_effectiveness": Scale(min=1, max=5, favourable_from=3.2)}
    assert run(survey=survey, settings={"scales": scales}).spend.quadrant == "healthy"


def test_spend_is_audited_by_audience_with_holes_in_the_maps() -> None:
    base = company()
    audit = weeks.week1(base, BASE).spend
    assert audit.ratio_executive_individual == pytest.approx((60_000 / 11) / (90_000 / 176))
    assert audit.per_head["emerging"].money_per_head == 0
    assert audit.total_money == 190_000
    assert (audit.leadership_share, audit.technical_share) == pytest.approx((10 / 19, 9 / 19))
    holes = {(cell.audience, cell.competency) for cell in audit.coverage if cell.participants == 0}
    assert ("individual", "coaching") in holes
    assert ("manager", "coaching") not in holes
    stages = {(cell.audience, cell.journey_stage): cell.participants for cell in audit.journey}
    assert (stages["executive", "executive"], stages["manager", "new"]) == (8, 0)
    assert audit.benchmark_money_per_head == 1716


def test_programmes_for_all_stand_in_a_row_of_their_own() -> None:
    audit = run(spend=(spend("all", track="other", money=1000.0, competency="safety"),)).spend
    assert audit.per_head["all"].money == 1000
    assert audit.ratio_executive_individual is None
    assert {(cell.audience, cell.participants) for cell in audit.coverage if cell.participants} == {("all", 10)}


def areas(**means: float) -> tuple[ReadinessArea, ...]:
    names = ("sponsor", "management", "hr_systems", "processes", "culture", "individuals")
    return tuple(ReadinessArea(area=a, mean=means.get(a, 4.0), n=5) for a in names)


def test_a_red_sponsor_makes_readiness_red_with_a_remedy() -> None:
    found = run(readiness=areas(sponsor=2.0)).readiness
    assert found.colour == "red"
    assert found.remedy == "Name an executive who opens the programme, attends and reports on it to the board."
    assert found.transfer_factor == pytest.approx(1 + 0.1 * (22 / 6 - 3))


def test_another_red_area_keeps_readiness_from_green() -> None:
    assert run(readiness=areas(culture=2.0)).readiness.colour == "amber"
    assert run(readiness=areas()).readiness.colour == "green"


def test_three_areas_are_too_few_and_five_are_not_green() -> None:
    few = run(readiness=areas()[:3]).readiness
    assert (few.colour, few.transfer_factor, few.score) == ("insufficient data", 1.0, None)
    assert few.why == "Not asked about: Processes, Culture, Individuals."
    assert run(readiness=areas()[:5]).readiness.colour == "amber"


def test_buy_in_tactics_are_read_from_readiness_and_involvement_or_left_open() -> None:
    managers = (
        Managers(unit=COMPANY, managers=20, managers_under_12_months=None, reports_with_manager=None, span_mean=None),
    )
    logged = (Involvement(kind="objectives_agreed", events=18, managers=16),)
    tactics = {
        t.area: t for t in run(readiness=areas(processes=3.0), managers=managers, involvement=logged).readiness.tactics
    }
    assert {name: tactic.colour for name, tactic in tactics.items()} == {
        "why": "green",
        "new_process": "amber",
        "ideal_outcome": "green",
        "feedback_sought": "red",
    }
    assert (
        tactics["feedback_sought"].remedy == "Ask managers to review the draft, and tell them what was changed for it."
    )
    assert {tactic.colour for tactic in run().readiness.tactics} == {"insufficient data"}


def test_involvement_lists_what_no_manager_did() -> None:
    managers = (
        Managers(unit=COMPANY, managers=20, managers_under_12_months=None, reports_with_manager=None, span_mean=None),
    )
    rows = run(managers=managers, involvement=(Involvement(kind="coaching", events=9, managers=5),)).involvement
    shares = {row.kind: row.manager_share for row in rows}
    assert shares["coaching"] == 0.25
    assert shares["slot_chosen"] == 0.0


def test_interviews_are_counted_and_never_move_a_signal() -> None:
    worse = tuple(
        InterviewTheme(unit=unit, theme="hand-offs", direction="worse", interviews=9) for unit in ("Sales", "Support")
    )
    found = run(interviews=worse)
    assert (found.interviews[0].worse, found.interviews[0].better) == (18, 0)
    assert found.signals == run().signals


def test_extras_carry_n_interval_and_the_change_an_nps_needs() -> None:
    nps = survey_wave("enps", mean=7.0, n=25, promoters=10, detractors=5, scale_min=0.0, scale_max=10.0)
    extras = {extra.name: extra for extra in run(survey=(nps,)).extras}
    assert extras["enps"].estimate.value == pytest.approx(20)
    assert extras["enps_change_needed"].estimate.value == pytest.approx(41, abs=0.5)
    names = {extra.name for extra in weeks.week1(company(), BASE).extras}
    assert {
        "bench_strength",
        "time_to_fill",
        "internal_fill_share",
        "span_of_control",
        "promotion_readiness_favourable",
        "managers_under_12_months",
        "vacancies_per_100_managers",
        "voluntary_turnover",
    } <= names


def troubled(unit: str) -> dict:
    """Two units and the company; `unit` is worse on every strand."""
    other = {"Sales": "Support", "Support": "Sales"}[unit]
    return {
        "headcount": tuple(r for u in (COMPANY, "Sales", "Support") for r in headcounts(now=100, year_ago=100, unit=u)),
        "exposure": tuple(
            exposure(exits=k, person_years=100, group="all", unit=u) for u, k in ((COMPANY, 20), (unit, 18), (other, 2))
        ),
        "roles": (
            role_counts(critical=20, matched=10),
            role_counts(critical=10, matched=1, unit=unit),
            role_counts(critical=10, matched=9, unit=other),
        ),
        "survey": tuple(
            survey_wave(c, mean=m, unit=u)
            for c in ("engagement", "cross_team")
            for u, m in ((COMPANY, 3.5), (unit, 3.0), (other, 4.0))
        ),
        "delivery": tuple(
            row
            for u, s in ((COMPANY, 0.8), (unit, 0.7), (other, 0.9))
            for row in delivery_months(s, s + 0.01, s, s - 0.01, unit=u)
        ),
    }


@pytest.mark.parametrize("unit", ["Sales", "Support"])
def test_the_unit_worse_on_every_strand_ranks_first_under_any_weights(unit: str) -> None:
    ranking = run(**troubled(unit)).units
    assert ranking.units[0].unit == unit
    assert ranking.top_share == 1.0
    assert (ranking.units[0].delivery_risk, ranking.units[0].capability_risk) == ("red", "red")
    assert (ranking.units[1].delivery_risk, ranking.units[1].capability_risk) == ("green", "green")


def test_a_ranking_that_hangs_on_the_weights_says_so() -> None:
    fields = troubled("Sales")
    fields["survey"] = tuple(
        row.model_copy(update={"unit": {"Sales": "Support", "Support": "Sales"}.get(row.unit, row.unit)})
        for row in fields["survey"]
    )
    ranking = run(**fields).units
    assert 0.5 < ranking.top_share < 0.95
    only_surveys = UnitWeights(turnover=0, succession=0, delivery=0)
    assert run(Scenario(weights=only_surveys), **fields).units.units[0].unit == "Support"
    assert run(**fields).units == ranking, "the same seed gives the same share"


def test_weights_of_zero_rank_nothing_and_say_so() -> None:
    nothing = UnitWeights(turnover=0, succession=0, engagement=0, friction=0, delivery=0)
    assert run(Scenario(weights=nothing), **troubled("Sales")).units.why == (
        "Every strand that could be measured has weight zero."
    )


def test_units_merged_for_being_small_are_not_ranked() -> None:
    fields = troubled("Sales")
    merged = {"Support": SMALL_UNITS}
    for field in ("headcount", "exposure", "roles", "survey", "delivery"):
        fields[field] = tuple(row.model_copy(update={"unit": merged.get(row.unit, row.unit)}) for row in fields[field])
    assert [unit.unit for unit in run(**fields).units.units] == ["Sales"]


def test_two_fired_triggers_are_both_named() -> None:
    fields = {"exposure": (exposure(exits=9, person_years=20),), "roles": (role_counts(critical=10, matched=2),)}
    assert run(**fields).gate.clause == (
        "Hard triggers fired: turnover among high performers and critical roles without a successor."
    )


def test_a_withheld_score_is_marked_as_withheld_and_a_missing_one_is_not() -> None:
    hidden = survey_wave("capability", mean=None, n=None, sd=None, suppressed=True)
    audit = run(survey=(hidden,)).spend
    assert (audit.employees_capability.suppressed, audit.leaders_capability.suppressed) == (True, False)


def test_one_unit_cannot_be_ranked() -> None:
    ranking = run(roles=(role_counts(critical=4, matched=2), role_counts(critical=4, matched=2, unit="Sales"))).units
    assert [unit.unit for unit in ranking.units] == ["Sales"]
    assert ranking.top_share is None
    assert ranking.why == "There is one unit only, so nothing can be ranked."


def test_the_whole_week_is_json_and_back() -> None:
    found = weeks.week1(company(), BASE)
    assert Week1.model_validate_json(found.model_dump_json()) == found
    assert found.signals["growth"].date == dt.date(2025, 1, 1)
