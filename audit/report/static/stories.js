/* The stories, those of the most sites first, and how the chosen one spread. */

const MOST_ROWS = 200;

/** @param {Corpus} corpus @param {Element} place */
function makeStories(corpus, place) {
  if (!corpus.stories.length) {
    replace(place, el("p", { class: "quiet" }, "No article was made from another."));
    return () => null;
  }
  let chosen = corpus.stories[0];
  const chart = el("div", { class: "story" });
  const draw = () => {
    if (chart.clientWidth) replace(chart, storyDetail(corpus, chosen, chart.clientWidth));
  };
  const side = storySide(corpus, () => chosen);
  replace(place, el("div", { class: "stories" }, side, chart));
  new ResizeObserver(() => {
    const drawn = chart.querySelector(".timeline");
    if (drawn && Math.abs(Number(drawn.getAttribute("data-room")) - chart.clientWidth) > 8) draw();
  }).observe(chart);
  return (/** @type {URLSearchParams} */ given) => {
    chosen = corpus.storyById.get(Number(given.get("story"))) ?? corpus.stories[0];
    for (const link of side.querySelectorAll("a")) {
      const current = link.getAttribute("href") === href("stories", { story: chosen.id });
      if (current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    draw();
    return given.has("story") ? chart.querySelector("h3") : null;
  };
}

/** The list of stories and a field to find one. @param {Corpus} corpus @param {() => any} chosen */
function storySide(corpus, chosen) {
  const list = el("div", { class: "story-list" });
  const count = el("p", { role: "status", class: "quiet" });
  const field = el("input", {
    type: "search",
    id: "story-filter",
    autocomplete: "off",
    oninput: () => fill(),
  });
  const text = (/** @type {any} */ story) => `${story.title} ${story.origin_site ?? ""}`.toLowerCase();
  const fill = () => {
    const words = field.value.trim().toLowerCase();
    const found = corpus.stories.filter((/** @type {any} */ story) => text(story).includes(words));
    const item = (/** @type {any} */ story) => el("li", {}, storyLink(story, story === chosen()));
    count.textContent = `${counted(found.length, "story", "stories")}, those of the most sites first`;
    replace(list, more(found, item, 50));
  };
  fill();
  return el(
    "div",
    { class: "story-side" },
    el("label", { for: "story-filter" }, "Find a story"),
    field,
    count,
    el("div", { class: "scroll tall", role: "region", "aria-label": "Stories", tabindex: "0" }, list),
  );
}

/** @param {any} story @param {boolean} current */
function storyLink(story, current) {
  return el(
    "a",
    { href: href("stories", { story: story.id }), "aria-current": current ? "true" : null },
    el("span", { class: "story-title" }, page(story.title || `Story ${story.id}`)),
    el(
      "span",
      { class: "quiet" },
      `${counted(story.sites, "site")}, ${counted(story.articles.length, "article")}${story.hours === null ? "" : `, within ${span(story.hours)}`}`,
    ),
  );
}

/** @param {Corpus} corpus @param {any} story @param {number} width */
function storyDetail(corpus, story, width) {
  const picture = timeline(corpus, story, width - 2);
  picture.setAttribute("data-room", String(width));
  const statuses = new Set(story.articles.map((/** @type {number} */ id) => corpus.byId.get(id)?.status));
  const from =
    story.origin !== null
      ? ["It came from ", articleName(corpus, story.origin), " on ", page(story.origin_site), "."]
      : story.origin_site
        ? ["It came from ", page(story.origin_site), ", of which these articles hold none."]
        : ["Where it came from is not known."];
  return [
    el("h3", { tabindex: "-1" }, page(story.title || `Story ${story.id}`)),
    el(
      "p",
      {},
      from,
      " ",
      articlesLink(`All ${counted(story.articles.length, "article")}`, { story: story.id }),
    ),
    el(
      "ul",
      { class: "legend" },
      corpus.statuses
        .filter((/** @type {string} */ one) => statuses.has(one))
        .map((/** @type {string} */ status) =>
          el(
            "li",
            {},
            svg(
              "svg",
              { class: "key", viewBox: "-9 -9 18 18", width: 18, height: 18, "aria-hidden": "true" },
              shape(status),
            ),
            status,
          ),
        ),
    ),
    scrolling("How the story spread", picture),
    el(
      "details",
      { class: "as-table", open: true },
      el("summary", {}, "As a table"),
      storyTable(corpus, story),
    ),
  ];
}

/** @param {Corpus} corpus @param {any} story */
function storyTable(corpus, story) {
  const rows = story.articles.slice(0, MOST_ROWS).map((/** @type {number} */ id) => {
    const one = corpus.byId.get(id);
    if (!one) return null;
    return el(
      "tr",
      {},
      el("td", { class: "date" }, when(one.published)),
      el("td", { class: "host" }, page(one.site)),
      el("td", { class: "title-cell" }, articleName(corpus, id)),
      el("td", {}, statusMark(one.status)),
      el("td", {}, lag(one.lag_hours)),
    );
  });
  const all = story.articles.length;
  const caption =
    all > MOST_ROWS
      ? `The first ${MOST_ROWS} of ${number(all)} articles`
      : "The articles of the story by their dates";
  return tableOf(caption, [["Published"], ["Site"], ["Article"], ["Status"], ["Lag"]], rows);
}
