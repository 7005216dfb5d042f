/* The findings, with what leads from one to the other. The other side of `record.py`. */

/**
 * @typedef {object} Article
 * @property {number} id
 * @property {string} url
 * @property {string} title
 * @property {string} site
 * @property {string[]} authors
 * @property {string | null} language
 * @property {number | null} published
 * @property {number | null} first_seen
 * @property {number} words
 * @property {number} boilerplate_words
 * @property {string} status
 * @property {number | null} story
 * @property {number | null} origin
 * @property {number | null} rival
 * @property {string | null} origin_site
 * @property {string | null} source the site it was taken from, if another one
 * @property {boolean} republished
 * @property {boolean} audited
 * @property {number | null} lag_hours
 * @property {{domain: string | null, name: string | null, kind: string, evidence: string} | null} claim
 * @property {string | null} attribution
 * @property {string} reason
 * @property {{tier: string, origin: string, shown_by: string, detail: string}[]} evidence
 * @property {number[]} same_event
 */

const ATTRIBUTIONS = {
  true: "names the source",
  wrong: "names another source",
  none: "names nobody",
  unverified: "names one not found",
};

class Corpus {
  /** @param {any} record */
  constructor(record) {
    this.totals = record.totals;
    this.statuses = record.statuses;
    this.sites = record.sites;
    this.pairs = record.pairs;
    this.network = record.network;
    this.texts = record.texts;
    this.summary = record.summary;
    this.articles = decoded(record);
    this.byId = new Map(this.articles.map((one) => [one.id, one]));
    this.bySite = new Map(record.sites.map((/** @type {any} */ site) => [site.site, site]));
    this.stories = record.stories.map((/** @type {any[]} */ row) => ({
      id: row[0],
      title: row[1],
      origin: row[2],
      origin_site: row[3],
      articles: row[4],
      sites: row[5],
      first_published: row[6],
      hours: row[7],
    }));
    this.storyById = new Map(this.stories.map((/** @type {any} */ story) => [story.id, story]));
  }
}

/** @param {any} record @returns {Article[]} */
function decoded(record) {
  const { names, claims, words, columns } = record.articles;
  const audited = new Set(record.sites.map((/** @type {any} */ site) => site.site));
  const named = (/** @type {number | null} */ place) => (place === null ? null : names[place]);
  const claimed = claims.map((/** @type {any[]} */ one) => ({
    domain: one[0],
    name: one[1],
    kind: one[2],
    evidence: one[3],
  }));
  const place = (/** @type {string | number} */ at) => (typeof at === "number" ? columns.url[at] : at);
  return columns.id.map((/** @type {number} */ id, /** @type {number} */ row) => ({
    id,
    url: columns.url[row],
    title: columns.title[row],
    site: named(columns.site[row]),
    authors: columns.authors[row].map(named),
    language: named(columns.language[row]),
    published: columns.published[row],
    first_seen: columns.first_seen[row],
    words: columns.words[row],
    boilerplate_words: columns.boilerplate_words[row],
    status: record.statuses[columns.status[row]],
    story: columns.story[row],
    origin: columns.origin[row],
    rival: columns.rival[row],
    origin_site: named(columns.origin_site[row]),
    source: named(columns.source[row]),
    republished: columns.republished[row] === 1,
    audited: audited.has(named(columns.site[row])),
    lag_hours: columns.lag_hours[row],
    claim: columns.claim[row] === null ? null : claimed[columns.claim[row]],
    attribution: columns.attribution[row] === null ? null : record.attributions[columns.attribution[row]],
    reason: columns.reason[row] === null ? "" : words[columns.reason[row]],
    evidence: columns.evidence[row].map((/** @type {any[]} */ one) => ({
      tier: named(one[0]),
      origin: place(one[1]),
      shown_by: place(one[2]),
      detail: words[one[3]],
    })),
    same_event: columns.same_event[row],
  }));
}
