/* The scorecard of a site, made when somebody opens it. */

const MOST_SOURCES = 25;

/** @param {Corpus} corpus @param {Element} place */
function makeCards(corpus, place) {
  const cards = new Map();
  for (const site of ranked(corpus)) {
    const body = el("div", { class: "card-body" });
    const card = el(
      "details",
      { class: "card" },
      el(
        "summary",
        {},
        el("span", { class: "card-name" }, page(site.site)),
        el(
          "span",
          { class: "quiet" },
          `${counted(site.articles, "article")}, ${percent(site.republished_share)} republished`,
        ),
        statusBar(corpus.statuses, site.statuses),
      ),
      body,
    );
    const fill = () => {
      if (card.open && !body.hasChildNodes()) replace(body, siteCard(corpus, site));
    };
    card.addEventListener("toggle", fill);
    cards.set(site.site, { card, fill });
  }
  replace(
    place,
    [...cards.values()].map((one) => one.card),
  );
  return cards;
}

/** @param {Corpus} corpus @param {any} site */
function siteCard(corpus, site) {
  return [
    el(
      "p",
      { class: "facts" },
      articlesLink(counted(site.articles, "article"), { site: site.site }),
      ", ",
      `${moment(site.first_published).slice(0, 10)} to ${moment(site.last_published).slice(0, 10)}; `,
      Object.entries(site.languages).map(([language, count], place) => [
        place ? ", " : "",
        articlesLink(`${language || "no language"} ${number(count)}`, { site: site.site, language }),
      ]),
    ),
    el(
      "ul",
      { class: "legend" },
      corpus.statuses
        .filter((/** @type {string} */ status) => site.statuses[status])
        .map((/** @type {string} */ status) =>
          el(
            "li",
            {},
            articlesLink([statusMark(status), " ", el("b", {}, number(site.statuses[status]))], {
              site: site.site,
              status,
            }),
          ),
        ),
    ),
    el(
      "div",
      { class: "columns-2" },
      el("section", {}, el("h4", {}, "Sources"), sourcesTable(site, site.sources, "source")),
      el("section", {}, el("h4", {}, "Copied by"), sourcesTable(site, site.copied_by, "taker")),
      el("section", {}, el("h4", {}, "What it says of its sources"), attributionList(site)),
      el("section", {}, el("h4", {}, "Names it is signed with"), authorsList(site)),
    ),
    el(
      "section",
      {},
      el("h4", {}, "When it publishes ", el("span", { class: "quiet" }, "UTC")),
      rhythm(site.rhythm),
    ),
    el(
      "section",
      {},
      el("h4", {}, "Boilerplate ", el("span", { class: "quiet" }, "share of the pages’ words")),
      boilerplateList(corpus, site),
    ),
  ];
}

/** @param {any} site @param {any[]} sources @param {"source" | "taker"} role */
function sourcesTable(site, sources, role) {
  const takes = role === "source";
  if (!sources.length) return el("p", { class: "quiet" }, takes ? "None was found." : "Nobody was found.");
  const most = Math.max(1, ...sources.map((one) => one.copies.lag?.upper_hours ?? 0));
  const rows = sources.slice(0, MOST_SOURCES).map((one) => {
    const ends = takes ? { site: site.site, source: one.site } : { site: one.site, source: site.site };
    return el(
      "tr",
      {},
      el(
        "th",
        { scope: "row", class: "host" },
        articlesLink(page(one.site), { ...ends, status: "republished" }),
      ),
      el("td", { class: "n" }, number(one.copies.articles)),
      el("td", { class: "n" }, percent(one.share)),
      el("td", {}, lagCell(one.copies.lag, most)),
    );
  });
  const caption = takes
    ? ["Where ", page(site.site), " took articles from"]
    : ["Who took articles from ", page(site.site)];
  const share = takes ? "Of its own" : "Of theirs";
  /** @type {[string, string?][]} */
  const heads = [["Site"], ["Articles", "n"], [share, "n"], ["Lag: median, quartiles"]];
  const rest = sources.length - rows.length;
  return [
    tableOf(caption, heads, rows, { hidden: true }),
    rest > 0 ? el("p", { class: "quiet" }, `… and ${number(rest)} more, with fewer articles.`) : null,
  ];
}

/** @param {any} found @param {number} most in hours */
function lagCell(found, most) {
  if (!found) return el("span", { class: "quiet" }, "no dates");
  return el(
    "span",
    { class: "lag-cell" },
    lagBox(found, most),
    span(found.median_hours),
    el("span", { class: "quiet" }, ` ${span(found.lower_hours)} – ${span(found.upper_hours)}`),
  );
}

/** @param {any} site */
function attributionList(site) {
  const found = site.attribution;
  const rows = Object.entries(ATTRIBUTIONS).map(([key, words]) =>
    el(
      "li",
      {},
      articlesLink([el("b", {}, number(found[key])), ` ${words}`], { site: site.site, attribution: key }),
    ),
  );
  const wrong = found.wrong_claims.map((/** @type {any} */ one) =>
    el(
      "li",
      {},
      "names ",
      page(one.claimed),
      ", taken from ",
      page(one.found),
      ": ",
      articlesLink(counted(one.articles.length, "article"), { ids: one.articles.join(",") }),
    ),
  );
  return [
    el("ul", { class: "plain" }, rows),
    wrong.length ? el("ul", { class: "plain wrong" }, wrong.slice(0, 20)) : null,
  ];
}

/** @param {any} site */
function authorsList(site) {
  if (!site.authors.length) return el("p", { class: "quiet" }, "None.");
  const generic = site.generic_author_articles
    ? el(
        "p",
        { class: "quiet" },
        `${counted(site.generic_author_articles, "article")} signed with a name that names nobody.`,
      )
    : null;
  return [
    generic,
    more(
      site.authors,
      (/** @type {any} */ one) =>
        el(
          "li",
          {},
          articlesLink([page(one.name), " ", el("b", {}, number(one.articles))], {
            site: site.site,
            author: one.name,
          }),
          one.generic ? el("span", { class: "tag" }, "generic") : null,
        ),
      12,
    ),
  ];
}
