const NARROW = 520;

// Vega comes once a page: from Voilà as a versioned static file, elsewhere (JupyterLab) from the kernel.
const vegaFrom = (model) => {
  if (!window.workbookVega) {
    window.workbookVega = loadVega(model).catch((reason) => {
      window.workbookVega = undefined;
      throw reason;
    });
  }
  return window.workbookVega;
};

const importModule = async (url) => {
  await import(/* webpackIgnore: true */ url);
  return window.workbookVegaEmbed;
};

const loadVega = async (model) => {
  const served = document.documentElement.dataset.vega;
  if (served) return importModule(new URL(served, document.baseURI).href);
  const source = await new Promise((resolve, reject) => {
    const give = (message, buffers) => {
      if (!message || message.kind !== "vega" || !buffers.length) return;
      model.off("msg:custom", give);
      resolve(buffers[0]);
    };
    model.on("msg:custom", give);
    model.send({ kind: "vega" });
    setTimeout(() => reject(new Error("no kernel")), 30000);
  });
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    return await importModule(url);
  } finally {
    URL.revokeObjectURL(url);
  }
};

// The look comes with the Vega bundle, made from workbook/view/theme.py; only what a narrow page needs is added here.
const isDark = (node) => getComputedStyle(node).getPropertyValue("--wb-mode").trim() === "dark";

const chartConfig = (dark, narrow) => {
  const look = structuredClone(window.workbookThemes[dark ? "dark" : "light"]);
  look.aria = false;
  look.padding = { left: 0, right: 4, top: 2, bottom: 6 };
  if (narrow) {
    Object.assign(look.axis, { labelFontSize: 11, titleFontSize: 11, labelLimit: 112 });
    look.axisX = { ...look.axisX, tickCount: 4 };
    look.legend = { ...look.legend, columns: 2, labelLimit: 140 };
  }
  return look;
};

const compositional = (spec) => ["facet", "hconcat", "vconcat", "concat", "repeat"].some((key) => key in spec);

// About how high a chart will be once drawn, axes and legend included, so that nothing below it has to move.
const heightOf = (model) => {
  const spec = model.get("spec");
  const layers = (spec.layer || [spec]).map((one) => one.encoding || {});
  const titled = layers.some(({ x }) => x && (x.title || (x.axis && x.axis.title)));
  const measured = layers.some(({ y }) => y && y.type === "quantitative");
  const keyed = layers.some((one) => ["color", "shape"].some((part) => one[part] && one[part].field && one[part].legend !== null));
  return (spec.height ?? model.get("height")) + 25 + (titled ? 19 : 0) + (measured ? 6 : 0) + (keyed ? 20 : 0);
};

const fitted = (model, dark, width) => {
  const spec = structuredClone(model.get("spec"));
  const narrow = width < NARROW;
  delete spec.title;
  spec.config = chartConfig(dark, narrow);
  spec.datasets = structuredClone(model.get("data"));
  spec.height = spec.height ?? model.get("height");
  if (!compositional(spec)) {
    spec.width = width;
    spec.autosize = { type: "fit-x", contains: "padding", resize: true };
  }
  return spec;
};

const OFFLINE = { load: () => Promise.reject(new Error("offline")), sanitize: () => Promise.reject(new Error("offline")), http: null, file: null };

const inLines = (text, letters) => {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length <= letters || !lines.at(-1)) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
};

// A picture to take away carries the finding and the note, and is light on white whatever the page looks like.
const pictureOf = async (model, width, kind) => {
  const embed = await vegaFrom(model);
  const spec = fitted(model, false, width);
  const note = model.get("note");
  spec.title = { text: inLines(model.get("title"), width / 8.4), ...(note ? { subtitle: inLines(note, width / 6.2) } : {}) };
  spec.config.background = "#ffffff";
  spec.config.padding = 16;
  const made = await embed(make("div"), spec, { actions: false, logLevel: 1, renderer: "svg", ast: true, tooltip: false, loader: OFFLINE });
  try {
    return await made.view.toImageURL(kind, kind === "png" ? 2 : 1);
  } finally {
    made.finalize();
  }
};

// A tooltip of text nodes; Vega hands over client text as it is.
const tooltipIn = (frame) => {
  const bubble = make("div", "wb-tooltip");
  bubble.hidden = true;
  frame.append(bubble);
  return (handler, event, item, value) => {
    if (value === null || value === undefined || value === "") {
      bubble.hidden = true;
      return;
    }
    const lines = typeof value === "object" ? Object.entries(value) : [["", value]];
    bubble.replaceChildren(
      ...lines.map(([label, words]) => {
        const line = make("div", "wb-tooltip-line");
        if (label) line.append(make("span", "wb-tooltip-label", label));
        line.append(make("span", "wb-tooltip-value", words));
        return line;
      }),
    );
    bubble.hidden = false;
    const box = frame.getBoundingClientRect();
    const left = event.clientX - box.left + 14;
    bubble.style.left = `${Math.max(0, Math.min(left, box.width - bubble.offsetWidth))}px`;
    bubble.style.top = `${event.clientY - box.top + 14}px`;
  };
};

// What a drawn mark or an axis label stands for: the texts of its row.
const textsOf = (node) => {
  const datum = node.__data__ && node.__data__.datum;
  if (!datum) return [];
  return Object.values(datum).filter((value) => typeof value === "string");
};

const MARKS = ".role-mark:not(.mark-group) > *, .role-axis-label > text";

const markShapes = (drawn) => {
  const name = window.workbookPicked || "";
  const shapes = [...drawn.querySelectorAll(MARKS)].map((node) => [node, name ? namesIn(textsOf(node)) : []]);
  const any = shapes.some(([, names]) => names.includes(name));
  for (const [node, names] of shapes) {
    const axis = node.parentNode.classList.contains("role-axis-label");
    const named = names.length > 0 || textsOf(node).length > 0;
    node.classList.toggle("wb-picked", any && names.includes(name));
    node.classList.toggle("wb-unpicked", any && !axis && named && !names.includes(name));
  }
};

const save = (name, href) => {
  const link = make("a");
  link.href = href;
  link.download = name;
  link.click();
};

// A spreadsheet would run a cell that starts like a formula: such text gets a leading apostrophe, numbers do not.
const csvCell = (value) => {
  const text = String(value);
  const formula = /^[=+\-@\t\r]/.test(text) && !/^[+-]?[\d.,\s]+%?$/.test(text);
  return `"${(formula ? `'${text}` : text).replaceAll('"', '""')}"`;
};

const csvOf = (columns, rows) => [columns, ...rows].map((row) => row.map(csvCell).join(",")).join("\r\n");

const render = ({ model, el }) => {
  const figure = make("figure", "wb-chart");
  figure.dataset.key = model.get("key");
  const title = make("figcaption", "wb-chart-title");
  const frame = make("div", "wb-chart-frame");
  const canvas = make("div", "wb-chart-canvas");
  canvas.setAttribute("role", "img");
  const drawn = make("div");
  drawn.setAttribute("aria-hidden", "true");
  canvas.append(drawn);
  const note = make("p", "wb-chart-note");
  const details = make("details", "wb-chart-details");
  const summary = make("summary", "", "Figures and downloads");
  const behind = make("div");
  const why = make("dl", "wb-why");
  const buttons = make("div", "wb-chart-buttons");
  const method = make("details", "wb-chart-details");
  const more = make("div", "wb-chart-more");
  details.append(summary, behind, buttons);
  method.append(make("summary", "", "How it is worked out"), why);
  more.append(details, method);
  frame.append(canvas);
  figure.append(title, frame, note, more);
  el.replaceChildren(figure);
  const tooltip = tooltipIn(frame);

  let shown = null;
  let shownSpec = null;
  let shownWidth = 0;
  let drawing = Promise.resolve();
  let gone = false;

  const words = () => {
    // No line breaks between a minus sign and its figure.
    title.textContent = model.get("title").replaceAll("−", "−\u2060");
    figure.dataset.empty = model.get("title") ? "no" : "yes";
    note.textContent = model.get("note");
    note.hidden = !model.get("note");
    canvas.setAttribute("aria-label", model.get("text"));
    const columns = model.get("columns");
    const rows = model.get("table");
    behind.replaceChildren(...(rows.length ? [table(columns, rows, model.get("title"))] : []));
    if (window.workbookPicked) markRows(behind);
    const [formula, source] = model.get("why");
    method.hidden = !formula;
    why.replaceChildren(
      ...(formula ? [make("dt", "", "How"), make("dd", "", formula), make("dt", "", "Source"), make("dd", "", source)] : []),
    );
    details.hidden = !rows.length && !model.get("spec");
    if (!model.get("spec")) details.open = true;
    figure.classList.toggle("wb-chart-table", !model.get("spec"));
  };

  const draw = async (width) => {
    const spec = model.get("spec");
    frame.hidden = !spec;
    if (!spec || gone) return;
    const embed = await vegaFrom(model);
    const fresh = await embed(drawn, fitted(model, isDark(figure), width), {
      actions: false,
      logLevel: 1,
      renderer: "svg",
      ast: true,
      tooltip,
      loader: OFFLINE,
    });
    if (shown) shown.finalize();
    shown = fresh;
    shownSpec = spec;
    shownWidth = width;
    shown.view.addEventListener("click", (event, item) => {
      const texts = item && item.datum ? Object.values(item.datum).filter((value) => typeof value === "string") : [];
      const [name] = namesIn(texts);
      if (name) pick(name);
      else if (window.workbookPicked) pick("");
    });
    markShapes(drawn);
    canvas.style.minHeight = "";
    figure.dataset.drawn = "yes";
  };

  const failed = () => {
    if (gone) return;
    frame.hidden = false;
    canvas.style.minHeight = "";
    drawn.replaceChildren(make("p", "wb-message", "This chart could not be drawn; the figures are in the table below."));
    details.open = true;
  };

  const refill = async () => {
    for (const [name, rows] of Object.entries(model.get("data"))) shown.view.data(name, structuredClone(rows));
    await shown.view.runAsync();
    markShapes(drawn);
    figure.dataset.moves = String(Number(figure.dataset.moves || 0) + 1);
  };

  const queue = (work) => {
    drawing = drawing.then(work).catch(failed);
    return drawing;
  };

  const redraw = () => {
    const width = Math.floor(frame.clientWidth);
    if (width > 0) queue(() => draw(width));
  };

  const changed = () => {
    words();
    if (!shown || model.get("spec") !== shownSpec) redraw();
    else queue(refill);
  };

  const resized = () => {
    const width = Math.floor(frame.clientWidth);
    if (width <= 0 || Math.abs(width - shownWidth) < 2) return;
    const crosses = width < NARROW !== shownWidth < NARROW;
    if (!shown || crosses || compositional(model.get("spec"))) redraw();
    else {
      shownWidth = width;
      queue(() => shown.view.width(width).runAsync());
    }
  };

  let pending = 0;
  const soon = (work) => () => {
    cancelAnimationFrame(pending);
    pending = requestAnimationFrame(work);
  };
  const onChange = soon(changed);
  const picked = () => {
    markShapes(drawn);
    markRows(behind);
  };
  document.addEventListener("workbook:pick", picked);
  const resizing = new ResizeObserver(soon(resized));
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const theming = new MutationObserver(redraw);
  for (const key of ["title", "note", "text", "spec", "data", "columns", "table", "why"]) model.on(`change:${key}`, onChange);
  words();
  frame.hidden = !model.get("spec");
  if (model.get("spec")) canvas.style.minHeight = `${heightOf(model)}px`;
  resizing.observe(frame);
  dark.addEventListener("change", redraw);
  theming.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  theming.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });

  const button = (label, action) => {
    const node = make("button", "wb-button", label);
    node.type = "button";
    node.addEventListener("click", action);
    buttons.append(node);
  };
  const name = () => model.get("key").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "chart";
  if (model.get("spec")) {
    for (const kind of ["png", "svg"]) {
      button(kind.toUpperCase(), async () => save(`${name()}.${kind}`, await pictureOf(model, Math.max(shownWidth, NARROW), kind)));
    }
  }
  if (model.get("columns").length > 1) button("CSV", () => {
    const bytes = new Blob(["\ufeff", csvOf(model.get("columns"), model.get("table"))], { type: "text/csv" });
    const url = URL.createObjectURL(bytes);
    save(`${name()}.csv`, url);
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  });

  return () => {
    gone = true;
    document.removeEventListener("workbook:pick", picked);
    resizing.disconnect();
    theming.disconnect();
    dark.removeEventListener("change", redraw);
    if (shown) shown.finalize();
  };
};

export default { render };
