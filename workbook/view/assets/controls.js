const PATIENCE = 20000;
const REST = 700;
const READY = 1500;

const wording = (slider) => {
  const format = new Intl.NumberFormat(slider.locale, slider.format);
  return (value) => (slider.top && value >= slider.max ? slider.top : `${format.format(value)}${slider.suffix}`);
};

// The address carries what stands elsewhere than it started, so that the next page and a reload start from it.
const carry = (sliders, values) => {
  if (!inVoila()) return;
  const query = new URLSearchParams(location.search);
  for (const slider of sliders) {
    const moved = Math.abs(values[slider.key] - slider.start) > 1e-9 * Math.max(1, Math.abs(slider.start));
    if (moved) query.set(slider.key, String(values[slider.key]));
    else query.delete(slider.key);
  }
  const text = query.toString();
  history.replaceState(null, "", text ? `${location.pathname}?${text}` : location.pathname);
  document.dispatchEvent(new CustomEvent("workbook:carry"));
};

// Where the address says a slider stands, before a kernel has read it; anything else than a number is left to it.
const addressed = (slider, value) => {
  const asked = inVoila() ? new URLSearchParams(location.search).get(slider.key) : null;
  const number = asked ? Number(asked) : NaN;
  return Number.isFinite(number) ? Math.min(Math.max(number, slider.min), slider.max) : value;
};

const render = ({ model, el }) => {
  const form = make("form", "wb-controls");
  form.setAttribute("aria-label", model.get("label"));
  form.addEventListener("submit", (event) => event.preventDefault());
  const message = make("p", "wb-message");
  message.setAttribute("role", "alert");
  message.hidden = true;
  const approximate = make("span", "wb-badge", "approximate");
  approximate.hidden = true;
  const sliders = model.get("sliders");
  const values = { ...model.get("values") };
  for (const slider of sliders) values[slider.key] = addressed(slider, values[slider.key]);

  let flight = 0;
  let late = 0;
  let next = 0;
  let waiting = null;
  let watch = 0;
  let rest = 0;
  let exactInFlight = true;

  const say = (text) => {
    message.textContent = text || "";
    message.hidden = !text;
  };

  // One request in flight; while it flies only the latest wish is kept. Moves are answered from fewer draws and marked
  // approximate; once the slider rests, the exact figures replace them. A move does not wait for exact figures under
  // way: the kernel drops them for it.
  const ask = (exact) => {
    clearTimeout(rest);
    if (!exact) rest = setTimeout(() => ask(true), REST);
    if (flight && !exactInFlight) {
      waiting = { exact };
      return;
    }
    clearTimeout(watch);
    waiting = null;
    next += 1;
    flight = next;
    exactInFlight = exact;
    form.setAttribute("aria-busy", "true");
    if (!exact || !form.dataset.exact) approximate.hidden = exact && !model.get("rough");
    model.send({ kind: "move", number: flight, exact, values: { ...values } });
    watch = setTimeout(() => {
      late = flight;
      flight = 0;
      say("No answer yet. The page shows the last figures it received; reload it if this stays.");
      form.removeAttribute("aria-busy");
    }, PATIENCE);
  };

  const answered = (reply) => {
    if (!reply || reply.kind !== "done" || !reply.number || ![flight, late].includes(reply.number)) return;
    // An answer that came late still counts, unless another request is under way by now.
    if (reply.number === late && flight) return;
    clearTimeout(watch);
    flight = 0;
    late = 0;
    say(reply.message);
    form.dataset.answered = String(reply.number);
    if (waiting) {
      ask(waiting.exact);
      return;
    }
    form.removeAttribute("aria-busy");
    if (exactInFlight) approximate.hidden = true;
    form.dataset.exact = exactInFlight ? "yes" : "no";
  };

  const rows = make("div", "wb-sliders");
  const groups = new Map();
  // Sliders of a group lie folded under its name, open where one of them was moved.
  const place = (slider) => {
    if (!slider.group) return rows;
    if (!groups.has(slider.group)) {
      const details = make("details", "wb-slider-group");
      const inner = make("div", "wb-sliders");
      details.append(make("summary", "", slider.group), inner);
      groups.set(slider.group, { details, inner });
    }
    const { details, inner } = groups.get(slider.group);
    if (Math.abs(values[slider.key] - slider.start) > 1e-9) details.open = true;
    return inner;
  };
  const inputs = [];
  for (const slider of sliders) {
    const word = wording(slider);
    const id = `wb-${slug(slider.key)}-${Math.random().toString(36).slice(2, 8)}`;
    const row = make("div", "wb-slider");
    const label = make("label", "wb-slider-label", slider.label);
    label.htmlFor = id;
    const output = make("output", "wb-slider-value");
    output.htmlFor = id;
    const input = make("input");
    Object.assign(input, { type: "range", id, name: slider.key });
    Object.assign(input, { min: slider.min, max: slider.max, step: slider.step });
    input.value = values[slider.key];
    const show = () => {
      const share = (100 * (input.value - slider.min)) / Math.max(1e-9, slider.max - slider.min);
      output.textContent = word(Number(input.value));
      input.setAttribute("aria-valuetext", word(Number(input.value)));
      input.style.setProperty("--wb-filled", `${share}%`);
    };
    input.addEventListener("input", () => {
      values[slider.key] = Number(input.value);
      show();
      ask(false);
    });
    input.addEventListener("change", () => carry(sliders, values));
    show();
    inputs.push({ slider, input, show });
    const ends = make("div", "wb-slider-ends");
    ends.append(make("span", "", word(slider.min)), make("span", "", slider.help), make("span", "", word(slider.max)));
    row.append(label, output, input, ends);
    place(slider).append(row);
  }
  const reset = make("button", "wb-button wb-reset", "Reset");
  reset.type = "button";
  reset.addEventListener("click", () => {
    for (const { slider, input, show } of inputs) {
      values[slider.key] = slider.start;
      input.value = slider.start;
      show();
    }
    carry(sliders, values);
    ask(true);
  });
  const side = make("div", "wb-controls-side");
  side.append(approximate, reset);
  form.append(rows, side, ...[...groups.values()].map((group) => group.details), message);
  el.replaceChildren(form);
  model.on("msg:custom", answered);
  // Where the address moved a slider the page was painted from fewer draws: ask for the exact figures at once.
  if (inVoila() && model.get("rough")) ask(true);
  else if (inVoila()) setTimeout(() => model.send({ kind: "ready" }), READY);
  return () => {
    clearTimeout(watch);
    clearTimeout(rest);
    model.off("msg:custom", answered);
  };
};

export default { render };
