/* The table of all articles: filtered, sorted, a hundred at a time. */

const PAGE = 100;
const HEADS = [
  ["published", "Published", ""],
  ["site", "Site", ""],
  ["title", "Title", ""],
  ["status", "Status", ""],
  ["source", "Source", ""],
  ["lag", "Lag", ""],
  ["attribution", "Says of its source", ""],
  ["words", "Words", "n"],
];

class ArticleTable {
  /** @param {Corpus} corpus @param {any} source @param {Element} place */
  constructor(corpus, source, place) {
    this.corpus = corpus;
    this.source = source;
    this.given = new URLSearchParams();
    /** @type {Map<number, any> | null} */
    this.found = null;
    this.beyond = 0;
    this.searched = "";
    this.fields = this.makeFields();
    this.count = el("p", { role: "status", class: "count" });
    this.chips = el("p", { class: "chips" });
    this.heads = HEADS.map(([key, words, kind]) =>
      el(
        "th",
        { scope: "col", class: kind || null, role: "columnheader" },
        el("button", { type: "button", class: "sort", onclick: () => this.sortBy(key) }, words),
      ),
    );
    this.body = el("tbody", { role: "rowgroup" });
    this.pager = el("nav", { class: "pager", "aria-label": "Pages of the table" });
    replace(
      place,
      el(
        "form",
        {
          class: "filters",
          role: "search",
          onsubmit: (/** @type {Event} */ event) => event.preventDefault(),
        },
        Object.values(this.fields).map((field) =>
          el(
            "div",
            { class: `field field-${field.name}` },
            el("label", { for: field.id }, field.dataset.label),
            field,
          ),
        ),
        el("button", { type: "button", onclick: () => this.go({}) }, "Clear"),
      ),
      this.chips,
      this.count,
      scrolling(
        "Articles",
        el(
          "table",
          { class: "rows articles", role: "table" },
          el("caption", { class: "hidden" }, "Articles"),
          el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, this.heads)),
          this.body,
        ),
      ),
      this.pager,
    );
  }

  makeFields() {
    const sites = new Set(this.corpus.articles.map((one) => one.site));
    const copies = this.corpus.articles.filter((one) => one.source !== null);
    const sources = new Set(copies.map((one) => /** @type {string} */ (one.source)));
    const statuses = [ANY_COPY, ...sameWords(this.corpus.statuses)];
    const choose = (/** @type {string} */ name) => (/** @type {string} */ value) =>
      this.change({ [name]: value });
    return {
      text: typedField("text", "Title or address", (value) => this.change({ text: value }, true)),
      site: chosenField("site", "Site", sameWords(d3.sort(sites, d3.ascending)), choose("site")),
      status: chosenField("status", "Status", statuses, choose("status")),
      source: chosenField("source", "Source", sameWords(d3.sort(sources, d3.ascending)), choose("source")),
      attribution: chosenField(
        "attribution",
        "Says of its source",
        Object.entries(ATTRIBUTIONS),
        choose("attribution"),
      ),
    };
  }

  /** Change some of the filters. @param {Record<string, string>} some @param {boolean} [quietly] without a step for "back" */
  change(some, quietly = false) {
    this.go({ ...Object.fromEntries(this.given), page: "", ...some }, quietly);
  }

  /** @param {Record<string, string>} given @param {boolean} [quietly] */
  go(given, quietly = false) {
    const next = href("articles", given);
    if (!quietly) {
      location.hash = next;
      return;
    }
    history.replaceState(null, "", next);
    this.show(routeOf(next).given);
  }

  /** @param {string} key */
  sortBy(key) {
    const { sort, down } = this.order();
    const turned = sort === key ? !down : NUMERIC.has(key) && key !== "published";
    this.change({ sort: key, down: turned ? "1" : "" });
  }

  order() {
    const asked = this.given.get("sort") ?? "";
    const sort = asked in SORTS ? asked : this.found ? "" : "published";
    return { sort, down: asked in SORTS ? this.given.get("down") === "1" : true };
  }

  /** Show what the address says. @param {URLSearchParams} given */
  async show(given) {
    this.given = given;
    for (const [name, field] of Object.entries(this.fields)) {
      if (field.value !== (given.get(name) ?? "")) field.value = given.get(name) ?? "";
    }
    const words = given.get("search") ?? "";
    try {
      if (words !== this.searched) await this.search(words);
      if (words === this.searched) this.draw();
    } catch (error) {
      this.searched = "";
      const why = error instanceof Error ? error.message : error;
      this.count.textContent = `The search failed: ${why}. Search again.`;
    }
  }

  /** @param {string} words */
  async search(words) {
    this.searched = words;
    const answer = words ? await this.source.search(words) : null;
    if (this.searched !== words) return;
    this.found = answer && new Map(answer.hits.map((/** @type {any} */ hit) => [hit.article, hit]));
    this.beyond = answer ? answer.total - answer.hits.length : 0;
  }

  draw() {
    const { sort, down } = this.order();
    const all = filtered(this.corpus, this.given, this.found);
    const ordered = sort ? sorted(all, sort, down) : all;
    const pages = Math.max(1, Math.ceil(ordered.length / PAGE));
    const at = Math.min(Math.max(1, Math.trunc(Number(this.given.get("page"))) || 1), pages);
    const first = (at - 1) * PAGE;
    const rows = ordered.slice(first, first + PAGE);
    HEADS.forEach(([key], column) => {
      if (key === sort) this.heads[column].setAttribute("aria-sort", down ? "descending" : "ascending");
      else this.heads[column].removeAttribute("aria-sort");
    });
    const told = [`${counted(ordered.length, "article")} of ${number(this.corpus.articles.length)}`];
    if (ordered.length > PAGE) told.push(`${number(first + 1)} to ${number(first + rows.length)} shown`);
    if (this.beyond) told.push(`${number(this.beyond)} more found; search for more words`);
    this.count.textContent = told.join(", ");
    replace(
      this.body,
      rows.map((one) => articleRow(this.corpus, one, this.found?.get(one.id))),
    );
    replace(this.pager, pages > 1 ? this.pages(at, pages) : null);
    replace(this.chips, this.chosen());
  }

  /** Filters that have no field of their own. */
  chosen() {
    const words = {
      search: (/** @type {string} */ value) => ["found “", page(value), "”"],
      story: (/** @type {string} */ value) => [
        "story ",
        page(this.corpus.storyById.get(Number(value))?.title || value),
      ],
      author: (/** @type {string} */ value) => ["signed ", page(value)],
      language: (/** @type {string} */ value) => ["language ", page(value)],
      audited: () => ["audited sites only"],
      ids: (/** @type {string} */ value) => [counted(value.split(",").length, "chosen article")],
    };
    return Object.entries(words)
      .filter(([key]) => this.given.get(key))
      .map(([key, say]) =>
        el(
          "button",
          { type: "button", class: "chip", onclick: () => this.change({ [key]: "" }) },
          say(this.given.get(key) ?? ""),
          el("span", { "aria-hidden": "true" }, " ×"),
          el("span", { class: "hidden" }, ", remove"),
        ),
      );
  }

  /** @param {number} at @param {number} pages */
  pages(at, pages) {
    const to = (/** @type {number} */ next, /** @type {string} */ words) =>
      next < 1 || next > pages
        ? el("span", { class: "quiet" }, words)
        : el(
            "a",
            {
              href: href("articles", {
                ...Object.fromEntries(this.given),
                page: next === 1 ? "" : String(next),
              }),
            },
            words,
          );
    return [
      to(at - 1, "← Previous"),
      el("span", {}, `Page ${number(at)} of ${number(pages)}`),
      to(at + 1, "Next →"),
    ];
  }
}

/** @param {Corpus} corpus @param {Article} one @param {any} [hit] of a search */
function articleRow(corpus, one, hit) {
  const cell = (/** @type {string} */ kind, /** @type {any[]} */ ...children) =>
    el("td", { class: kind, role: "cell" }, ...children);
  return el(
    "tr",
    { role: "row" },
    cell("date", when(one.published)),
    cell("site host", page(one.site)),
    cell(
      "title",
      articleName(corpus, one.id, 160),
      hit
        ? el(
            "span",
            { class: "snippet quiet", dir: "auto" },
            hit.before,
            el("mark", {}, hit.found),
            hit.after,
          )
        : null,
    ),
    cell("kind", statusMark(one.status)),
    cell("source host", one.source ? page(one.source) : null),
    cell("late", one.lag_hours === null ? null : lag(one.lag_hours)),
    cell("says", one.attribution ? ATTRIBUTIONS[one.attribution] : null),
    cell("n words", number(one.words)),
  );
}
