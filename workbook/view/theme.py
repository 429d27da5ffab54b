"""Colours, type and the Vega-Lite look, light and dark.

One accent (blue). Track and status colours come from Okabe and Ito's colour-blind-safe set, darkened where white paper
needs contrast; a status never speaks by colour alone, it always carries its word. Specs name no colour: they name
styles and ranges that `config` fills, so that one spec serves screen, dark screen and paper.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Tone = Literal["good", "warn", "bad", "none", "plain"]
FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", sans-serif'
CHART_FONT = 'Arial, "Liberation Sans", Helvetica, sans-serif'


@dataclass(frozen=True)
class Palette:
    """Named colours of one mode."""

    paper: str
    card: str
    ink: str
    muted: str
    line: str
    accent: str
    on_accent: str
    accent_soft: str
    second: str
    third: str
    fourth: str
    good: str
    warn: str
    bad: str
    none: str


LIGHT = Palette(
    paper="#f7f8fa",
    card="#ffffff",
    ink="#16202b",
    muted="#566270",
    line="#dde2e8",
    accent="#0066b3",
    on_accent="#ffffff",
    accent_soft="#e6f0f9",
    second="#c65400",
    third="#007f5f",
    fourth="#8a4a7d",
    good="#007f5f",
    warn="#9a6400",
    bad="#b3261e",
    none="#6b7683",
)
DARK = Palette(
    paper="#0f141a",
    card="#171e26",
    ink="#eef2f6",
    muted="#a3b0bd",
    line="#2c3641",
    accent="#5db2f0",
    on_accent="#06121d",
    accent_soft="#12293c",
    second="#f0914b",
    third="#3cc79d",
    fourth="#d99bc9",
    good="#3cc79d",
    warn="#f0b43c",
    bad="#ff8a80",
    none="#93a0ad",
)

TONES: dict[str, Tone] = {
    "present": "bad",
    "near": "warn",
    "clear": "good",
    "insufficient data": "none",
    "degrading": "bad",
    "stable": "plain",
    "improving": "good",
    "green": "good",
    "amber": "warn",
    "red": "bad",
    "rising": "good",
    "maintained": "good",
    "decaying": "warn",
    "no gain": "bad",
    "scale": "good",
    "extend": "warn",
    "stop": "bad",
    "fired": "bad",
    "not fired": "good",
    "not given": "none",
    "given": "good",
    "done": "good",
    "open": "warn",
    "open gate": "bad",
    "closed gate": "good",
    "resentment": "warn",
    "hand-holding": "warn",
    "healthy": "good",
    "neither": "bad",
}
STATUS_ORDER: tuple[Tone, ...] = ("good", "warn", "bad", "none", "plain")


def tone(status: str) -> Tone:
    """The tone in which a status word is shown; an unknown word is plain."""
    return TONES.get(status, "plain")


def palette(dark: bool = False) -> Palette:
    """The colours of a mode."""
    return DARK if dark else LIGHT


def css_variables(dark: bool = False) -> str:
    """The palette as CSS custom properties."""
    return "".join(f"--{name.replace('_', '-')}:{value};" for name, value in asdict(palette(dark)).items())


def config(dark: bool = False) -> dict[str, Any]:
    """Vega-Lite `config` for a mode: to be merged into a spec when it is drawn."""
    p = palette(dark)
    text = {"labelFont": CHART_FONT, "titleFont": CHART_FONT, "labelColor": p.muted, "titleColor": p.muted}
    return {
        "background": "transparent",
        "font": CHART_FONT,
        "padding": 4,
        "view": {"stroke": None},
        "axis": {
            **text,
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "gridColor": p.line,
            "domainColor": p.line,
            "tickColor": p.line,
            "labelPadding": 6,
            "titlePadding": 8,
            "labelLimit": 240,
        },
        "axisY": {"domain": False, "ticks": False},
        "axisX": {"grid": True, "ticks": False},
        "axisDiscrete": {"grid": False, "labelColor": p.ink},
        "legend": {
            **text,
            "labelFontSize": 12,
            "labelLimit": 300,
            "orient": "top",
            "direction": "horizontal",
            "title": None,
            "symbolSize": 90,
            "symbolOpacity": 1,
            "offset": 8,
        },
        "header": text,
        "title": {
            "anchor": "start",
            "frame": "bounds",
            "offset": 14,
            "font": CHART_FONT,
            "fontSize": 16,
            "fontWeight": 600,
            "lineHeight": 21,
            "color": p.ink,
            "subtitleFont": CHART_FONT,
            "subtitleFontSize": 12,
            "subtitleLineHeight": 16,
            "subtitlePadding": 6,
            "subtitleColor": p.muted,
        },
        "bar": {"color": p.accent, "cornerRadiusEnd": 2},
        "line": {"color": p.accent, "strokeWidth": 2.5},
        "area": {"color": p.accent, "opacity": 0.16, "line": False},
        "point": {"color": p.accent, "filled": True, "size": 80, "opacity": 1},
        "rule": {"color": p.muted},
        "tick": {"color": p.ink},
        "text": {"color": p.ink, "font": CHART_FONT, "fontSize": 12},
        "range": {
            "category": [p.accent, p.second, p.third, p.fourth, p.none],
            "ordinal": [p.good, p.warn, p.bad, p.none, p.accent],
            "ramp": [p.accent_soft, p.accent],
            "heatmap": [p.accent_soft, p.accent],
        },
        "style": {
            "threshold": {"color": p.ink, "opacity": 0.8},
            "second-text": {"color": p.second, "fontSize": 11},
            "second-rule": {"color": p.second, "strokeDash": [2, 2], "strokeWidth": 2},
            "interval": {"color": p.ink, "strokeWidth": 1.6, "opacity": 0.75},
            "whisker": {"color": p.accent, "strokeWidth": 5, "opacity": 0.35, "strokeCap": "round"},
            "band": {"color": p.accent, "opacity": 0.09},
            "band-text": {"color": p.muted, "fontSize": 11},
            "zero": {"color": p.muted, "strokeWidth": 1},
            "value": {"color": p.ink, "fontSize": 12},
            "now": {"color": p.second, "strokeDash": [4, 3], "strokeWidth": 1.5},
            "hole": {"color": p.muted, "fontSize": 12},
            "hole-cell": {"color": p.line, "stroke": p.line, "strokeWidth": 1.2, "strokeDash": [3, 3]},
            "cell-text": {"color": p.ink, "fontSize": 12},
        },
    }
