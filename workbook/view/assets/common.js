// Shared by every widget. Client text only ever becomes a text node: there is no innerHTML in this folder.
const PRESSED = ["button", "input", "select", "summary", "textarea"];

// JupyterLab takes the keys of whatever has the focus, unless that very node says otherwise: an ancestor is not asked.
const ownKeys = (node) => node.setAttribute("data-lm-suppress-shortcuts", "true");

const make = (tag, className, text) => {
  const node = document.createElement(tag);
  if (PRESSED.includes(tag)) ownKeys(node);
  if (className) node.className = className;
  if (text !== undefined && text !== null) node.textContent = String(text);
  return node;
};

const slug = (text) => String(text || "").toLowerCase().replace(/[^a-z]+/g, "-").replace(/^-|-$/g, "");

const MANY = 12;

const listed = (rows) => {
  const list = make("ul", "wb-list");
  list.append(...rows.map((row) => make("li", "", row[0])));
  return list;
};

// A table of text nodes. One column is a list; a long one shows its first rows until asked for the rest.
const table = (columns, rows, caption, many = MANY) => {
  if (columns.length === 1) return listed(rows);
  const frame = make("div", "wb-table-frame");
  // A table wider than its place scrolls, so it must take the keyboard.
  frame.tabIndex = 0;
  ownKeys(frame);
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", caption || columns.join(", "));
  const grid = make("table", columns.length > 4 ? "wb-table wb-table-wide" : "wb-table");
  if (caption) grid.append(make("caption", "wb-hidden", caption));
  const head = make("thead");
  const labels = make("tr");
  for (const column of columns) {
    const cell = make("th", "", column);
    cell.scope = "col";
    labels.append(cell);
  }
  head.append(labels);
  const body = make("tbody");
  for (const row of rows) {
    const line = make("tr");
    row.forEach((value, index) => {
      const cell = make(index === 0 ? "th" : "td", "", value);
      if (index === 0) cell.scope = "row";
      else if (/\d/.test(value) && String(value).length < 15) cell.classList.add("wb-number");
      line.append(cell);
    });
    body.append(line);
  }
  grid.append(head, body);
  frame.append(grid);
  if (rows.length > many) {
    body.classList.add("wb-some");
    const more = make("button", "wb-button wb-more", `Show all ${rows.length} rows`);
    more.type = "button";
    more.addEventListener("click", () => {
      body.classList.remove("wb-some");
      more.remove();
    });
    frame.append(more);
  }
  return frame;
};

const inVoila = () => document.body.dataset.voila === "voila";

// One name, a unit's or a programme's, can be followed through every chart and table of the page.
const pick = (name) => {
  window.workbookPicked = name === window.workbookPicked ? "" : name;
  document.dispatchEvent(new CustomEvent("workbook:pick"));
};

const flat = (value) => String(value).replace(/\s+/g, " ").trim();

// A text speaks of a name when it is it, begins or ends with it, or lists it.
const speaksOf = (text, name) => text === name || text.split(/, | and |: |: /).includes(name) || text.startsWith(`${name},`) || text.endsWith(`, ${name}`);

const namesIn = (texts) => {
  const flatted = texts.map(flat);
  return (window.workbookNames || []).filter((name) => flatted.some((text) => speaksOf(text, name)));
};

const markRows = (root) => {
  const name = window.workbookPicked || "";
  for (const row of root.querySelectorAll("tbody > tr")) {
    const found = Boolean(name) && namesIn([...row.cells].map((cell) => cell.textContent)).includes(name);
    row.classList.toggle("wb-picked", found);
  }
};
