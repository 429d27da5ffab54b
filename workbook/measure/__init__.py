"""Client → Evidence: everything a notebook may see, through one `Release`; and the restricted tier beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from workbook.errors import WorkbookError
from workbook.evidence import Evidence
from workbook.inputs.text_columns import with_python_text
from workbook.measure import (
    agreement,
    learning,
    people,
    pilot,
    ratings,
    roles,
    schedule,
    survey,
    then_test,
    turnover,
    work,
)
from workbook.measure.audit import audit
from workbook.measure.costs import with_costs
from workbook.measure.release import Release
from workbook.measure.restricted import Restricted, restricted
from workbook.measure.units import Units, find_units

if TYPE_CHECKING:
    import pandas as pd

    from workbook.inputs import Client

__all__ = ["DisclosureFault", "Release", "Restricted", "audit", "measure", "restricted"]


class DisclosureFault(WorkbookError):
    """The finished Evidence breaks one of its own rules; nothing of it may be published."""


@with_python_text
def measure(client: Client) -> Evidence:
    """Released aggregates of a client: units merged first, floors applied, audited before it is handed over."""
    release = Release(client.settings.privacy, identifiers=identifiers(client))
    units = find_units(client, release)
    measured = {
        **of_people_and_roles(client, units, release),
        **of_answers(client, units, release),
        **of_work_and_learning(client, units, release),
    }
    evidence = Evidence(
        settings=client.settings,
        digests=dict(client.digests),
        quality=with_costs(client.quality),
        units=units.names,
        assumption_changes=client.assumption_changes,
        programme_changes=client.programme_changes,
        notes=(*client.notes, *release.notes()),
        **measured,
    )
    faults = audit(evidence)
    if faults:
        raise DisclosureFault("\n".join(["The evidence was not released:", *(f"  {fault}" for fault in faults)]))
    return evidence


def identifiers(client: Client) -> set[str]:
    """Ids of people in the client's files."""
    columns = (("employees", "employee_id"), ("ratings", "leader_id"), ("ratings", "rater_id"),
               ("survey", "respondent"), ("participants", "employee_id"))  # fmt: skip
    return {
        str(one)
        for table, column in columns
        if table in client.tables
        for one in client.tables[table][column].dropna().unique()
    }


def of_people_and_roles(client: Client, units: Units, release: Release) -> dict[str, Any]:
    """Headcount, exposure, pay, managers, roles and how they are filled."""
    tables, settings = client.tables, client.settings
    found: dict[str, Any] = {}
    frame = None
    if "employees" in tables:
        frame = people.spells(tables["employees"], units=units, settings=settings, release=release)
        people.note_missing_leavers(frame, settings=settings, release=release)
        found |= {
            "headcount": people.headcount(frame, units=units, settings=settings),
            "exposure": turnover.exposure(frame, units=units, settings=settings, release=release),
            "exit_months": turnover.exit_months(frame, settings=settings, release=release),
            "audiences": people.audiences(frame, settings=settings, release=release),
            "managers": people.managers(frame, units=units, settings=settings, release=release),
        }
        if "participants" in tables:
            found["pilot_sites"] = pilot.sites(
                tables["participants"], tables["employees"], frame, units=units, settings=settings, release=release
            )
    found["pay"] = people.pay(frame, settings=settings, release=release)
    if "roles" in tables:
        posts = roles.role_frame(tables["roles"], units=units, people=frame, settings=settings)
        given = tables.get("successors")
        pairs = roles.successor_pairs(given, posts, people=frame, settings=settings)
        found["roles"] = roles.role_counts(posts, pairs, units=units, settings=settings, given=given is not None)
        found["role_flow"] = roles.role_flow(posts, frame, pay=found["pay"], settings=settings, release=release)
    return found


def of_answers(client: Client, units: Units, release: Release) -> dict[str, Any]:
    """Survey, readiness, interviews and ratings: what people said in confidence."""
    tables, settings = client.tables, client.settings
    found: dict[str, Any] = {
        "survey": survey.survey_cells(
            tables.get("survey"), tables.get("survey_summary"), units=units, settings=settings, release=release
        )
    }
    if "readiness" in tables:
        found["readiness"] = learning.readiness(tables["readiness"], release=release)
    if "interviews" in tables:
        found["interviews"] = learning.interviews(tables["interviews"], units=units, settings=settings, release=release)
    if "ratings" in tables:
        scores = ratings.direct_reports(tables["ratings"], tables.get("participants"))
        leaders = ratings.leader_scores(scores, floor=release.scores_from)
        found["ratings"] = ratings.rating_cells(scores, leaders, release=release)
        found["rating_summary"] = agreement.rating_summary(
            scores, leaders, release=release, assignment=settings.pilot_assignment, unit_of=unit_of(tables)
        )
        then = ratings.then_reports(tables["ratings"], tables.get("participants"))
        found["then_tests"] = then_test.then_tests(leaders, then, release=release)
    if "participants" in tables:
        found["participant_estimate"] = pilot.participant_estimate(tables["participants"], release=release)
    return found


def unit_of(tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """The unit of each employee, as far as they are given."""
    people = tables.get("employees")
    if people is None:
        return {}
    known = people[["employee_id", "unit"]].dropna()
    return dict(zip(known["employee_id"].astype(str), known["unit"].astype(str), strict=True))


def of_work_and_learning(client: Client, units: Units, release: Release) -> dict[str, Any]:
    """Delivery, initiatives, training, involvement, sessions, participants and metrics."""
    tables, settings = client.tables, client.settings
    makers: dict[str, tuple[str, Any]] = {
        "delivery": ("delivery", lambda t: work.delivery_months(t, units=units, settings=settings)),
        "initiatives": ("initiatives", lambda t: work.delays(t, units=units, release=release)),
        "training": ("spend", lambda t: learning.spend(t, settings=settings, release=release)),
        "involvement": ("involvement", lambda t: learning.involvement(t, settings=settings)),
        "sessions": ("sessions", lambda t: learning.sessions(t, settings=settings, release=release)),
        "participants": ("participants", lambda t: learning.participants(t, release=release)),
        "metrics": ("metrics", learning.metrics),
    }
    found = {field: make(tables[table]) for table, (field, make) in makers.items() if table in tables}
    if "sessions" in tables:
        slots = schedule.wished_weeks(tables.get("involvement"), tables.get("employees"), units=units)
        found["sessions_open"] = schedule.open_sessions(
            tables["sessions"], slots, units=units, settings=settings, release=release
        )
    if "training" in tables:
        found["cost_months"] = schedule.cost_months(tables["training"], settings=settings, release=release)
    return found
