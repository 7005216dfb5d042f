/* The overview and the table of sites where the page came without its data. The template says the same. */

const MOST_BRIEF = 10;

/** @param {Corpus} corpus @param {Element} place */
function makeOverview(corpus, place) {
  const { totals, statuses, summary } = corpus;
  /** @type {Record<string, string>} */
  const among = corpus.articles.every((one) => one.audited) ? {} : { audited: "yes" };
  const waiting = totals.not_compared ? ` ${number(totals.not_compared)} were not compared yet.` : "";
  const told = `${counted(totals.articles, "article")} of ${counted(totals.sites, "site")} were compared, each with all others.`;
  replace(
    place,
    el("p", { class: "lede" }, told, waiting),
    el("ul", { class: "figures" }, summary.figures.map(figureItem)),
    el("h2", { id: "statuses-heading" }, "What the articles are"),
    largeBar(statuses, totals.statuses),
    el(
      "ul",
      { class: "legend", "aria-labelledby": "statuses-heading" },
      statuses
        .filter((/** @type {string} */ status) => totals.statuses[status])
        .map((/** @type {string} */ status) =>
          statusItem(status, totals.statuses[status], totals.articles, among),
        ),
    ),
    el("div", { class: "columns-2" }, sentenceList(summary.sentences), briefList(corpus)),
  );
}

/** @param {{label: string, value: string, note: string, href: string}} figure */
function figureItem({ label, value, note, href: to }) {
  const words = [el("span", { class: "label" }, label), " ", el("b", {}, value), " "];
  return el("li", {}, el("a", { href: to }, words, el("span", { class: "under" }, note)));
}

/** @param {string[]} statuses @param {Record<string, number>} counts */
function largeBar(statuses, counts) {
  const bar = statusBar(statuses, counts);
  bar.setAttribute("class", "bar-large");
  return bar;
}

/** @param {string} status @param {number} count @param {number} all @param {Record<string, string>} among */
function statusItem(status, count, all, among) {
  const words = [statusMark(status), " ", el("b", {}, number(count)), " "];
  const part = el("span", { class: "quiet" }, percent(count / all));
  return el("li", {}, articlesLink([words, part], { ...among, status }));
}

/** @param {{parts: string[], href: string}[]} sentences every second part is a name */
function sentenceList(sentences) {
  if (!sentences.length) return null;
  const words = (/** @type {string} */ part, /** @type {number} */ place) => (place % 2 ? page(part) : part);
  return el(
    "section",
    {},
    el("h2", {}, "What stands out"),
    el(
      "ul",
      { class: "sentences" },
      sentences.map((one) => el("li", {}, el("a", { href: one.href }, one.parts.map(words)))),
    ),
  );
}

/** Sites, those that republish most first. @param {Corpus} corpus */
function ranked(corpus) {
  return d3.sort(
    corpus.sites,
    (one, other) =>
      other.republished_share - one.republished_share ||
      other.articles - one.articles ||
      d3.ascending(one.site, other.site),
  );
}

/** @param {Corpus} corpus */
function briefList(corpus) {
  const sites = ranked(corpus);
  const item = (/** @type {any} */ site) =>
    el(
      "a",
      { href: href("sites", { site: site.site }) },
      el("span", { class: "brief-name" }, page(site.site)),
      statusBar(corpus.statuses, site.statuses),
      el("span", { class: "quiet" }, `${percent(site.republished_share)} republished`),
    );
  const beyond = sites.length > MOST_BRIEF;
  return el(
    "section",
    {},
    el("h2", {}, beyond ? "Sites that republish most" : "Sites"),
    el(
      "ul",
      { class: "brief" },
      sites.slice(0, MOST_BRIEF).map((site) => el("li", {}, item(site))),
    ),
    beyond ? el("p", {}, el("a", { href: "#sites" }, `All ${number(sites.length)} sites`)) : null,
  );
}

/** The rows of the table of sites. @param {Corpus} corpus */
function siteRows(corpus) {
  return ranked(corpus).map((site) => {
    const { attribution, republished } = site;
    const [own, source] = [{ site: site.site }, site.sources[0]];
    const named = `${number(attribution.true)} of ${number(republished)}`;
    const around = site.page_words ? 1 - site.words / site.page_words : null;
    const share = source ? el("span", { class: "quiet share" }, percent(source.share)) : null;
    const cell = (/** @type {string} */ kind, /** @type {any} */ sort, /** @type {any[]} */ ...words) =>
      el("td", { class: kind, "data-sort": sort ?? "" }, ...words);
    return el(
      "tr",
      {},
      el(
        "th",
        { scope: "row", class: "host", "data-sort": site.site },
        el("a", { href: href("sites", own) }, page(site.site)),
      ),
      cell("n", site.articles, articlesLink(number(site.articles), own)),
      cell("wide", "", statusBar(corpus.statuses, site.statuses)),
      cell(
        "n",
        site.republished_share,
        articlesLink(percent(site.republished_share), { ...own, status: "republished" }),
      ),
      cell(
        "host",
        source?.site,
        source
          ? [share, " ", articlesLink(page(source.site), { ...own, source: source.site })]
          : el("span", { class: "quiet" }, "none"),
      ),
      cell("n", site.lag?.median_hours, site.lag ? span(site.lag.median_hours) : "–"),
      cell(
        "n",
        republished ? attribution.true / republished : "",
        republished ? articlesLink(named, { ...own, attribution: "true" }) : "–",
      ),
      cell("n", around, around === null ? "–" : percent(around)),
    );
  });
}
