// The page's side of one websocket: it draws the last run's figures at once, then those of the page's own kernel, and
// carries the widgets' messages. Widgets are ES modules of the package (anywidget's `render({ model, el })`).
const body = document.body;
const root = document.documentElement;
const WIDGETS = `${body.dataset.baseUrl}widgets/`;
const LONGEST_PAUSE = 15000;
const READABLE = { resting: "This page rests. It wakes up when you move something.",
  lost: "The connection to the app is lost; trying again. The figures stay as they are.",
  died: "This part of the app stopped. The figures stay as they are; reload the page to start it again." };

const same = (one, other) => one === other || JSON.stringify(one) === JSON.stringify(other);

// What a widget's module is given: a model as anywidget describes it.
class Model {
  constructor(module, state) {
    this.module = module;
    this.state = state;
    this.id = null;
    this.heard = new Map();
  }

  get(key) {
    return this.state[key];
  }

  set(key, value) {
    this.update({ [key]: value });
  }

  save_changes() {}

  on(names, listener) {
    for (const name of names.split(" ")) this.heard.set(name, [...(this.heard.get(name) || []), listener]);
  }

  off(names, listener) {
    if (!names) this.heard.clear();
    else for (const name of names.split(" ")) {
      this.heard.set(name, listener ? (this.heard.get(name) || []).filter((one) => one !== listener) : []);
    }
  }

  tell(name, ...what) {
    for (const listener of this.heard.get(name) || []) listener(...what);
  }

  send(content) {
    say(this, content);
  }

  // Takes over what differs; true when a changed part has nobody who listens for it.
  update(state) {
    const changed = Object.keys(state).filter((key) => !same(this.state[key], state[key]));
    for (const key of changed) this.state[key] = state[key];
    for (const key of changed) this.tell(`change:${key}`, this, state[key]);
    if (changed.length) this.tell("change", this);
    return changed.some((key) => !(this.heard.get(`change:${key}`) || []).length);
  }
}

const strip = document.createElement("p");
strip.className = "wb-strip";
strip.setAttribute("role", "status");
strip.hidden = true;
body.append(strip);
const notice = (text) => {
  strip.textContent = text;
  strip.hidden = !text;
};
const state = (name) => {
  root.dataset.live = name;
};

// The skeleton stays until the last run's figures are all in their places, or where there are none yet until the
// kernel's are: a page that fills up bit by bit jumps.
let holding = true;
let drawings = [];
const release = () => {
  const drawn = drawings;
  drawings = [];
  Promise.allSettled(drawn).then(() => {
    if (!holding) return;
    holding = false;
    unveil();
  });
};
const shown = new Map();
const slots = () => document.querySelectorAll(".wb-out[data-cell]");

const unveil = () => {
  const skeleton = document.getElementById("loading");
  if (skeleton) skeleton.remove();
  document.getElementById("wb-main").hidden = false;
};

const problem = (slot) => {
  const line = document.createElement("p");
  line.className = "wb-problem";
  line.textContent = "This part of the page could not be computed. The server's log says why.";
  slot.replaceChildren(line);
};

const draw = async (slot, model) => {
  const el = document.createElement("div");
  slot.append(el);
  const view = { model, el, undo: null };
  await redraw(view);
  return view;
};

const redraw = async (view) => {
  const turn = (view.turn = (view.turn || 0) + 1);
  if (!view.model.module) return problem(view.el);
  try {
    const { default: widget } = await import(`${WIDGETS}${view.model.module}.js`);
    if (turn !== view.turn) return;
    if (view.undo) view.undo();
    view.model.off();
    waiting = waiting.filter(({ model }) => model !== view.model);
    view.undo = (await widget.render({ model: view.model, el: view.el })) || null;
  } catch (error) {
    console.error(error);
    problem(view.el);
  }
};

// The views of one cell: drawn anew where there are none of the kind yet, else given what differs.
const show = async (cell, views) => {
  const slot = document.querySelector(`.wb-out[data-cell="${CSS.escape(cell)}"]`);
  if (!slot) return;
  const here = shown.get(cell) || [];
  if (here.length !== views.length || views.some((view, index) => view.module && view.module !== here[index].model.module)) {
    for (const view of here) if (view.undo) view.undo();
    slot.replaceChildren();
    const models = views.map(({ id, module, state }) => Object.assign(new Model(module, state), { id }));
    shown.set(cell, models.map((model) => ({ model })));
    const drawn = models.map((model) => draw(slot, model));
    if (!holding) unveil();
    shown.set(cell, await Promise.all(drawn));
    return;
  }
  views.forEach(({ id, state }, index) => {
    const view = here[index];
    view.model.id = id;
    if (state && view.model.update(state) && view.el) redraw(view);
  });
};

const modelOf = (id) => {
  for (const views of shown.values()) for (const { model } of views) if (model.id === id) return model;
  return null;
};

let socket = null;
let alive = false;
let ended = "";
let pause = 500;
let waiting = [];

// A message waits until the kernel has run the page; a page that rests wakes up for it.
const say = (model, content) => {
  if (alive && model.id && socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ id: model.id, content }));
  else {
    waiting.push({ model, content });
    if (ended === "resting" && content.kind !== "ready") connect();
  }
};

const heard = {
  starting: () => {
    state("starting");
    notice("");
  },
  busy: ({ ahead, places }) => {
    state("busy");
    const before = ahead === 0 ? "you are next" : ahead === 1 ? "1 person is ahead of you" : `${ahead} people are ahead of you`;
    notice(`All ${places} places are taken; ${before}. These are the figures of the last run; sliders answer as soon as a place is free.`);
  },
  cell: ({ cell, views, failed }) => {
    const slot = document.querySelector(`.wb-out[data-cell="${CSS.escape(cell)}"]`);
    if (failed && slot) {
      shown.delete(cell);
      problem(slot);
      unveil();
    } else if (views.length || shown.has(cell)) {
      const drawn = show(cell, views);
      if (holding) drawings.push(drawn);
    }
    live.add(cell);
  },
  alive: ({ complete }) => {
    if (!complete) for (const slot of slots()) if (!live.has(slot.dataset.cell)) slot.replaceChildren();
    alive = true;
    release();
    pause = 500;
    state("alive");
    root.dataset.figures = "now";
    notice("");
    const sending = waiting;
    waiting = [];
    for (const { model, content } of sending) say(model, content);
  },
  update: ({ id, state: changes }) => {
    const model = modelOf(id);
    if (model) model.update(changes);
  },
  custom: ({ id, content }) => {
    const model = modelOf(id);
    if (model) model.tell("msg:custom", content, []);
  },
  resting: () => {
    ended = "resting";
  },
  died: () => {
    ended = "died";
  },
};

let live = new Set();
const connect = () => {
  ended = "";
  alive = false;
  live = new Set();
  const seen = document.getElementById("wb-last").dataset.digest;
  const known = root.dataset.figures === "last" ? seen : "0";
  const url = new URL(`${body.dataset.baseUrl}live/${known}/${body.dataset.page}.ipynb${location.search}`, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  state("connecting");
  const own = (socket = new WebSocket(url));
  own.addEventListener("message", ({ data }) => {
    const message = JSON.parse(data);
    if (own === socket && heard[message.kind]) heard[message.kind](message);
  });
  own.addEventListener("close", () => {
    if (own !== socket) return;
    alive = false;
    release();
    state(ended || "lost");
    notice(READABLE[ended || "lost"]);
    if (ended) return;
    setTimeout(connect, pause);
    pause = Math.min(2 * pause, LONGEST_PAUSE);
  });
};

const begin = () => {
  const last = JSON.parse(document.getElementById("wb-last").textContent);
  root.dataset.figures = Object.keys(last).length ? "last" : "none";
  connect();
  drawings = Object.entries(last).map(([cell, views]) => show(cell, views));
  if (drawings.length) release();
};

addEventListener("pagehide", () => {
  ended = "left";
  if (socket) socket.close();
});
addEventListener("pageshow", (event) => {
  if (event.persisted) connect();
});
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
else begin();
