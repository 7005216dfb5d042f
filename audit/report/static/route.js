/* What is shown is what the address says after "#", so that it can be shared and "back" works. */

/**
 * @typedef {object} Route
 * @property {string} view
 * @property {URLSearchParams} given
 */

const VIEWS = ["overview", "sites", "copies", "network", "stories", "articles", "article"];

/** @param {string} hash @returns {Route} */
function routeOf(hash) {
  const text = hash.replace(/^#/u, "");
  const article = /^article=(\d+)$/u.exec(text);
  if (article) return { view: "article", given: new URLSearchParams({ id: article[1] }) };
  const [view, query] = text.split(/\?(.*)/su);
  const given = new URLSearchParams(query ?? "");
  return VIEWS.includes(view) && view !== "article"
    ? { view, given }
    : { view: "overview", given: new URLSearchParams() };
}

/** @param {string} view @param {Record<string, any>} [given] what is empty is left out */
function href(view, given = {}) {
  const query = Object.entries(given)
    .filter(([, value]) => value !== "" && value !== null && value !== undefined)
    .map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`)
    .join("&");
  return `#${view}${query ? "?" + query : ""}`;
}

/** @param {number} id */
function articleHref(id) {
  return `#article=${id}`;
}

/** A link to the articles that a figure counts. @param {any} words @param {Record<string, any>} given @param {string} [label] */
function articlesLink(words, given, label) {
  return el("a", { href: href("articles", given), "aria-label": label }, words);
}

/** A link to an article by its title. @param {Corpus} corpus @param {number | null} id @param {number} [most] */
function articleName(corpus, id, most = LONGEST_NAME) {
  const found = id === null ? undefined : corpus.byId.get(id);
  if (!found) return el("span", { class: "quiet" }, "not among these articles");
  return el(
    "a",
    { href: articleHref(found.id) },
    page(cut(found.title || found.url || `Article ${found.id}`, most)),
  );
}
