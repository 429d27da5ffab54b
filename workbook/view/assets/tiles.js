// A tile's "why" opens under its row of tiles and stays open while the figures move; opening another closes it.
const render = ({ model, el }) => {
  const list = make("div", "wb-tiles");
  list.setAttribute("role", "list");
  el.replaceChildren(list);
  const cards = [];
  let open = null;

  const put = (node, text) => {
    if (node.textContent !== text) node.textContent = text;
  };

  const shut = (card) => {
    card.panel.hidden = true;
    card.button.setAttribute("aria-expanded", "false");
    card.node.classList.remove("wb-tile-open");
    if (open === card) open = null;
  };

  const unfold = (card) => {
    if (open) shut(open);
    card.panel.hidden = false;
    card.button.setAttribute("aria-expanded", "true");
    card.node.classList.add("wb-tile-open");
    card.panel.scrollIntoView({ block: "nearest" });
    open = card;
  };

  const escaped = (event) => {
    if (event.key !== "Escape" || !open) return;
    const card = open;
    const inside = card.item.contains(document.activeElement);
    event.stopPropagation();
    shut(card);
    if (inside) card.button.focus();
  };

  const card = () => {
    const item = make("div", "wb-tile-item");
    item.setAttribute("role", "listitem");
    const node = make("div", "wb-tile");
    const top = make("div", "wb-tile-top");
    const label = make("span", "wb-tile-label");
    const status = make("span", "wb-status");
    const value = make("output", "wb-tile-value");
    value.setAttribute("aria-live", "polite");
    const note = make("span", "wb-tile-note");
    const button = make("button", "wb-tile-ask", "?");
    button.type = "button";
    button.title = "How it is worked out";
    button.setAttribute("aria-expanded", "false");
    const panel = make("div", "wb-tile-why");
    panel.id = `wb-why-${Math.random().toString(36).slice(2)}`;
    panel.hidden = true;
    button.setAttribute("aria-controls", panel.id);
    const heading = make("p", "wb-tile-why-title");
    const how = make("p", "wb-tile-why-how");
    const source = make("p", "wb-tile-why-source");
    panel.append(heading, how, source);
    top.append(label, status);
    node.append(top, value, note, button);
    item.append(node, panel);
    list.append(item);
    const made = { item, node, label, status, value, note, button, panel, heading, how, source };
    button.addEventListener("click", () => (open === made ? shut(made) : unfold(made)));
    return made;
  };

  const tell = (made, tile) => {
    const found = model.get("whys")[tile.key];
    made.button.hidden = !found;
    made.node.classList.toggle("wb-tile-asked", Boolean(found));
    if (!found) {
      shut(made);
      return;
    }
    made.button.setAttribute("aria-label", `How “${tile.label}” is worked out`);
    put(made.heading, `${tile.label}: how it is worked out`);
    put(made.how, found[0]);
    put(made.source, `Source: ${found[1]}`);
  };

  const show = () => {
    const tiles = model.get("tiles");
    while (cards.length < tiles.length) cards.push(card());
    while (cards.length > tiles.length) {
      const gone = cards.pop();
      shut(gone);
      gone.item.remove();
    }
    list.style.setProperty("--wb-count", String(tiles.length));
    tiles.forEach((tile, index) => {
      const made = cards[index];
      const { node, label, status, value, note } = made;
      const named = `${tile.key} ${tile.label}`;
      if (made.named !== named) {
        if (made.key !== tile.key) shut(made);
        tell(made, tile);
        Object.assign(made, { named, key: tile.key });
      }
      node.dataset.key = tile.key;
      put(label, tile.label);
      put(value, tile.value);
      put(note, tile.note);
      put(status, tile.status);
      status.hidden = !tile.status;
      status.className = `wb-status wb-tone-${slug(tile.tone)}`;
      note.hidden = !tile.note;
      value.classList.toggle("wb-long", tile.value.length > 14);
    });
  };
  const retell = () => model.get("tiles").forEach((tile, index) => tell(cards[index], tile));
  model.on("change:tiles", show);
  model.on("change:whys", retell);
  document.addEventListener("keydown", escaped, true);
  show();
  return () => document.removeEventListener("keydown", escaped, true);
};

export default { render };
