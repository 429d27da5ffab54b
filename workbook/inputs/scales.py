"""The scale each survey construct is scored on: client.yml's, else the usual one."""

from __future__ import annotations

from workbook.settings import Construct, Scale, Settings

LIKERT = Scale(min=1, max=5, favourable_from=4)
LIKELIHOOD = Scale(min=0, max=10, favourable_from=9)
DEFAULT_SCALES: dict[Construct, Scale] = {
    "engagement": LIKERT,
    "enps": LIKELIHOOD,
    "manager_nps": LIKELIHOOD,
    "manager_effectiveness": LIKERT,
    "capability": LIKERT,
    "cross_team": LIKERT,
    "promotion_readiness": LIKERT,
}


def scale_of(settings: Settings, construct: Construct) -> Scale:
    """The scale of `construct` for this client."""
    return settings.scales.get(construct, DEFAULT_SCALES[construct])
