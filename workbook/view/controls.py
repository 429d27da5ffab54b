"""Sliders: native range inputs in the browser, validated numbers in Python, one request in flight, the latest wins."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import traitlets

from workbook.view.apart import Apart
from workbook.view.static import in_voila, stylesheet
from workbook.view.widgets import Shown, script

Values = dict[str, float]
TROUBLE = "These figures could not be computed for this setting; the page still shows the last ones."


@dataclass(frozen=True)
class Slider:
    """A number a reader may move: `key` names it in the address and to the page; `format` is Intl.NumberFormat's.

    Sliders with a `group` lie folded under its name; `top` is what the upper end is called where it means no limit.
    """

    key: str
    label: str
    low: float
    high: float
    step: float
    value: float
    start: float
    words: Callable[[float], str]
    format: Mapping[str, Any] = field(default_factory=dict)
    locale: str = "en-GB"
    help: str = ""
    group: str = ""
    top: str = ""
    suffix: str = ""

    def nearest(self, value: object) -> float:
        """A value from outside, put on this slider's nearest step; the present value when it is no number."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return self.value
        steps = round((min(max(value, self.low), self.high) - self.low) / self.step)
        return round(min(self.low + steps * self.step, self.high), 9)


@dataclass(frozen=True)
class Exactly:
    """How exact figures are computed in a process apart: there `compute` makes bytes, and `take` shows them here."""

    compute: Callable[[Values], bytes]
    take: Callable[[Values, bytes], None]


class Controls(Shown):
    """Sliders in a row. `on_move(values, exact)` recomputes; what it raises becomes one friendly line.

    With `exactly`, exact figures are computed apart where that can be, and dropped when a slider moves meanwhile.
    """

    _esm = script("controls")
    _css = "" if in_voila() else stylesheet()
    label = traitlets.Unicode("What if").tag(sync=True)
    sliders: traitlets.List[Any] = traitlets.List().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)
    rough = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self,
        sliders: Sequence[Slider],
        on_move: Callable[[Values, bool], None],
        on_ready: Callable[[], None] = lambda: None,
        rough: bool = False,
        exactly: Exactly | None = None,
    ) -> None:
        """`rough` says that the figures first shown are approximate; the browser then asks for the exact ones."""
        self.by_key = {slider.key: slider for slider in sliders}
        super().__init__(
            sliders=[_declared(slider) for slider in sliders],
            values={slider.key: slider.value for slider in sliders},
            rough=rough,
        )
        self.move = on_move
        self.ready = on_ready
        self.exactly = exactly
        self.apart = Apart()
        self.on_msg(self._asked)

    def words(self) -> str:
        """One line a slider: where it stands and how far it goes."""
        return "\n".join(
            f"{slider.label}: {slider.words(self.values[slider.key])}"
            f" (from {slider.words(slider.low)} to {slider.words(slider.high)})"
            for slider in self.by_key.values()
        )

    def _asked(self, _: object, content: object, buffers: object) -> None:
        if not isinstance(content, dict) or content.get("kind") not in ("move", "ready"):
            return
        if content["kind"] == "ready":
            self._warm()
            return
        number = content.get("number")
        number = number if isinstance(number, int) else 0
        wished = content.get("values")
        wished = wished if isinstance(wished, dict) else {}
        values = {key: slider.nearest(wished.get(key)) for key, slider in self.by_key.items()}
        exact = content.get("exact") is True
        self.apart.abandon()
        if not (exact and self.exactly is not None and self._computed_apart(self.exactly, values, number)):
            self._shown(lambda: self.move(values, exact), values, number)

    def _computed_apart(self, exactly: Exactly, values: Values, number: int) -> bool:
        """Have the exact figures computed in another process, shown when they come; False where that cannot be."""

        def failed(reason: str) -> None:
            self.log.error("A slider's recomputation failed: %s", reason)
            self._done(number, TROUBLE)

        return self.apart.start(
            lambda: exactly.compute(values),
            lambda said: self._shown(lambda: exactly.take(values, said), values, number),
            failed,
        )

    def _shown(self, show: Callable[[], None], values: Values, number: int) -> None:
        """Show what stands at `values` and say that it is done."""
        message = ""
        try:
            show()
            self.values = values
        except Exception:  # whatever fails, a viewer reads one sentence and the kernel's log keeps the rest
            self.log.exception("A slider's recomputation failed")
            message = TROUBLE
        self._done(number, message)

    def _done(self, number: int, message: str) -> None:
        self.send({"kind": "done", "number": number, "message": message})

    def _warm(self) -> None:
        """Get ready once, however often a browser asks; a failure shows at the first move, not here."""
        ready, self.ready = self.ready, lambda: None
        try:
            ready()
        except Exception:
            self.log.exception("Getting ready for the sliders failed")


def _declared(slider: Slider) -> dict[str, Any]:
    return {
        "key": slider.key,
        "label": slider.label,
        "min": slider.low,
        "max": slider.high,
        "step": slider.step,
        "start": slider.start,
        "format": dict(slider.format),
        "locale": slider.locale,
        "help": slider.help,
        "group": slider.group,
        "top": slider.top,
        "suffix": slider.suffix,
    }
