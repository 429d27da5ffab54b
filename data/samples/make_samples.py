"""Write the synthetic sample clients, the same bytes each time.

Every person, answer and amount in `saas-scaleup`, `enterprise-legacy`, `technical-first`, `retail-network` and
`thin-data` is drawn from a seeded generator; no real organisation stands behind them. Three of them have a finished
pilot: one that worked, one that shows nothing clear, one whose gain was gone by day 90. Run
`python data/samples/make_samples.py` to rewrite them.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
from companies import AREAS, AS_OF, LEGACY, RETAIL, SAAS, TECHNICAL, THIN, Company, month_start

HERE = Path(__file__).parent
COMPETENCIES = ("delegation", "feedback", "coaching", "cross_team_work", "decision_making")
AREA_QUESTIONS = {
    "sponsor": ("A named executive pays for the change and says why", "The sponsor asks about it every month"),
    "management": ("Managers know what they are to do differently", "Managers have the time to do it"),
    "hr_systems": ("Goals and reviews reward the new behaviour", "Promotion reads the new behaviour"),
    "processes": ("Meetings and decisions leave room for the new way", "Roles and decision rights are written down"),
    "culture": ("It is safe to say what does not work", "Teams keep promises to one another"),
    "individuals": ("People want to learn this", "People see a use for it in their week"),
}
THEMES = (
    "decisions take too long",
    "manager has no time",
    "handovers between teams",
    "tools and skills",
    "career path",
)
INVOLVEMENT = ("objectives_agreed", "draft_reviewed", "co_delivered", "coaching", "slot_chosen", "feedback_given")


def people(company: Company, rng: np.random.Generator) -> pd.DataFrame:
    """Spells of employment: a steady state before the window, then hires and exits month by month."""
    start = month_start(AS_OF, company.months - 1)
    years = company.months / 12
    rows: list[dict[str, object]] = []

    def hire(unit: str, day: dt.date, founding: bool) -> None:
        draw = rng.random()
        level = (
            "executive"
            if draw < company.executive_share
            else "manager"
            if draw < company.executive_share + company.manager_share
            else "individual"
        )
        performance = int(rng.choice([1, 2, 3, 4, 5], p=[0.04, 0.12, 0.52, 0.24, 0.08]))
        pay = company.pay[level] * float(np.exp(rng.normal(0, 0.16)))
        rows.append(
            {
                "employee_id": f"{len(rows) + 1:05d}",
                "unit": unit,
                "level": level,
                "hire_date": day - dt.timedelta(days=int(rng.integers(60, 2200))) if founding else day,
                "exit_date": None,
                "exit_type": None,
                "performance": performance,
                "salary": round(pay / 100) * 100,
                "critical_team": "yes" if unit in company.critical_units else "no",
                "emerging_leader": "yes" if level == "individual" and performance >= 4 and rng.random() < 0.3 else "no",
                "role_start": None,
            }
        )

    final = sum(company.units.values())
    for unit, size in company.units.items():
        for _ in range(round(size / (1 + company.growth) ** years)):
            hire(unit, start, founding=True)
    for back in range(company.months - 1, -1, -1):
        day = month_start(AS_OF, back)
        elapsed = (company.months - back) / 12
        for row in rows:
            if row["exit_date"] is not None:
                continue
            leading = row["performance"] >= 4
            rate = company.high_performer_exit_rate if leading else company.exit_rate
            if rng.random() < rate / 12:
                row["exit_date"] = day + dt.timedelta(days=int(rng.integers(0, 27)))
                row["exit_type"] = "voluntary"
            elif rng.random() < 0.02 / 12:
                row["exit_date"] = day + dt.timedelta(days=int(rng.integers(0, 27)))
                row["exit_type"] = str(rng.choice(["involuntary", "other"]))
            if row["exit_date"] is not None and row["exit_date"] <= row["hire_date"]:
                row["exit_date"] = row["hire_date"] + dt.timedelta(days=20)
        alive = pd.Series([row["unit"] for row in rows if row["exit_date"] is None]).value_counts()
        for unit, size in company.units.items():
            wanted = round(size * (1 + company.growth) ** (elapsed - years))
            for _ in range(max(0, wanted - int(alive.get(unit, 0)))):
                hire(unit, min(AS_OF, day + dt.timedelta(days=int(rng.integers(0, 27)))), founding=False)
    table = pd.DataFrame(rows)
    assert abs(int(table.exit_date.isna().sum()) - final) < 0.1 * final + 8
    table.loc[pd.to_datetime(table.exit_date) > pd.Timestamp(AS_OF), ["exit_date", "exit_type"]] = None
    managers = table[table.level != "individual"]
    for index, row in managers.iterrows():
        last = AS_OF if row.exit_date is None else row.exit_date
        tenure = (last - row.hire_date).days
        promoted = int(rng.integers(30, 900))
        table.loc[index, "role_start"] = row.hire_date if promoted >= tenure else last - dt.timedelta(days=promoted)
    table["manager_id"] = None
    active = table[table.exit_date.isna()]
    for unit in company.units:
        bosses = active[(active.unit == unit) & (active.level == "manager")].employee_id.tolist()
        top = active[(active.level == "executive")].employee_id.tolist()
        for index in table.index[table.unit == unit]:
            pool = bosses if table.loc[index, "level"] == "individual" else top
            pool = [person for person in pool if person != table.loc[index, "employee_id"]] or top
            if table.loc[index, "level"] != "executive" and pool and table.loc[index, "exit_date"] is None:
                table.loc[index, "manager_id"] = pool[int(rng.integers(0, len(pool)))]
    blank = rng.random(len(table)) < 0.015
    table.loc[blank, "salary"] = None
    return table


def roles_and_successors(
    company: Company, staff: pd.DataFrame, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Leadership roles, some critical, some vacant; successors named, one person sometimes for several roles."""
    active = staff[staff.exit_date.isna()]
    leaders = active[active.level != "individual"]
    incumbents = leaders.sample(frac=1, random_state=int(rng.integers(2**31)))
    vacancies = max(1, round(len(leaders) * company.vacancy_rate)) if company.vacancy_rate else 0
    units = list(company.units)
    weights = np.array([company.units[unit] for unit in units], float)
    roles, successors = [], []
    for number in range(len(incumbents) + vacancies):
        vacant = number >= len(incumbents)
        holder = None if vacant else incumbents.iloc[number]
        opened = AS_OF - dt.timedelta(days=int(rng.integers(10, 170)))
        roles.append(
            {
                "role_id": f"L{number + 1:03d}",
                "unit": units[int(rng.choice(len(units), p=weights / weights.sum()))] if vacant else holder.unit,
                "is_leadership": "yes",
                "is_critical": "no",
                "incumbent_id": None if vacant else holder.employee_id,
                "vacant_since": opened if vacant else None,
                "days_to_fill": max(12, round(rng.normal(company.days_to_fill, company.days_to_fill * 0.3)))
                if rng.random() < 0.6
                else None,
                "monthly_value": None,
            }
        )
    critical = sorted(rng.choice(len(roles), size=min(company.critical_roles, len(roles)), replace=False).tolist())
    bench = active[(active.performance >= 3)].sample(frac=1, random_state=int(rng.integers(2**31)))
    named = 0
    for place, number in enumerate(critical):
        roles[number]["is_critical"] = "yes"
        if place < round(company.covered_share * len(critical)):
            person = bench.iloc[named]
            named += 1
            ready = "now" if place < round(company.ready_now_share * len(critical)) else "1_year"
            successors.append(
                {"role_id": roles[number]["role_id"], "employee_id": person.employee_id, "readiness": ready}
            )
        elif named and rng.random() < 0.5:
            person = bench.iloc[int(rng.integers(0, named))]
            successors.append(
                {"role_id": roles[number]["role_id"], "employee_id": person.employee_id, "readiness": "1_year"}
            )
        elif rng.random() < 0.3:
            person = bench.iloc[len(bench) - 1 - place]
            successors.append(
                {"role_id": roles[number]["role_id"], "employee_id": person.employee_id, "readiness": "later"}
            )
    unique = pd.DataFrame(successors, columns=["role_id", "employee_id", "readiness"]).drop_duplicates(
        ["role_id", "employee_id"]
    )
    holders = {role["role_id"]: role["incumbent_id"] for role in roles}
    unique = unique[unique.employee_id != unique.role_id.map(holders)]
    return pd.DataFrame(roles), unique


def employed_on(staff: pd.DataFrame, day: dt.date) -> pd.DataFrame:
    """Spells that cover `day`."""
    gone = staff.exit_date.map(lambda last: last is not None and not pd.isna(last) and last <= day)
    return staff[(staff.hire_date <= day) & ~gone]


def survey(company: Company, staff: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Answers on each construct's scale; the mean moves evenly from the first wave's to the last's."""
    frames = []
    count = len(company.survey_waves)
    for order, wave in enumerate(company.survey_waves):
        there = employed_on(staff, wave)
        there = there[rng.random(len(there)) < company.response]
        offset = there.unit.map(company.unit_offset).fillna(0).to_numpy()
        mood = rng.normal(0, 0.55, len(there))
        for item, (first, last) in company.survey_means.items():
            mean = first if count == 1 else first + (last - first) * order / (count - 1)
            top = 10 if item in ("enps", "manager_nps") else 5
            low = 0 if top == 10 else 1
            spread = 2.2 if top == 10 else 0.75
            level = mean + (offset + mood) * (2 if top == 10 else 1) + rng.normal(0, spread, len(there))
            frames.append(
                pd.DataFrame(
                    {
                        "respondent": "p" + there.employee_id,
                        "unit": there.unit,
                        "wave": wave.isoformat(),
                        "item": item,
                        "score": np.clip(np.rint(level), low, top).astype(int),
                    }
                )
            )
    return pd.concat(frames, ignore_index=True)


def delivery(company: Company, rng: np.random.Generator, months: int = 18) -> pd.DataFrame:
    """On-time share moves evenly from first to last; the rest varies around its level."""
    rows = []
    for unit, size in company.units.items():
        if size < 25:
            continue
        offset = 0.06 * company.unit_offset.get(unit, 0)
        for back in range(months - 1, -1, -1):
            progress = (months - 1 - back) / (months - 1)
            mean = company.on_time[0] + (company.on_time[1] - company.on_time[0]) * progress + offset
            due = max(6, int(rng.poisson(size / 6)))
            rows.append(
                {
                    "unit": unit,
                    "month": month_start(AS_OF, back).isoformat(),
                    "on_time_share": round(
                        float(np.clip(rng.binomial(due, min(0.98, max(0.05, mean))) / due, 0, 1)), 3
                    ),
                    "items_due": due,
                    "rework_share": round(float(np.clip(rng.normal(company.rework, 0.02), 0, 1)), 3),
                    "decision_days": round(float(max(1, rng.normal(company.decision_days - 3 * offset * 10, 1.5))), 1),
                    "decisions": int(rng.poisson(max(2, size / 40))),
                    "velocity": round(float(rng.normal(size / 4, size / 40)), 1),
                    "contractor_cost": round(
                        company.contractor_money * size / sum(company.units.values()) * float(rng.uniform(0.8, 1.2)), -2
                    ),
                }
            )
    return pd.DataFrame(rows)


def initiatives(company: Company, rng: np.random.Generator) -> pd.DataFrame:
    """Delayed pieces of work: how many of each cause, with a mean value a month and a mean delay."""
    rows = []
    units = [unit for unit, size in company.units.items() if size >= 25]
    for number, cause, value, delay in company.initiatives:
        for _ in range(number):
            rows.append(
                {
                    "initiative_id": f"I{len(rows) + 1:03d}",
                    "unit": units[int(rng.integers(0, len(units)))],
                    "value_per_month": round(float(value * np.exp(rng.normal(0, 0.35))), -2),
                    "delay_months": round(float(max(0.3, rng.normal(delay, delay * 0.35))), 1),
                    "cause": cause,
                    "cross_team": "yes" if cause in ("coordination", "both") or rng.random() < 0.2 else "no",
                    "priority": str(rng.choice(["growth", "quality", "cost"])),
                }
            )
    return pd.DataFrame(rows)


TRAINING_COLUMNS = (
    "programme", "audience", "track", "participants", "cost", "hours", "month", "budget",
    "competency", "journey_stage", "priority", "metric", "metric_agreed_by", "delivery",
)  # fmt: skip


def readiness(company: Company, rng: np.random.Generator) -> pd.DataFrame:
    """Answers of eight respondents to two questions an area."""
    rows = []
    for area in AREAS:
        for question in AREA_QUESTIONS[area]:
            for person in range(8):
                score = int(np.clip(round(rng.normal(company.readiness[area], 0.7)), 1, 5))
                rows.append({"area": area, "question": question, "score": score, "respondent": f"r{person + 1:02d}"})
    return pd.DataFrame(rows)


def involvement(company: Company, staff: pd.DataFrame, share: float, rng: np.random.Generator) -> pd.DataFrame:
    """A log of what managers did for the learning team."""
    managers = staff[(staff.level == "manager") & staff.exit_date.isna()].employee_id.tolist()
    rows = []
    for kind in INVOLVEMENT:
        for manager in managers:
            if rng.random() < share * (1.3 if kind == "slot_chosen" else 0.8 if kind == "co_delivered" else 1):
                day = AS_OF - dt.timedelta(days=int(rng.integers(3, 150)))
                rows.append({"date": day.isoformat(), "manager_id": manager, "kind": kind, "note": ""})
    return pd.DataFrame(rows, columns=["date", "manager_id", "kind", "note"]).sort_values(
        ["date", "manager_id", "kind"]
    )


def interviews(company: Company, rng: np.random.Generator) -> pd.DataFrame:
    """Coded interview statements."""
    rows = []
    units = list(company.units)
    for theme, counts in company.interviews.items():
        for direction, number in zip(("better", "same", "worse"), counts, strict=True):
            for _ in range(number):
                day = AS_OF - dt.timedelta(days=int(rng.integers(5, 60)))
                rows.append(
                    {
                        "date": day.isoformat(),
                        "unit": units[int(rng.integers(0, len(units)))],
                        "theme": theme,
                        "direction": direction,
                    }
                )
    return pd.DataFrame(rows)


def ratings(
    staff: pd.DataFrame,
    rng: np.random.Generator,
    leaders_per_arm: int,
    gains: dict[str, tuple[float, ...]],
    waves: tuple[str, ...],
) -> pd.DataFrame:
    """Direct reports score their leaders on a 1-5 rubric; the pilot arm gains by competency and wave."""
    active = staff[staff.exit_date.isna()]
    managers = active[active.level == "manager"].employee_id.tolist()
    picked = [managers[int(i)] for i in rng.permutation(len(managers))[: 2 * leaders_per_arm]]
    rows = []
    for order, leader in enumerate(picked):
        arm = "pilot" if order % 2 == 0 else "comparison"
        level = rng.normal(3.15, 0.38)
        raters = [f"{leader}-d{i + 1}" for i in range(int(rng.integers(6, 10)))]
        leniency = {rater: rng.normal(0, 0.45) for rater in raters}
        for place, wave in enumerate(waves):
            for competency in COMPETENCIES:
                gain = gains[competency][place] if arm == "pilot" else 0.03 * place
                for rater in raters:
                    if rng.random() < 0.04:
                        continue
                    score = level + gain + leniency[rater] + rng.normal(0, 0.55)
                    rows.append(
                        {
                            "leader_id": leader,
                            "rater_id": rater,
                            "relationship": "direct_report",
                            "wave": wave,
                            "competency": competency,
                            "score": int(np.clip(round(score), 1, 5)),
                            "arm": arm,
                        }
                    )
    return pd.DataFrame(rows)


def sessions(programme: str, units: list[str], rng: np.random.Generator, count: int) -> pd.DataFrame:
    """Delivered, postponed, cancelled and planned sessions with reasons."""
    rows = []
    for number in range(count):
        day = AS_OF - dt.timedelta(days=200 - number * 14)
        ahead = day > AS_OF
        status = "planned" if ahead else str(rng.choice(["held", "held", "held", "held", "postponed", "cancelled"]))
        seats = 12
        rows.append(
            {
                "session_id": f"S{number + 1:02d}",
                "programme": programme,
                "planned_date": day.isoformat(),
                "status": status,
                "unit": units[number % len(units)],
                "seats": seats,
                "attended": int(rng.binomial(seats, 0.84)) if status == "held" else None,
                "hours": 3,
                "reason": {"postponed": "quarter end", "cancelled": "trainer ill"}.get(status),
                "new_date": (day + dt.timedelta(days=21)).isoformat() if status == "postponed" else None,
            }
        )
    return pd.DataFrame(rows)


METRICS = (
    ("manager_nps", "Would recommend my manager, promoters less detractors", "% 9-10 minus % 0-6", "see manager behaviour change", "HR director", None, 20, "COO", "2026-06-01"),
    ("time_to_fill", "Days from a leadership vacancy to a signed offer", "mean over roles filled in the window", "see the bench grow", "talent lead", None, -0.5, "CHRO", "2026-06-01"),
    ("high_performer_churn", "Voluntary exits of high performers a year", "exits / person-years", "keep those who carry the work", "HR director", None, -0.12, "CFO", "2026-06-08"),
    ("on_time_delivery", "Share of items delivered by the agreed day", "on time / due", "see delivery recover", "head of delivery", None, None, None, None),
)  # fmt: skip


LATE_METRIC = ("engagement", "Mean of the engagement items", "mean over answers", "see whether people notice", "HR director", None, None, "COO", "2026-04-01")  # fmt: skip


def metrics() -> pd.DataFrame:
    """The metric dictionary agreed before the pilot."""
    columns = ["metric", "definition", "formula", "purpose", "owner", "baseline", "target", "agreed_by", "agreed_on"]
    return pd.DataFrame(METRICS, columns=columns).assign(added_after_start="no")


def metrics_of_a_finished_pilot() -> pd.DataFrame:
    """The same, agreed in January; one metric came and one target moved after the start in February."""
    table = metrics()
    table["agreed_on"] = ["2026-01-12", "2026-01-12", "2026-01-19", None]
    late = pd.DataFrame([LATE_METRIC], columns=table.columns[:-1]).assign(added_after_start="yes")
    table = pd.concat([table.astype(object), late.astype(object)], ignore_index=True)
    return table.assign(changed_on=[None, None, "2026-04-20", None, None])


def with_slots(log: pd.DataFrame) -> pd.DataFrame:
    """Every third slot chosen names its week, one to ten weeks ahead."""
    chosen = (log.kind == "slot_chosen").to_numpy()
    order = np.cumsum(chosen) - 1
    slots = [
        (AS_OF + dt.timedelta(days=7 * (place % 10 + 1))).isoformat() if hit and place % 3 == 0 else None
        for hit, place in zip(chosen.tolist(), order.tolist(), strict=True)
    ]
    return log.assign(slot=slots)


def with_own_estimates(joined: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Three in four of the pilot's participants say what it brought, which part is the course's, and how sure they are."""
    asked = (joined.arm == "pilot").to_numpy() & (rng.random(len(joined)) < 0.75)
    gain = np.round(np.exp(rng.normal(8.6, 0.5, len(joined))), -2)
    share, sure = rng.choice([0.2, 0.3, 0.4, 0.5], len(joined)), rng.choice([0.4, 0.5, 0.6, 0.7, 0.8], len(joined))
    told = {"reported_gain": gain, "programme_share": share, "confidence_share": sure}
    return joined.assign(**{name: pd.Series(values).where(asked) for name, values in told.items()})


def with_then_test(scores: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Raters look back at the start: about one answer in six is a point lower than it was given then."""
    then = scores[scores.wave == "baseline"].copy()
    lower = rng.random(len(then)) < 1 / 6
    return pd.concat([scores, then.assign(wave="then", score=np.clip(then.score - lower, 1, 5))], ignore_index=True)


def pilot_participants(scores: pd.DataFrame, programme: str) -> pd.DataFrame:
    """Leaders of both arms: the pilot's completed in May but for one in eight, the comparison has not started."""
    leaders = scores[["leader_id", "arm"]].drop_duplicates()
    done = pd.Series(["2026-05-11" if i % 8 else None for i in range(len(leaders))], dtype=object)
    return pd.DataFrame(
        {
            "employee_id": leaders.leader_id.to_numpy(),
            "programme": programme,
            "start_date": "2026-02-02",
            "completed_date": done.where(leaders.arm.to_numpy() == "pilot", None).to_numpy(),
            "arm": leaders.arm.to_numpy(),
            "cohort": "spring 2026",
        }
    )


def write_csv(table: pd.DataFrame, path: Path, **how: object) -> None:
    """Write a CSV with Unix line ends, whatever the machine."""
    path.write_text(table.to_csv(index=False, lineterminator="\n", **how), encoding="utf-8", newline="\n")


def tables_of(company: Company) -> dict[str, pd.DataFrame]:
    """All tables every company has, in our own names."""
    rng = np.random.default_rng(company.seed)
    staff = people(company, rng)
    roles, successors = roles_and_successors(company, staff, rng)
    return {
        "employees": staff,
        "roles": roles,
        "successors": successors,
        "survey": survey(company, staff, rng),
        "delivery": delivery(company, rng),
        "initiatives": initiatives(company, rng),
        "training": pd.DataFrame(list(company.training), columns=list(TRAINING_COLUMNS)),
        "readiness": readiness(company, rng),
        "interviews": interviews(company, rng),
        "metrics": metrics(),
    }


def yml(company: Company, body: str) -> str:
    """`client.yml` with the label every sample carries."""
    return f"# Synthetic: drawn by data/samples/make_samples.py with seed {company.seed}. No real organisation stands behind it.\n{body.lstrip()}"


def write_saas(company: Company = SAAS) -> None:
    """SaaS scale-up: fast growth, an empty bench, an earlier manager cohort with ratings; headers of an HR export."""
    tables = tables_of(company)
    rng = np.random.default_rng(company.seed + 1)
    folder = HERE / company.slug
    folder.mkdir(exist_ok=True)
    staff = tables["employees"]
    tables["involvement"] = with_slots(involvement(company, staff, 0.34, rng))
    gains = {
        "delegation": (0, 0.22, 0.34, 0.38),
        "feedback": (0, 0.35, 0.42, 0.40),
        "coaching": (0, 0.20, 0.30, 0.33),
        "cross_team_work": (0, 0.15, 0.24, 0.27),
        "decision_making": (0, 0.36, 0.24, 0.10),
    }
    tables["ratings"] = ratings(staff, rng, 18, gains, ("baseline", "30", "60", "90"))
    tables["sessions"] = sessions("manager_essentials", ["Platform", "Product", "Customer Success", "Sales"], rng, 18)
    own = np.random.default_rng(company.seed + 2)
    tables["participants"] = with_own_estimates(pilot_participants(tables["ratings"], "manager_essentials"), own)
    tables["ratings"] = with_then_test(tables["ratings"], own)
    tables["metrics"] = metrics_of_a_finished_pilot()
    staff = staff.rename(columns={"employee_id": "Employee #", "unit": "Department", "level": "Job Level", "hire_date": "Hire Date",
                                  "exit_date": "Termination Date", "exit_type": "Termination Type", "salary": "Pay Rate", "performance": "Performance Rating"})  # fmt: skip
    staff["Job Level"] = staff["Job Level"].map({"executive": "VP+", "manager": "Manager", "individual": "IC"})
    staff["Termination Type"] = staff["Termination Type"].map(
        {"voluntary": "Resignation", "involuntary": "Dismissal", "other": "End of contract"}
    )
    tables["employees"] = staff
    for name, table in tables.items():
        write_csv(table, folder / f"{name}.csv")
    (folder / "client.yml").write_text(
        yml(
            company,
            """
client: saas-scaleup
name: Larkfield Software (synthetic)
synthetic: true
currency: GBP
locale: en_GB
as_of: 2026-06-30
budget: 400000
pilot_assignment: lottery
cohort_size: 48
horizon_months: 24
revenue: 78000000
priorities: [growth, quality]
high_performer: {column: performance, at_least: 4}
targets:
  time_to_fill: {change: -0.5, within_months: 12}
  manager_nps: {change: 20, within_months: 12}
  high_performer_churn: {change: -0.12, within_months: 12}
blackout:
  - {unit: Sales, start: 2026-07-06, end: 2026-07-17}
  - {unit: Platform, start: 2026-07-20, end: 2026-07-31}
items:
  eng_1: engagement
  eng_2: engagement
columns:
  employees:
    employee_id: "Employee #"
    unit: Department
    level: Job Level
    hire_date: Hire Date
    exit_date: Termination Date
    exit_type: Termination Type
    salary: Pay Rate
    performance: Performance Rating
values:
  employees:
    level: {"VP+": executive, Manager: manager, IC: individual}
    exit_type: {Resignation: voluntary, Dismissal: involuntary, "End of contract": other}
""",
        ),
        encoding="utf-8",
    )


def write_legacy(company: Company = LEGACY) -> None:
    """Large enterprise: semicolons and decimal commas, survey answers in Parquet, items by code."""
    tables = tables_of(company)
    rng = np.random.default_rng(company.seed + 1)
    folder = HERE / company.slug
    folder.mkdir(exist_ok=True)
    tables["involvement"] = involvement(company, tables["employees"], 0.18, rng)
    little = dict.fromkeys(COMPETENCIES, (0, 0.08, 0.12, 0.165))
    tables["ratings"] = ratings(tables["employees"], rng, 12, little, ("baseline", "30", "60", "90"))
    tables["participants"] = pilot_participants(tables["ratings"], "manager_essentials")
    tables["sessions"] = sessions("manager_essentials", ["Core Systems", "Claims", "Finance"], rng, 24)
    tables["metrics"] = metrics_of_a_finished_pilot()
    comma = {"sep": ";", "decimal": ","}
    for name in ("employees", "delivery", "initiatives"):
        write_csv(tables[name], folder / f"{name}.csv", **comma)
    tables["survey"].to_parquet(folder / "survey.parquet", index=False, compression="zstd")
    for name in (
        "training",
        "readiness",
        "interviews",
        "metrics",
        "involvement",
        "roles",
        "successors",
        "ratings",
        "participants",
        "sessions",
    ):
        write_csv(tables[name], folder / f"{name}.csv")
    (folder / "client.yml").write_text(
        yml(
            company,
            """
client: enterprise-legacy
name: Norddal Mutual (synthetic)
synthetic: true
currency: EUR
locale: en_IE
as_of: 2026-06-30
budget: 2000000
pilot_assignment: matched
cohort_size: 400
horizon_months: 24
priorities: [quality, cost]
high_performer: {column: performance, at_least: 4}
targets:
  velocity: {change: 0.30, within_months: 9}
  rework: {change: -0.18, within_months: 9}
items:
  Q01: engagement
  Q07: manager_effectiveness
  Q11: capability
  Q15: cross_team
  Q19: promotion_readiness
  Q30: enps
  Q31: manager_nps
blackout:
  - {unit: Finance, start: 2026-12-15, end: 2027-01-20}
""",
        ),
        encoding="utf-8",
    )


def write_technical(company: Company = TECHNICAL) -> None:
    """A manufacturer whose managers are strong and whose automation skills are not."""
    tables = tables_of(company)
    rng = np.random.default_rng(company.seed + 1)
    folder = HERE / company.slug
    folder.mkdir(exist_ok=True)
    tables["involvement"] = involvement(company, tables["employees"], 0.45, rng)
    for name, table in tables.items():
        write_csv(table, folder / f"{name}.csv")
    (folder / "client.yml").write_text(
        yml(
            company,
            """
client: technical-first
name: Calder Drives (synthetic)
synthetic: true
currency: USD
locale: en_US
as_of: 2026-06-30
budget: 450000
cohort_size: 120
horizon_months: 24
priorities: [quality]
high_performer: {column: performance, at_least: 4}
""",
        ),
        encoding="utf-8",
    )


def write_retail(company: Company = RETAIL) -> None:
    """A chain of shops whose managers' course was liked and forgotten: the gain of day 30 is gone by day 90."""
    tables = tables_of(company)
    rng = np.random.default_rng(company.seed + 1)
    folder = HERE / company.slug
    folder.mkdir(exist_ok=True)
    tables["involvement"] = with_slots(involvement(company, tables["employees"], 0.22, rng))
    faded = dict.fromkeys(COMPETENCIES, (0, 0.36, 0.2, 0.08))
    tables["ratings"] = ratings(tables["employees"], rng, 24, faded, ("baseline", "30", "60", "90"))
    tables["participants"] = pilot_participants(tables["ratings"], "manager_essentials")
    tables["sessions"] = sessions("manager_essentials", list(company.units)[:4], rng, 20)
    tables["metrics"] = metrics_of_a_finished_pilot()
    for name, table in tables.items():
        write_csv(table, folder / f"{name}.csv")
    (folder / "client.yml").write_text(
        yml(
            company,
            """
client: retail-network
name: Harbour Row Stores (synthetic)
synthetic: true
currency: GBP
locale: en_GB
as_of: 2026-06-30
budget: 150000
pilot_assignment: lottery
cohort_size: 24
horizon_months: 24
priorities: [quality, cost]
high_performer: {column: performance, at_least: 4}
blackout:
  - {unit: North, start: 2026-07-13, end: 2026-07-24}
""",
        ),
        encoding="utf-8",
    )


def write_thin(company: Company = THIN) -> None:
    """A small agency with a staff list and one survey wave."""
    tables = tables_of(company)
    folder = HERE / company.slug
    folder.mkdir(exist_ok=True)
    staff = tables["employees"].drop(columns=["role_start", "emerging_leader", "critical_team"])
    staff.loc[staff.index % 5 == 0, "performance"] = None
    write_csv(staff, folder / "employees.csv")
    write_csv(tables["survey"], folder / "survey.csv")
    (folder / "client.yml").write_text(
        yml(
            company,
            """
client: thin-data
name: Tern & Finch (synthetic)
synthetic: true
currency: GBP
locale: en_GB
as_of: 2026-06-30
budget: 40000
cohort_size: 8
high_performer: {column: performance, at_least: 4}
""",
        ),
        encoding="utf-8",
    )


def main() -> None:
    """Write all five."""
    write_saas()
    write_legacy()
    write_technical()
    write_retail()
    write_thin()


if __name__ == "__main__":
    main()
