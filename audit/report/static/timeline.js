/* How one story spread: a row for every site, a mark for every article, on a line of time. */

/* A shape of its own for every status, so that colour is not the only sign. */
const SHAPES = {
  original: "symbolStar",
  verbatim: "symbolCircle",
  edited: "symbolSquare",
  excerpt: "symbolTriangle",
  rewritten: "symbolDiamond",
  translated: "symbolCross",
  independent: "symbolTriangle2",
  unknown: "symbolWye",
  unmatched: "symbolAsterisk",
};
const MOST_MARKS = 2000;

/** @param {string} status @param {number} [size] */
function shape(status, size = 90) {
  const symbol = d3[SHAPES[status]] ?? d3.symbolCircle;
  return svg("path", { class: `mark s-${status}`, d: d3.symbol(symbol, size)() });
}

/** @param {Corpus} corpus @param {any} story @param {number} room in pixels */
function timeline(corpus, story, room) {
  const articles = story.articles
    .slice(0, MOST_MARKS)
    .map((/** @type {number} */ id) => corpus.byId.get(id))
    .filter(Boolean);
  const rows = [...d3.group(articles, (/** @type {Article} */ one) => one.site)];
  const dated = articles.filter((/** @type {Article} */ one) => one.published !== null);
  const [names, step, head] = [Math.min(210, room * 0.32), 34, 30];
  const undated = dated.length < articles.length ? 80 : 0;
  const width = Math.max(room, 560);
  const height = head + rows.length * step + 12;
  const x = timeScale(dated, names + 24, width - undated - 70);
  const origin = story.origin === null ? undefined : corpus.byId.get(story.origin);
  return svg(
    "svg",
    {
      class: "timeline",
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: "group",
      "aria-labelledby": "timeline-title timeline-text",
    },
    svg("title", { id: "timeline-title" }, `How the story spread: ${story.title}`),
    svg(
      "desc",
      { id: "timeline-text" },
      `${counted(articles.length, "article")} of ${counted(rows.length, "site")}. The table below says the same.`,
    ),
    dated.length ? axis(x, head, height) : null,
    undated ? svg("text", { class: "tick", x: width - 40, y: 14, "text-anchor": "middle" }, "no date") : null,
    origin?.published
      ? svg("line", {
          class: "guide",
          x1: x(origin.published * 1000),
          x2: x(origin.published * 1000),
          y1: head - 4,
          y2: height,
        })
      : null,
    rows.map(([site, own], at) =>
      timelineRow(story, site, own, { x, y: head + at * step + step / 2, names, width }),
    ),
  );
}

/** @param {Article[]} dated @param {number} from @param {number} to */
function timeScale(dated, from, to) {
  const [first = 0, last = 0] = d3.extent(dated, (one) => /** @type {number} */ (one.published) * 1000);
  const room = Math.max(3_600_000, (last - first) * 0.03);
  return d3.scaleUtc([first - room, last + room], [from, to]);
}

/** @param {any} x @param {number} head @param {number} height */
function axis(x, head, height) {
  return x
    .ticks(Math.max(2, Math.min(7, (x.range()[1] - x.range()[0]) / 100)))
    .map((/** @type {Date} */ tick) => [
      svg("line", { class: "grid", x1: x(tick), x2: x(tick), y1: head - 8, y2: height }),
      svg("text", { class: "tick", x: x(tick), y: 14, "text-anchor": "middle" }, tickName(tick)),
    ]);
}

const [dayName, yearName, hourName] = ["%-d %b", "%Y", "%H:%M"].map((form) => d3.utcFormat(form));

/** @param {Date} tick */
function tickName(tick) {
  if (d3.utcDay(tick) < tick) return hourName(tick);
  return d3.utcYear(tick) < tick ? dayName(tick) : yearName(tick);
}

/** @param {any} story @param {string} site @param {Article[]} own @param {any} at */
function timelineRow(story, site, own, at) {
  const spread = spaced(
    own.map((one) => (one.published === null ? at.width - 40 : at.x(one.published * 1000))),
  );
  return svg(
    "g",
    {},
    svg("line", { class: "grid", x1: 0, x2: at.width, y1: at.y + 17, y2: at.y + 17 }),
    svg(
      "text",
      { class: "row-name", x: at.names, y: at.y + 4, "text-anchor": "end" },
      cut(site, Math.floor(at.names / 7)),
    ),
    own.map((one, place) => {
      const label = `${cut(site, 80)}, ${moment(one.published)}, ${one.status}${one.lag_hours === null ? "" : `, ${lag(one.lag_hours)}`}: ${cut(one.title || one.url, 120)}`;
      return svg(
        "a",
        {
          href: articleHref(one.id),
          "aria-label": label,
          class: one.id === story.origin ? "point origin" : "point",
          transform: `translate(${spread[place]},${at.y})`,
        },
        svg("circle", { class: "reach", r: 14 }),
        shape(one.status),
        svg("title", {}, label),
      );
    }),
    own.map((one, place) => {
      const roomy = (spread[place + 1] ?? Infinity) - spread[place] > 80;
      if (!roomy || one.lag_hours === null || one.published === null) return null;
      return svg(
        "text",
        { class: "tick", x: spread[place] + 14, y: at.y + 4 },
        `${one.lag_hours < 0 ? "−" : "+"}${span(one.lag_hours)}`,
      );
    }),
  );
}

/** Marks that would lie on one another, moved apart. @param {number[]} places */
function spaced(places) {
  let last = -Infinity;
  return places.map((place) => {
    last = Math.max(place, Math.min(last + 12, place + 60));
    return last;
  });
}
