"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const payload = JSON.parse(document.getElementById("payload").textContent);
  const say = payload.say;
  const dark = () => {
    const chosen = root.dataset.theme;
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  };
  const views = new Map();

  function specOf(key) {
    const { spec, data } = payload.figures[key];
    const config = structuredClone(window.workbookThemes[dark() ? "dark" : "light"]);
    return { ...structuredClone(spec), datasets: structuredClone(data), width: "container", config };
  }

  function inLines(text, letters) {
    const lines = [""];
    for (const word of text.trim().split(/\s+/)) {
      const longer = (lines.at(-1) + " " + word).trim();
      if (longer.length <= letters || !lines.at(-1)) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  }

  // A picture to take away carries the finding and the note, and is light on white whatever the page looks like.
  async function pictureOf(card, kind) {
    const width = Math.max(card.querySelector(".plot").clientWidth, 480);
    const note = card.querySelector(".note");
    const title = { text: inLines(card.querySelector("h3").textContent, width / 8.4) };
    if (note) title.subtitle = inLines(note.textContent, width / 6.2);
    const config = { ...structuredClone(window.workbookThemes.light), background: "#ffffff", padding: 16 };
    const spec = { ...specOf(card.id), width, title, config };
    const shown = views.get(card.id);
    const now = (name) => JSON.parse(JSON.stringify(shown.view.data(name)));
    if (shown) spec.datasets = Object.fromEntries(Object.keys(spec.datasets).map((name) => [name, now(name)]));
    const made = await window.workbookVegaEmbed(document.createElement("div"), spec,
      { mode: "vega-lite", actions: false, renderer: "svg", ast: true, logLevel: 1 });
    try {
      return await made.view.toImageURL(kind, kind === "png" ? 2 : 1);
    } finally {
      made.finalize();
    }
  }

  async function draw(plot) {
    const key = plot.dataset.figure;
    const live = plot.querySelector(".live");
    live.hidden = false;
    plot.classList.add("drawn");
    views.get(key)?.finalize();
    try {
      const made = await window.workbookVegaEmbed(live, specOf(key),
        { mode: "vega-lite", actions: false, renderer: "svg", ast: true, logLevel: 1, tooltip: { theme: dark() ? "dark" : "light" } });
      views.set(key, made);
      if (key === "what-if") move();
    } catch (error) {
      live.hidden = true;
      plot.classList.remove("drawn");
      console.error(key, String(error));
    }
  }

  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      seen.unobserve(entry.target);
      draw(entry.target);
    }
  }, { rootMargin: "400px" });
  document.querySelectorAll(".plot").forEach((plot) => seen.observe(plot));

  function redraw() {
    document.querySelectorAll(".plot.drawn").forEach(draw);
  }
  const kept = { get: () => { try { return localStorage.getItem("workbook-theme"); } catch { return null; } },
    set: (value) => { try { localStorage.setItem("workbook-theme", value); } catch { /* files may not store */ } } };
  const button = document.getElementById("theme");
  const name = () => { button.textContent = dark() ? "Light" : "Dark"; };
  if (["light", "dark"].includes(kept.get())) root.dataset.theme = kept.get();
  name();
  button.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    kept.set(root.dataset.theme);
    name();
    redraw();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { name(); redraw(); });
  document.getElementById("print").addEventListener("click", () => print());
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((d) => {
    d.dataset.was = d.open; d.open = true;
  }));
  addEventListener("afterprint", () => document.querySelectorAll("details").forEach((d) => { d.open = d.dataset.was === "true"; }));

  const links = [...document.querySelectorAll(".top nav a")];
  const spy = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      links.forEach((link) => link.toggleAttribute("aria-current", link.hash === "#" + entry.target.id));
    }
  }, { rootMargin: "-30% 0px -65% 0px" });
  document.querySelectorAll("main [data-spy]").forEach((part) => spy.observe(part));

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const open of document.querySelectorAll(".tile .why details[open]")) {
      const inside = open.contains(document.activeElement);
      open.open = false;
      if (inside) open.querySelector("summary").focus();
    }
  });

  function save(text, name, type) {
    const link = document.createElement("a");
    link.href = type ? URL.createObjectURL(new Blob([text], { type })) : text;
    link.download = name;
    link.click();
  }
  function cell(text) {
    const guarded = /^[=+\-@\t\r]/.test(text) && !/^[+-]?[\d.,\s]+%?$/.test(text) ? "'" + text : text;
    return '"' + guarded.replaceAll('"', '""') + '"';
  }
  document.addEventListener("click", async (event) => {
    const asked = event.target.closest("button[data-save]");
    if (!asked) return;
    const card = asked.closest("figure");
    const key = card.id;
    if (asked.dataset.save === "csv") {
      const rows = [...card.querySelectorAll("table tr")].map((row) => [...row.cells].map((c) => cell(c.textContent.trim())).join(","));
      save("\ufeff" + rows.join("\r\n") + "\r\n", key + ".csv", "text/csv");
      return;
    }
    save(await pictureOf(card, asked.dataset.save), key + "." + asked.dataset.save);
  });

  const digits = (value, most) => new Intl.NumberFormat(say.locale, { maximumFractionDigits: most }).format(value);
  function money(value) {
    const size = Math.abs(value);
    const rounded = size === 0 ? 0 : Number(size.toPrecision(leading(size) >= 100 ? 3 : 2));
    const [scale, suffix] = rounded >= 1e9 ? [1e9, "bn"] : rounded >= 1e6 ? [1e6, "m"] : rounded >= 1e3 ? [1e3, "k"] : [1, ""];
    const scaled = rounded / scale;
    const text = digits(scaled, scaled < 10 && scale > 1 ? 1 : 0) + suffix;
    const sign = value < 0 && rounded ? "−" : "";
    return sign + (say.first ? say.symbol + (/[A-Za-z]$/.test(say.symbol) ? " " : "") + text : text + " " + say.symbol);
  }
  function leading(size) { while (size >= 1000) size /= 1000; return size; }
  const percent = (value) => value === null ? "not known" : digits(value, Math.abs(value) < 10 ? 1 : 0).replace("-", "−") + "%";
  const chance = (p) => p === null ? "not known" : p > 0.99 ? "over 99%" : p < 0.01 ? "under 1%" : percent(Math.round(100 * p));
  const payback = (month) => month === null ? `not within ${say.horizon} months` : `month ${Math.ceil(month - 1e-9)}`;

  const grid = payload.grid;
  const budget = document.getElementById("budget");
  const cohort = document.getElementById("cohort");
  if (!budget) return;

  function place(values, at) {
    let upper = values.findIndex((value) => value >= at);
    if (upper < 0) upper = values.length - 1;
    const lower = Math.max(0, upper - (values[upper] > at ? 1 : 0));
    const width = values[upper] - values[lower];
    return [lower, upper, width ? (at - values[lower]) / width : 0];
  }
  function corners(money, people) {
    const [b0, b1, x] = place(grid.budgets, money);
    const [c0, c1, y] = place(grid.cohorts, people);
    const point = (b, c) => grid.points[b * grid.cohorts.length + c];
    return [[point(b0, c0), (1 - x) * (1 - y)], [point(b1, c0), x * (1 - y)], [point(b0, c1), (1 - x) * y], [point(b1, c1), x * y]];
  }
  function blend(parts, read) {
    const heavy = parts.reduce((best, part) => (part[1] > best[1] ? part : best));
    if (read(heavy[0]) === null) return null;
    const known = parts.filter(([point, weight]) => weight > 0 && read(point) !== null);
    const total = known.reduce((sum, [, weight]) => sum + weight, 0);
    return known.reduce((sum, [point, weight]) => sum + weight * read(point), 0) / total;
  }
  const nearest = (parts) => parts.reduce((best, part) => (part[1] > best[1] ? part : best))[0];

  const start = { budget: Number(budget.value), cohort: Number(cohort.value) };
  let asked = 0;
  function move() {
    const people = Number(cohort.value), sum = Number(budget.value);
    const parts = corners(sum, people);
    const show = (id, text) => { document.getElementById(id).textContent = text; };
    show("budget-now", money(sum));
    show("cohort-now", digits(people, 0));
    budget.setAttribute("aria-valuetext", money(sum));
    cohort.setAttribute("aria-valuetext", `${people} people`);
    const point = nearest(parts);
    const known = sum === start.budget && people === start.cohort ? payload.published : {};
    const first = (name, other) => (known[name] === undefined ? other() : known[name]);
    show("try-answer", point.answer[0].toUpperCase() + point.answer.slice(1));
    const sure = first("certainty", () => blend(parts, (p) => p.certainty));
    show("try-certainty", sure === null ? "certainty not known" : `best in ${chance(sure)} of draws`);
    show("try-npv", money(first("npv", () => blend(parts, (p) => p.npv.chosen))));
    show("try-spent", `for ${money(first("spent", () => blend(parts, (p) => p.spent.chosen)))} spent`);
    show("try-gain", chance(first("gain", () => blend(parts, (p) => p.gain.chosen))));
    const roi = first("roi", () => blend(parts, (p) => p.roi.chosen));
    show("try-roi", roi === null ? "no spend, no ROI" : `ROI ${percent(roi)}`);
    show("try-payback", point.spent.chosen > 0 ? payback(first("payback", () => blend(parts, (p) => p.payback.chosen))) : "nothing to pay back");
    show("try-seats", `${Math.round(blend(parts, (p) => p.seats))} seats`);
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(() => chart(sum, people));
  }
  async function chart(sum, people) {
    const made = views.get("what-if");
    if (!made) return;
    const rows = Object.entries(payload.kinds).flatMap(([kind, label]) => grid.budgets.map((at) => {
      const value = blend(corners(at, people), (p) => p.npv[kind]);
      return { budget: at, value, kind: label, at: money(at), said: money(value) };
    }));
    const now = [{ budget: sum, value: blend(corners(sum, people), (p) => p.npv.chosen), kind: payload.kinds.chosen }];
    const best = rows.filter((row) => row.kind === payload.kinds.chosen).reduce((a, b) => (b.value > a.value ? b : a));
    document.querySelector("#what-if h3").textContent =
      `With ${digits(people, 0)} seats a wave, net value is highest at a budget of about ${best.at}`;
    await made.view.data("rows", rows).data("now", now).runAsync();
  }
  [budget, cohort].forEach((input) => input.addEventListener("input", move));
  document.getElementById("reset").addEventListener("click", () => {
    budget.value = budget.defaultValue;
    cohort.value = cohort.defaultValue;
    move();
  });
  move();
})();
