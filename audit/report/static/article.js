/* One article: what it is, what it says of its source against what was found, the evidence, its text beside the origin's. */

const EVIDENCE_TIERS = {
  claim: "what copies say themselves",
  residue: "markup of another publisher that came along",
  time: "who was first",
  completeness: "which text is whole",
  reputation: "a site that is the origin of many others",
  text: "what the texts share",
};

/** @param {Corpus} corpus @param {any} source @param {Element} place @param {number} id */
async function showArticle(corpus, source, place, id) {
  const one = corpus.byId.get(id);
  const heading = (/** @type {any} */ words) => el("h2", { id: "article-heading", tabindex: "-1" }, words);
  const back = el("a", { href: "#articles", "data-back": true }, "← Back");
  const head = el("p", { class: "back" }, back, el("span", { class: "quiet" }, " or Escape"));
  if (!one) {
    replace(
      place,
      head,
      heading("No such article"),
      el("p", {}, `This report holds no article ${number(id)}.`),
    );
    return;
  }
  const text = el("div", { class: "text" }, el("p", { class: "quiet" }, "Loading the texts …"));
  const part = (/** @type {string} */ words, /** @type {any[]} */ ...children) =>
    el("section", {}, el("h3", {}, words), ...children);
  replace(
    place,
    head,
    heading(page(one.title || "Without a title")),
    el("p", { class: "facts" }, statusMark(one.status), one.reason ? [": ", page(one.reason)] : null),
    el(
      "div",
      { class: "columns-2" },
      part("The article", articleFacts(corpus, one)),
      part("Its source", claimAndFound(corpus, one)),
    ),
    one.evidence.length ? part("Evidence for the origin", evidenceTable(one)) : null,
    one.same_event.length ? part("The same event in other words", sameEvent(corpus, one)) : null,
    one.story === null ? null : part(one.origin === null ? "The text" : "Beside the origin", text),
  );
  if (one.story !== null) await showTexts(corpus, source, text, one);
}

/** @param {Corpus} corpus @param {Article} one */
function sameEvent(corpus, one) {
  const site = (/** @type {number} */ id) => page(corpus.byId.get(id)?.site ?? "");
  return el(
    "ul",
    { class: "plain" },
    one.same_event.map((id) =>
      el("li", {}, articleName(corpus, id), " ", el("span", { class: "quiet" }, site(id))),
    ),
  );
}

/** A name and what it stands for, in a list of facts. @param {string} name @param {...any} value */
function fact(name, ...value) {
  return [el("dt", {}, name), el("dd", {}, ...value)];
}

/** @param {Corpus} corpus @param {Article} one */
function articleFacts(corpus, one) {
  const known = corpus.bySite.has(one.site);
  const site = known ? el("a", { href: href("sites", { site: one.site }) }, page(one.site)) : page(one.site);
  const names = one.authors.map((name, place) => [place ? ", " : "", page(name)]);
  return el(
    "dl",
    { class: "facts-list" },
    fact("Site", site),
    fact("Address", one.url ? outward(one.url) : "none"),
    fact("Signed", names.length ? names : "nobody"),
    fact("Published", when(one.published)),
    fact("First seen", when(one.first_seen)),
    fact("Language", page(one.language ?? "not known")),
    fact("Words", `${number(one.words)}, and ${number(one.boilerplate_words)} of boilerplate`),
  );
}

/** What it says of its source against what was found. @param {Corpus} corpus @param {Article} one */
function claimAndFound(corpus, one) {
  const story = one.story === null ? undefined : corpus.storyById.get(one.story);
  const facts = [fact("It says", claimed(one)), fact("Found", found(corpus, one))];
  if (one.rival !== null) {
    const site = corpus.byId.get(one.rival)?.site ?? "";
    facts.push(fact("Or", articleName(corpus, one.rival), " on ", page(site)));
  }
  if (one.lag_hours !== null) {
    const doubt =
      one.lag_hours < 0 ? el("span", { class: "quiet" }, " by the dates that the pages bear") : null;
    facts.push(fact("Lag", lag(one.lag_hours), doubt));
  }
  if (story) {
    const words = `${counted(story.articles.length, "article")} of ${counted(story.sites, "site")}`;
    facts.push(fact("Story", el("a", { href: href("stories", { story: story.id }) }, words)));
  }
  return el("dl", { class: "facts-list" }, facts);
}

/** @param {Article} one */
function claimed(one) {
  const verdict = one.attribution ? ATTRIBUTIONS[one.attribution] : null;
  const tag = verdict ? el("span", { class: `tag attribution-${one.attribution}` }, verdict) : null;
  if (!one.claim) return ["nothing of a source ", tag];
  const { domain, name, kind, evidence } = one.claim;
  return [
    page(name ?? domain ?? ""),
    el("span", { class: "quiet" }, " ", page(kind), ": "),
    el("q", {}, page(evidence)),
    " ",
    tag,
  ];
}

/** @param {Corpus} corpus @param {Article} one */
function found(corpus, one) {
  if (one.status === "original") return "others were made from it";
  if (one.origin !== null) return [articleName(corpus, one.origin), " on ", page(one.origin_site)];
  if (one.origin_site) return [page(one.origin_site), ", an article that is not among these"];
  return one.status === "unknown" ? "the evidence does not decide" : "no source";
}

/** @param {Article} one */
function evidenceTable(one) {
  const order = Object.keys(EVIDENCE_TIERS);
  const rank = (/** @type {string} */ tier) => (order.includes(tier) ? order.indexOf(tier) : order.length);
  const rows = d3
    .sort(one.evidence, (left, right) => rank(left.tier) - rank(right.tier))
    .map((found) =>
      el(
        "tr",
        {},
        el(
          "th",
          { scope: "row" },
          page(found.tier),
          el("span", { class: "quiet meaning" }, EVIDENCE_TIERS[found.tier] ?? ""),
        ),
        el("td", {}, page(found.detail)),
        el("td", {}, outward(found.origin)),
        el("td", {}, outward(found.shown_by)),
      ),
    );
  const caption = "The first tier that speaks decides; what the texts share names no origin by itself";
  return tableOf(caption, [["Tier"], ["What it says"], ["Names"], ["Shown by"]], rows, { kind: "evidence" });
}
