/* What a site does on all its pages: when it publishes, and what stands around its articles. */

/** @param {any} found */
function rhythm(found) {
  if (!found.dated) return el("p", { class: "quiet" }, "Its articles have no dates.");
  const hours = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, "0"));
  const day =
    found.median_a_day === null
      ? ""
      : ` Median of ${counted(found.median_a_day, "article")} on a day on which it publishes.`;
  return [
    el("p", { class: "quiet" }, `${counted(found.dated, "article")} with a date.${day}`),
    el(
      "div",
      { class: "charts" },
      columns("By hour", found.hours, hours, [0, 6, 12, 18]),
      columns("By weekday", found.weekdays, WEEKDAYS, [0, 1, 2, 3, 4, 5, 6]),
      found.days.length ? daysLine(found.days) : null,
    ),
  ];
}

/** Types of boilerplate, each with its commonest texts. @param {Corpus} corpus @param {any} site */
function boilerplateList(corpus, site) {
  if (!site.boilerplate.length) return el("p", { class: "quiet" }, "None.");
  const ordered = d3.sort(site.boilerplate, (/** @type {any} */ one) => -one.share);
  const most = Math.max(ordered[0].share, 0.001);
  return el(
    "ul",
    { class: "plain boilerplate" },
    ordered.map((/** @type {any} */ one) =>
      el("li", {}, el("details", {}, boilerplateSummary(one, most), commonTexts(corpus, one.texts))),
    ),
  );
}

/** @param {any} one @param {number} most share of all types */
function boilerplateSummary(one, most) {
  const width = Math.max(0.5, (100 * one.share) / most);
  return el(
    "summary",
    {},
    el("span", { class: "kind" }, one.type),
    svg(
      "svg",
      { class: "share", viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" },
      svg("rect", { class: "column", x: 0, y: 0, width, height: 8 }),
    ),
    el("b", {}, percent(one.share)),
    el("span", { class: "quiet" }, `${counted(one.words, "word")} on ${counted(one.articles, "page")}`),
  );
}

/** @param {Corpus} corpus @param {any[]} texts */
function commonTexts(corpus, texts) {
  if (!texts.length) return el("p", { class: "quiet" }, "No text stands on two pages.");
  const shownBy = (/** @type {number} */ id, /** @type {number} */ place) => [
    place ? ", " : "",
    articleName(corpus, id, 50),
  ];
  return el(
    "ul",
    { class: "plain texts" },
    texts.map((text) =>
      el(
        "li",
        {},
        el("q", {}, el("bdi", { dir: "auto" }, cut(text.text, 500))),
        el("span", { class: "quiet" }, ` on ${counted(text.articles, "page")}: `),
        text.shown_by.map(shownBy),
      ),
    ),
  );
}
