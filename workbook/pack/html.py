"""The HTML pack: one self-contained file made from results only, that works offline, on a phone and on paper."""

from __future__ import annotations

import base64
import hashlib
import json
import math
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from workbook import words
from workbook.pack.sections import Card, foundations, section, sections
from workbook.results import Results
from workbook.view import sentences, theme
from workbook.view.figures import week2, week2_unknown, week4
from workbook.view.figures.draw import WIDTH, fixed_spec, svg
from workbook.view.figures.what_if import KINDS, unmovable, what_if
from workbook.view.static import vega_bundle
from workbook.view.why import tile_whys
from workbook.words import Words

TEMPLATES = Path(__file__).parent / "templates"
STATIC_WIDTH, STATIC_WIDTH_SMALL = WIDTH, 360


def write_html(results: Results, path: str | Path) -> Path:
    """Write the pack of `results` to `path`: the same bytes for the same results."""
    target = Path(path)
    target.write_text(render(results), encoding="utf-8", newline="\n")
    return target


def digest(results: Results) -> str:
    """SHA-256 of the bytes of `results.json`."""
    return hashlib.sha256((results.model_dump_json(indent=1) + "\n").encode()).hexdigest()


def render(results: Results) -> str:
    """The whole page as text."""
    parts = sections(results)
    base = foundations(results)
    trial = section(
        "what-if",
        "Try it",
        "Another budget or cohort?",
        (),
        (what_if(results.grid, results.facts, results.verdict),),
        results,
    )
    cards = [card for part in (trial, *parts) for card in part.cards] + list(base)
    scripts = [_script_safe(vega_bundle().decode()), _script_safe(_read("pack.js"))]
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["tone"] = theme.tone
    environment.filters["sentence"] = words.sentence
    return environment.get_template("pack.html.j2").render(
        say=Words.of(results.facts),
        facts=results.facts,
        name=words.clean(results.facts.name, 120),
        results=results,
        digest=digest(results),
        policy=Markup(page_policy(scripts)),
        css=Markup(page_css()),
        scripts=[Markup(script) for script in scripts],
        payload=Markup(_json(_payload(results, cards))),
        pictures={card.figure.key: _picture(card) for card in cards if card.figure.spec is not None},
        headline=sentences.headline(results.verdict),
        certainty=sentences.certainty(results.verdict, results.facts),
        besides=sentences.besides(results.verdict),
        flips=_flips(results),
        find_out=_find_out(results),
        tiles=week2.tiles(results.week2, results.facts),
        tile_whys=tile_whys("week2", results.facts),
        undecided=results.verdict.answer == "insufficient data",
        case=week4.business_case(results.week4, results.facts),
        sections=parts,
        trial=trial,
        sliders=_sliders(results),
        foundations=base,
        clean=words.clean,
    )


def _flips(results: Results) -> tuple[str, ...]:
    units = sentences.units_of(results.week2.assumptions)
    turning = sorted(
        (f for f in results.verdict.flips if f.flips_at is not None),
        key=lambda f: (-(f.probability or 0), f.assumption),
    )
    return tuple(words.clean(sentences.flip(f, results.facts, units.get(f.assumption, ""))) for f in turning[:4])


def _find_out(results: Results) -> str:
    found = week2_unknown.information(results.week2, results.facts)
    return words.sentence(found.title) if found.spec is not None else ""


def _sliders(results: Results) -> dict[str, Any] | None:
    grid, facts = results.grid, results.facts
    if unmovable(grid):
        return None
    low, high = min(grid.budgets), max(grid.budgets)
    sizes = min(grid.cohort_sizes), max(grid.cohort_sizes)
    return {
        "budget": {
            "min": low,
            "max": high,
            "step": _step(high - low),
            "value": min(max(facts.budget_money, low), high),
        },
        "cohort": {
            "min": sizes[0],
            "max": sizes[1],
            "step": 1,
            "value": min(max(facts.cohort_size, sizes[0]), sizes[1]),
        },
    }


def _step(width: float) -> float:
    return max(1.0, words.significant(width / 200, 1)) if width > 0 else 1.0


def _payload(results: Results, cards: list[Card]) -> dict[str, Any]:
    say, facts, grid = Words.of(results.facts), results.facts, results.grid
    return {
        "figures": {
            figure.key: {"spec": fixed_spec(figure), "data": figure.data}
            for figure in (card.figure for card in cards)
            if figure.spec is not None
        },
        "say": {
            "locale": say.language_tag,
            "symbol": say.symbol,
            "first": say.symbol_first,
            "horizon": facts.horizon_months,
        },
        "kinds": KINDS,
        "published": _published(results),
        "grid": {
            "budgets": grid.budgets,
            "cohorts": grid.cohort_sizes,
            "points": [
                {
                    "answer": p.answer,
                    "certainty": p.certainty,
                    "npv": p.npv,
                    "roi": p.roi_percent,
                    "gain": p.p_npv_positive,
                    "payback": p.payback_month,
                    "spent": p.spent,
                    "seats": p.seats,
                }
                for p in sorted(grid.points, key=lambda p: (p.budget, p.cohort_size))
            ],
        },
    }


def _published(results: Results) -> dict[str, Any]:
    """The verdict's own figures, shown at the published budget and cohort in place of the grid's fewer draws."""
    verdict = results.verdict
    made: dict[str, Any] = {"certainty": verdict.certainty}
    best = next((found for found in verdict.classes if found.answer == verdict.answer), None)
    track = {0.0: "technical", 1.0: "leadership"}.get(-1.0 if best is None else best.share_leadership or 0.0)
    own = next((found for name, found in results.week2.returns.items() if name == track), None)
    if best is None or own is None or best.spend <= 0 or not math.isclose(sum(x.cost for x in own.plan), best.spend):
        return made
    return {
        **made,
        "spent": best.spend,
        "npv": own.npv.p50,
        "gain": own.p_npv_positive,
        "roi": own.roi_percent.p50,
        "payback": own.payback_month.p50,
    }


def _picture(card: Card) -> str:
    width = STATIC_WIDTH_SMALL if card.layout == "small" else STATIC_WIDTH
    return "data:image/svg+xml," + quote(svg(card.figure, width=width), safe=" '(),-./:=;@!*~_+")


def _json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _script_safe(script: str) -> str:
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def page_policy(scripts: list[str]) -> str:
    """A content security policy that lets only these scripts run and nothing be fetched."""
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts)
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; "
        "form-action 'none'"
    )


def page_css() -> str:
    """The look of every page: palette, light and dark, and the pack's style sheet."""
    light, dark = theme.css_variables(), theme.css_variables(dark=True)
    return (
        f":root{{color-scheme:light;{light}--font:{theme.FONT};}}"
        f'@media screen{{:root[data-theme="dark"]{{color-scheme:dark;{dark}}}}}'
        f'@media screen and (prefers-color-scheme:dark){{:root:not([data-theme="light"]){{color-scheme:dark;{dark}}}}}'
        + _read("pack.css")
    )


def _read(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")
