const render = ({ model, el }) => {
  const list = make("div", "wb-tiles");
  list.setAttribute("role", "list");
  el.replaceChildren(list);
  const cards = [];

  const card = () => {
    const node = make("div", "wb-tile");
    node.setAttribute("role", "listitem");
    const top = make("div", "wb-tile-top");
    const label = make("span", "wb-tile-label");
    const status = make("span", "wb-status");
    const value = make("output", "wb-tile-value");
    value.setAttribute("aria-live", "polite");
    const note = make("span", "wb-tile-note");
    top.append(label, status);
    node.append(top, value, note);
    list.append(node);
    return { node, label, status, value, note };
  };

  const put = (node, text) => {
    if (node.textContent !== text) node.textContent = text;
  };

  const show = () => {
    const tiles = model.get("tiles");
    while (cards.length < tiles.length) cards.push(card());
    while (cards.length > tiles.length) cards.pop().node.remove();
    list.dataset.count = String(tiles.length);
    tiles.forEach((tile, index) => {
      const { node, label, status, value, note } = cards[index];
      node.dataset.key = tile.key;
      put(label, tile.label);
      put(value, tile.value);
      put(note, tile.note);
      put(status, tile.status);
      status.hidden = !tile.status;
      status.className = `wb-status wb-tone-${slug(tile.tone)}`;
      node.className = `wb-tile wb-edge-${slug(tile.tone)}`;
      note.hidden = !tile.note;
      value.classList.toggle("wb-long", tile.value.length > 14);
    });
  };
  model.on("change:tiles", show);
  show();
};

export default { render };
