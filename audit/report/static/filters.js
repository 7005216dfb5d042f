/* Which articles are meant: every filter by its name in the address. */

/** @type {Record<string, (one: Article, value: string) => boolean>} */
const TESTS = {
  site: (one, value) => one.site === value,
  status: (one, value) => (value === "republished" ? one.republished : one.status === value),
  source: (one, value) => one.source === value,
  audited: (one) => one.audited,
  attribution: (one, value) => one.attribution === value,
  story: (one, value) => one.story === Number(value),
  author: (one, value) => one.authors.includes(value),
  language: (one, value) => (one.language ?? "") === value,
};

/**
 * The articles that pass all filters of the address; `found` are those of a search, by its ranks.
 * @param {Corpus} corpus @param {URLSearchParams} given @param {Map<number, any> | null} found
 * @returns {Article[]}
 */
function filtered(corpus, given, found) {
  const tests = Object.entries(TESTS).filter(([key]) => given.get(key));
  const ids = given.get("ids") ? new Set((given.get("ids") ?? "").split(",").map(Number)) : null;
  const words = (given.get("text") ?? "").trim().toLowerCase();
  const among = found
    ? [...found.keys()].map((id) => corpus.byId.get(id)).filter((one) => one !== undefined)
    : corpus.articles;
  return among.filter(
    (/** @type {Article} */ one) =>
      tests.every(([key, test]) => test(one, given.get(key) ?? "")) &&
      (ids === null || ids.has(one.id)) &&
      (words === "" || one.title.toLowerCase().includes(words) || one.url.toLowerCase().includes(words)),
  );
}

/** @type {Record<string, (one: Article) => any>} */
const SORTS = {
  published: (one) => one.published,
  site: (one) => one.site,
  title: (one) => one.title,
  status: (one) => one.status,
  source: (one) => one.source,
  lag: (one) => one.lag_hours,
  attribution: (one) => one.attribution && ATTRIBUTIONS[one.attribution],
  words: (one) => one.words,
};
const NUMERIC = new Set(["published", "lag", "words"]);

/** @param {Article[]} articles @param {string} key @param {boolean} down */
function sorted(articles, key, down) {
  const value = SORTS[key];
  const numeric = NUMERIC.has(key);
  const keyed = articles.map((one) => ({ one, key: value(one) }));
  keyed.sort((left, right) => compared(left.key, right.key, numeric, down) || left.one.id - right.one.id);
  return keyed.map((one) => one.one);
}
