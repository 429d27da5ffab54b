const block = (part) => {
  switch (part.kind) {
    case "heading":
      return make("h3", "wb-heading", part.text);
    case "lead":
      return make("p", "wb-lead", part.text);
    case "note":
      return make("p", "wb-chart-note", part.text);
    case "list": {
      const list = make("ul", "wb-list");
      list.append(...part.items.map((item) => make("li", "", item)));
      return list;
    }
    case "facts": {
      const list = make("dl", "wb-facts");
      for (const [term, words] of part.items) list.append(make("dt", "", term), make("dd", "", words));
      return list;
    }
    case "table":
      return table(part.columns, part.rows, part.caption);
    default:
      return make("p", "wb-paragraph", part.text);
  }
};

const render = ({ model, el }) => {
  const article = make("section", "wb-prose");
  const show = () => article.replaceChildren(...model.get("blocks").map(block));
  model.on("change:blocks", show);
  show();
  el.replaceChildren(article);
};

export default { render };
