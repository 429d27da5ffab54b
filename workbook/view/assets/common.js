// Shared by every widget. Client text only ever becomes a text node: there is no innerHTML in this folder.
const make = (tag, className, text) => {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined && text !== null) node.textContent = String(text);
  return node;
};

const slug = (text) => String(text || "").toLowerCase().replace(/[^a-z]+/g, "-").replace(/^-|-$/g, "");

const table = (columns, rows, caption) => {
  const frame = make("div", "wb-table-frame");
  const grid = make("table", "wb-table");
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
      if (/^[\s−+\-–~≈]*[^\w\s]?[\s]*[\d.,]+/.test(String(value)) && index > 0) cell.classList.add("wb-number");
      line.append(cell);
    });
    body.append(line);
  }
  grid.append(head, body);
  frame.append(grid);
  return frame;
};

const inVoila = () => document.body.dataset.voila === "voila";
