/* What ties sites together, in words: signs, the pages that show them, links and groups. */

const MOST_LINKS = 500;
const TIERS = {
  conclusive: "Conclusive: the same account, owner or contact",
  associative: "Associative: alike, by itself no proof",
  "no evidence": "No evidence: found on several sites, and says nothing of who runs them",
};

/** @param {any} sign @param {string[] | null} only the sites whose pages are shown */
function signItem(sign, only) {
  const sites = only ? sign.sites.filter((/** @type {any} */ one) => only.includes(one.site)) : sign.sites;
  return el(
    "li",
    { class: "sign" },
    el("p", {}, el("b", {}, page(sign.kind)), " ", el("code", {}, page(sign.value)), " ", tierTag(sign.tier)),
    el("p", { class: "quiet" }, page(sign.why)),
    el(
      "details",
      { open: only !== null },
      el("summary", {}, `The pages that show it, on ${counted(sites.length, "site")}`),
      el(
        "ul",
        { class: "plain pages" },
        sites.slice(0, 50).map((/** @type {any} */ one) =>
          el(
            "li",
            {},
            el("a", { href: href("network", { site: one.site }) }, page(one.site)),
            el("span", { class: "quiet" }, ` ${counted(one.pages, "page")}: `),
            el(
              "ul",
              { class: "plain" },
              one.shown_by.map((/** @type {string} */ url) => el("li", {}, outward(url))),
            ),
          ),
        ),
        sites.length > 50 ? el("li", {}, `… and ${number(sites.length - 50)} more sites`) : null,
      ),
    ),
  );
}

/** @param {string} tier */
function tierTag(tier) {
  return el("span", { class: `tag tier-${tier.replace(" ", "-")}` }, tier);
}

/** All signs by tier. @param {any} network */
function signLists(network) {
  return Object.entries(TIERS).map(([tier, words]) => {
    const signs = network.signs.filter((/** @type {any} */ sign) => sign.tier === tier);
    if (!signs.length) return null;
    return el(
      "details",
      { class: "card", open: tier === "conclusive" },
      el(
        "summary",
        {},
        el("span", { class: "card-name" }, `${number(signs.length)} `, tier),
        el("span", { class: "quiet" }, words),
      ),
      el(
        "div",
        { class: "card-body" },
        more(signs, (sign) => signItem(sign, null), 30),
      ),
    );
  });
}

/** @param {any} network */
function groupList(network) {
  if (!network.groups.length)
    return el("p", { class: "quiet" }, "No sites are tied together by conclusive signs.");
  return el(
    "ol",
    { class: "groups" },
    network.groups.map((/** @type {any} */ group) =>
      el(
        "li",
        {},
        group.sites.map((/** @type {string} */ site, /** @type {number} */ place) => [
          place ? ", " : "",
          el("a", { href: href("network", { site }) }, page(site)),
        ]),
        el("span", { class: "quiet" }, ` by ${counted(group.signs.length, "conclusive sign")}`),
      ),
    ),
  );
}

/** @param {any} network */
function linkList(network) {
  const rows = network.links
    .slice(0, MOST_LINKS)
    .map((/** @type {any} */ link) =>
      el(
        "tr",
        {},
        el("th", { scope: "row", class: "host" }, page(link.one)),
        el("td", { class: "host" }, page(link.other)),
        el("td", {}, tierTag(link.tier)),
        el(
          "td",
          {},
          el(
            "a",
            { href: href("network", { one: link.one, other: link.other }) },
            link.signs.length === 1
              ? page(network.signs[link.signs[0]].kind)
              : `${number(link.signs.length)} signs`,
          ),
        ),
      ),
    );
  const all = network.links.length;
  const caption =
    all > MOST_LINKS ? `The first ${MOST_LINKS} of ${number(all)} links` : "The links of the picture";
  return tableOf(caption, [["One site"], ["Other site"], ["Tier"], ["Signs"]], rows);
}

/** What is known of one site or of one link. @param {Corpus} corpus @param {URLSearchParams} given */
function networkDetail(corpus, given) {
  const network = corpus.network;
  const [site, one, other] = [given.get("site"), given.get("one"), given.get("other")];
  if (!site && !(one && other))
    return [el("p", { class: "quiet" }, "Choose a site or a line to see what it rests on.")];
  const sites = site ? [site] : [one, other];
  const signs = network.signs.filter((/** @type {any} */ sign) =>
    sites.every((name) => sign.sites.some((/** @type {any} */ shared) => shared.site === name)),
  );
  const evident = signs.filter((/** @type {any} */ sign) => sign.tier !== "no evidence");
  const rest = signs.length - evident.length;
  const heading = el(
    "h3",
    { tabindex: "-1", id: "network-choice" },
    site ? page(site) : [page(one), " and ", page(other)],
  );
  return [
    heading,
    el(
      "p",
      { class: "quiet" },
      `${counted(evident.length, "sign")} in common`,
      rest ? `, and ${number(rest)} that say nothing` : "",
      ". ",
      site && corpus.bySite.has(site) ? el("a", { href: href("sites", { site }) }, "Scorecard") : null,
    ),
    evident.length
      ? more(evident, (sign) => signItem(sign, site ? null : /** @type {string[]} */ (sites)), 20)
      : null,
  ];
}
