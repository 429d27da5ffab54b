const WAIT = 60000;

const render = ({ model, el }) => {
  const strip = make("div", "wb-client");
  const who = make("div", "wb-client-who");
  const verdict = make("div", "wb-verdict");
  verdict.setAttribute("aria-live", "polite");
  const notice = make("p", "wb-message");
  notice.setAttribute("role", "status");
  const tools = make("div", "wb-client-tools");
  strip.append(who, verdict, notice, tools);
  el.replaceChildren(strip);

  const show = () => {
    const facts = model.get("facts");
    const name = make("strong", "wb-client-name", facts.name);
    const line = make("span", "wb-client-line", facts.line);
    who.replaceChildren(name, line);
    if (facts.badge) who.append(make("span", "wb-badge", facts.badge));
    const answer = make("strong", `wb-answer wb-answer-${slug(facts.answer)}`, facts.answer_words);
    verdict.replaceChildren(
      make("span", "wb-verdict-label", "Verdict so far"),
      answer,
      make("span", "wb-verdict-certainty", facts.certainty),
    );
    notice.textContent = facts.notice || "";
    notice.hidden = !facts.notice;
    if (inVoila() && facts.name) document.title = `${facts.name} · ${facts.page}`;
    if (scenarioName) scenarioName();
  };

  // Which unit or programme to follow through every chart and table of the page.
  const follow = () => {
    const groups = Object.entries(model.get("names")).filter(([, names]) => names.length);
    window.workbookNames = groups.flatMap(([, names]) => names);
    const label = make("label", "wb-follow", "Highlight ");
    const select = make("select", "wb-select");
    select.append(new Option("nothing", ""));
    for (const [group, names] of groups) {
      const options = make("optgroup");
      options.label = group;
      options.append(...names.map((name) => new Option(name, name)));
      select.append(options);
    }
    label.append(select);
    const said = make("span", "wb-hidden");
    said.setAttribute("role", "status");
    label.append(said);
    select.addEventListener("change", () => pick(select.value));
    const picked = () => {
      select.value = window.workbookPicked || "";
      requestAnimationFrame(() => {
        const charts = document.querySelectorAll(".wb-chart:has(.wb-picked)").length;
        said.textContent = select.value ? `${select.value} is highlighted in ${charts} charts and tables` : "";
      });
    };
    const cleared = (event) => event.key === "Escape" && window.workbookPicked && pick("");
    document.addEventListener("workbook:pick", picked);
    document.addEventListener("keydown", cleared);
    if (groups.length) tools.append(label);
    return () => {
      document.removeEventListener("workbook:pick", picked);
      document.removeEventListener("keydown", cleared);
    };
  };

  let scenarioName = null;
  const scenarios = () => {
    const details = make("details", "wb-scenarios");
    const summary = make("summary");
    const panel = make("div", "wb-scenarios-panel");
    const list = make("ul", "wb-scenarios-list");
    const form = make("form", "wb-scenarios-form");
    const label = make("label", "", "Keep this page's setting as ");
    const name = make("input", "wb-input");
    Object.assign(name, { type: "text", maxLength: 40, autocomplete: "off", placeholder: "lean-start", required: true });
    label.append(name);
    const save = make("button", "wb-button", "Save");
    const replace = make("button", "wb-button", "Replace");
    const compare = make("button", "wb-button", "Compare");
    const link = make("button", "wb-button", "Copy link");
    save.type = "submit";
    for (const button of [replace, compare, link]) button.type = "button";
    const said = make("p", "wb-message wb-message-plain");
    said.setAttribute("role", "status");
    said.hidden = true;
    const outcome = make("div", "wb-scenarios-outcome");
    replace.hidden = true;
    form.append(label, save, replace, compare, link);
    panel.append(list, form, said, outcome);
    details.append(summary, panel);
    tools.append(details);

    const say = (text) => {
      said.textContent = text || "";
      said.hidden = !text;
    };
    scenarioName = () => {
      const facts = model.get("facts");
      summary.replaceChildren(
        document.createTextNode("Scenario: "),
        make("strong", "", facts.scenario || "the client's own"),
        document.createTextNode(facts.moved ? ", changed" : ""),
      );
    };
    const rows = () => {
      const facts = model.get("facts");
      const line = (label, href, words, key) => {
        const item = make("li");
        if (key) {
          const box = make("input");
          Object.assign(box, { type: "checkbox", value: key });
          box.setAttribute("aria-label", `Compare ${key}`);
          item.append(box);
        }
        const open = make("a", "", label);
        open.href = href;
        if (key === facts.scenario || (!key && !facts.scenario)) open.setAttribute("aria-current", "true");
        item.append(open, make("span", "", words));
        return item;
      };
      const ticked = new Set([...list.querySelectorAll("input:checked")].map((box) => box.value));
      list.replaceChildren(
        line("The client's own", location.pathname, "what client.yml says", ""),
        ...model.get("saved").map(({ name: key, words }) => line(key, `${location.pathname}?scenario=${key}`, words, key)),
      );
      for (const box of list.querySelectorAll("input")) box.checked = ticked.has(box.value);
      const cannot = model.get("cannot_keep");
      label.hidden = save.hidden = Boolean(cannot);
      if (cannot) say(cannot);
    };
    let waiting = 0;
    const ask = (message, words) => {
      say(words);
      form.setAttribute("aria-busy", "true");
      clearTimeout(waiting);
      waiting = setTimeout(() => say("No answer yet; reload the page if this stays."), WAIT);
      model.send(message);
    };
    const keep = (again) => name.value && ask({ kind: "keep", name: name.value.trim(), replace: again }, "Saving …");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      keep(false);
    });
    name.addEventListener("input", () => {
      replace.hidden = true;
    });
    replace.addEventListener("click", () => keep(true));
    compare.addEventListener("click", () => {
      const names = [...list.querySelectorAll("input:checked")].map((box) => box.value);
      ask({ kind: "compare", names }, "Comparing …");
    });
    link.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(location.href);
        say("The link is copied. It opens this page with this setting.");
      } catch {
        say(`Copy this link: ${location.href}`);
      }
    });
    const answered = (reply) => {
      if (!reply || !["keep", "compare"].includes(reply.kind)) return;
      clearTimeout(waiting);
      form.removeAttribute("aria-busy");
      say(reply.message);
      replace.hidden = !reply.taken;
      if (reply.columns) outcome.replaceChildren(table(reply.columns, reply.rows, "Scenarios side by side", Infinity));
      if (reply.kept) name.value = "";
    };
    model.on("msg:custom", answered);
    model.on("change:saved", rows);
    document.addEventListener("workbook:carry", rows);
    scenarioName();
    rows();
    return () => {
      model.off("msg:custom", answered);
      document.removeEventListener("workbook:carry", rows);
    };
  };

  const undo = [follow()];
  if (inVoila()) undo.push(scenarios());
  model.on("change:facts", show);
  show();
  return () => undo.forEach((undone) => undone());
};

export default { render };
