/* Who took from whom: sites by sites, ordered so that those that copy one another stand together. */

const MOST_IN_MAP = 120;
const MOST_FLOWS = 100;
const STEPS = [0, 0.05, 0.15, 0.3, 0.5];
const FADING = 0.7; /* How much a tie to a site placed earlier counts beside one to the site placed last. */

/** @param {Corpus} corpus @param {Element} place */
function makeHeatMap(corpus, place) {
  /** @type {Map<string, Map<string, any>>} taker -> source -> copies */
  const taken = new Map();
  const take = (/** @type {string} */ taker, /** @type {string} */ source, /** @type {any} */ copies) => {
    if (!copies) return;
    if (!taken.has(taker)) taken.set(taker, new Map());
    taken.get(taker)?.set(source, copies);
  };
  for (const pair of corpus.pairs) {
    take(pair.one, pair.other, pair.one_from_other);
    take(pair.other, pair.one, pair.other_from_one);
  }
  if (!taken.size) {
    replace(place, el("p", { class: "quiet" }, "No site took an article from another."));
    return;
  }
  const all = seriated(taken, corpus.network.groups);
  const order = all.slice(0, MOST_IN_MAP);
  const takers = order.filter((site) => taken.has(site));
  const sources = order.filter((site) => [...taken.values()].some((row) => row.has(site)));
  replace(
    place,
    el(
      "p",
      {},
      `${counted(takers.length, "site")} took articles from ${counted(sources.length, "site")}. `,
      "A row shows what a site took, a column what was taken from one; the colour is the share of the row’s own articles.",
      all.length > order.length
        ? ` The ${number(all.length - order.length)} sites with the fewest copies are left out here; the scorecards name them.`
        : null,
    ),
    heatKey(),
    scrolling("Copies between sites", heatTable(corpus, taken, takers, sources)),
    el("h3", {}, "Who took most from whom"),
    flowsTable(corpus, taken),
  );
}

function heatKey() {
  const words = ["under 5 %", "5 – 15 %", "15 – 30 %", "30 – 50 %", "over 50 %"];
  return el(
    "ul",
    { class: "legend", "aria-label": "Shares" },
    words.map((one, step) =>
      el("li", {}, el("span", { class: `dot square heat-${step}`, "aria-hidden": "true" }), one),
    ),
  );
}

/** @param {Corpus} corpus @param {Map<string, Map<string, any>>} taken @param {string[]} takers @param {string[]} sources */
function heatTable(corpus, taken, takers, sources) {
  const group = new Map();
  corpus.network.groups.forEach((/** @type {any} */ one, /** @type {number} */ place) =>
    one.sites.forEach((/** @type {string} */ site) => group.set(site, place + 1)),
  );
  const name = (/** @type {string} */ site) => [
    corpus.bySite.has(site) ? el("a", { href: href("sites", { site }) }, page(site)) : page(site),
    group.has(site)
      ? el("span", { class: "tag", title: `Group ${group.get(site)}` }, `G${group.get(site)}`)
      : null,
  ];
  return el(
    "table",
    { class: "heat" },
    el("caption", { class: "hidden" }, "Articles that the site of a row took from the site of a column"),
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        el("td", {}, el("span", { class: "quiet" }, "took ↓ from →")),
        sources.map((site) => el("th", { scope: "col" }, el("span", { class: "upright" }, name(site)))),
        el("th", { scope: "col", class: "n" }, "all"),
      ),
    ),
    el(
      "tbody",
      {},
      takers.map((taker) => {
        const row = taken.get(taker) ?? new Map();
        const size = corpus.bySite.get(taker)?.articles;
        return el(
          "tr",
          {},
          el("th", { scope: "row" }, name(taker)),
          sources.map((source) => heatCell(taker, source, row.get(source), size)),
          el(
            "td",
            { class: "n" },
            articlesLink(number(d3.sum(row.values(), (one) => one.articles)), {
              site: taker,
              status: "republished",
            }),
          ),
        );
      }),
    ),
  );
}

/** The same as a list, the largest first. @param {Corpus} corpus @param {Map<string, Map<string, any>>} taken */
function flowsTable(corpus, taken) {
  const flows = [...taken].flatMap(([taker, row]) =>
    [...row].map(([source, copies]) => ({ taker, source, copies })),
  );
  flows.sort(
    (one, other) =>
      other.copies.articles - one.copies.articles ||
      d3.ascending(one.taker, other.taker) ||
      d3.ascending(one.source, other.source),
  );
  const rows = flows
    .slice(0, MOST_FLOWS)
    .map(({ taker, source, copies }) =>
      el(
        "tr",
        {},
        el("th", { scope: "row", class: "host" }, page(taker)),
        el("td", { class: "host" }, page(source)),
        el(
          "td",
          { class: "n" },
          articlesLink(number(copies.articles), { site: taker, source, status: "republished" }),
        ),
        el("td", { class: "wide" }, statusBar(corpus.statuses, copies.relations)),
        el("td", { class: "n" }, copies.lag ? lag(copies.lag.median_hours) : "–"),
      ),
    );
  const caption =
    flows.length > MOST_FLOWS
      ? `The first ${MOST_FLOWS} of ${number(flows.length)}`
      : "Sites and their sources, by articles";
  return tableOf(
    caption,
    [["Site"], ["took from"], ["Articles", "n"], ["How", "wide"], ["Median lag", "n"]],
    rows,
  );
}

/** @param {string} taker @param {string} source @param {any} copies @param {number | undefined} size */
function heatCell(taker, source, copies, size) {
  if (!copies) return el("td", { class: taker === source ? "self" : null });
  const share = size ? copies.articles / size : null;
  const step = share === null ? 0 : d3.bisectRight(STEPS, share) - 1;
  const late = copies.lag ? `, median ${lag(copies.lag.median_hours)}` : "";
  const part = share === null ? "" : `, ${percent(share)} of its own`;
  const label = `${cut(taker, 80)} took ${number(copies.articles)} from ${cut(source, 80)}${part}${late}`;
  return el(
    "td",
    { class: `heat-${step}` },
    el(
      "a",
      {
        href: href("articles", { site: taker, source, status: "republished" }),
        title: label,
        "aria-label": label,
      },
      number(copies.articles),
    ),
  );
}

/**
 * Sites in an order in which those that share most stand together: groups of one operator and the parts
 * of the graph of copies first, inside them always the site that is tied most to those already placed.
 * @param {Map<string, Map<string, any>>} taken @param {any[]} groups @returns {string[]}
 */
function seriated(taken, groups) {
  /** @type {Map<string, Map<string, number>>} */
  const ties = new Map();
  const tie = (/** @type {string} */ one, /** @type {string} */ other, /** @type {number} */ weight) => {
    for (const [from, to] of [
      [one, other],
      [other, one],
    ]) {
      const row = ties.get(from) ?? new Map();
      row.set(to, (row.get(to) ?? 0) + weight);
      ties.set(from, row);
    }
  };
  for (const [taker, row] of taken) for (const [source, copies] of row) tie(taker, source, copies.articles);
  const most = d3.max(ties.values(), (row) => d3.sum(row.values())) ?? 1;
  for (const group of groups) {
    const here = group.sites.filter((/** @type {string} */ site) => ties.has(site));
    here
      .slice(1)
      .forEach((/** @type {string} */ site, /** @type {number} */ place) => tie(here[place], site, most));
  }
  const left = new Set(
    d3.sort(
      ties.keys(),
      (one, other) =>
        d3.sum(ties.get(other)?.values() ?? []) - d3.sum(ties.get(one)?.values() ?? []) ||
        d3.ascending(one, other),
    ),
  );
  const pull = new Map([...left].map((site) => [site, 0]));
  const order = [];
  while (left.size) {
    let next = "";
    for (const site of left) if (next === "" || (pull.get(site) ?? 0) > (pull.get(next) ?? 0)) next = site;
    left.delete(next);
    order.push(next);
    for (const [site, weight] of ties.get(next) ?? [])
      pull.set(site, (pull.get(site) ?? 0) * FADING + weight);
  }
  return order;
}
