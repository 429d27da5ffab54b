const render = ({ model, el }) => {
  const strip = make("div", "wb-client");
  const who = make("div", "wb-client-who");
  const verdict = make("div", "wb-verdict");
  verdict.setAttribute("aria-live", "polite");
  strip.append(who, verdict);
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
    if (inVoila() && facts.name) document.title = `${facts.name} · ${facts.page}`;
  };
  model.on("change:facts", show);
  show();
};

export default { render };
