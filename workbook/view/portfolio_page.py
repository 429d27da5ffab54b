"""What the portfolio notebook's cells call: `page = open_portfolio(...)`, then one method a view."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from workbook import stages
from workbook.errors import BadArgument
from workbook.results.portfolio import Portfolio
from workbook.view.figure import Figure
from workbook.view.figures import portfolio as figures
from workbook.view.live_chart import LiveChart
from workbook.view.why import tile_whys, why
from workbook.view.widgets import Tiles

NOTEBOOK: Final = "portfolio"


class PortfolioPage:
    """The page of many clients; nothing on it is computed anew."""

    def __init__(self, portfolio: Portfolio) -> None:
        self.portfolio = portfolio

    def tiles(self) -> Tiles:
        """Key figures."""
        return Tiles.of(figures.tiles(self.portfolio), tile_whys(NOTEBOOK, None))

    def verdicts(self) -> LiveChart:
        """How many clients have each answer."""
        return _explained(figures.verdicts(self.portfolio))

    def chances(self) -> LiveChart:
        """Certainty against return."""
        return _explained(figures.chances(self.portfolio))

    def clients(self) -> LiveChart:
        """All clients in a table."""
        return _explained(figures.clients(self.portfolio))

    def finish(self) -> None:
        """Print the line that says this notebook came to its end."""
        print(stages.finished(NOTEBOOK))


def _explained(figure: Figure) -> LiveChart:
    return LiveChart(figure, why(figure.key, None))


def open_portfolio(portfolio_path: str) -> PortfolioPage:
    """The page of `portfolio.json`.

    Raises BadArgument when the file is not there.
    """
    if not Path(portfolio_path).is_file():
        raise BadArgument(f"{portfolio_path}: no such file. Make it: workbook portfolio out.")
    return PortfolioPage(Portfolio.load(portfolio_path))
