"""The internal rate of one flow by scanning rates and bisecting: slow, and the oracle of `workbook/model/irr.py`."""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq

from workbook.model.returns import present_value


def irr_yearly(net: np.ndarray) -> float | str:
    """Yearly rate between -99 % and 1,000 % at which a monthly flow is worth nothing, or 'none' or 'multiple'."""
    flow = np.asarray(net, dtype=float)

    def value(rate: float) -> float:
        return float(present_value(flow, yearly_rate=rate))

    grid = np.concatenate([np.linspace(-0.99, 1, 400), np.linspace(1.01, 10, 400)])
    values = np.array([value(rate) for rate in grid])
    signs = np.sign(values)
    crossings = [k for k in range(len(grid) - 1) if signs[k] * signs[k + 1] < 0 or (signs[k] == 0 and values.any())]
    if not crossings:
        return "none"
    if len(crossings) > 1:
        return "multiple"
    at = crossings[0]
    return float(grid[at]) if signs[at] == 0 else float(brentq(value, grid[at], grid[at + 1]))
