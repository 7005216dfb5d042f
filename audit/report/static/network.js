/* The network of sites as a picture: laid out by forces, the same every time. */

const MOST_NODES = 300;
const LEAST_SCALE = 0.8; /* Smaller than this the names cannot be read; the picture scrolls. */
const MOST_LINES = 1500;
const TICKS = 300;

/** @param {Corpus} corpus @param {Element} place */
function makeNetwork(corpus, place) {
  const { links, signs } = corpus.network;
  const detail = el("div", { class: "panel", "aria-live": "polite" });
  replace(
    place,
    links.length
      ? tiedSites(corpus, detail)
      : el("p", {}, "No two sites share a sign that says who runs them."),
    signs.length ? [el("h3", {}, "Signs"), signLists(corpus.network)] : null,
  );
  return (/** @type {URLSearchParams} */ given) => {
    replace(detail, networkDetail(corpus, given));
    mark(place, given);
    return detail.querySelector("h3");
  };
}

/** The picture, and the same in words. @param {Corpus} corpus @param {Element} detail */
function tiedSites(corpus, detail) {
  const intro =
    "Thick lines are conclusive signs, thin dashed ones only a likeness. " +
    "Sites that conclusive signs tie together lie on one ground.";
  const picture = scrolling("Picture of the network", networkPicture(corpus));
  return [
    el("p", {}, intro),
    el("div", { class: "picture-and-panel" }, picture, detail),
    el("h3", {}, "Groups"),
    groupList(corpus.network),
    el("h3", {}, "Links"),
    linkList(corpus.network),
  ];
}

/** Mark what was chosen in the picture. @param {Element} place @param {URLSearchParams} given */
function mark(place, given) {
  const chosen = [...given].length ? href("network", Object.fromEntries(given)) : null;
  for (const link of place.querySelectorAll("svg a")) {
    if (link.getAttribute("href") === chosen) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

/** @param {Corpus} corpus */
function networkPicture(corpus) {
  const { nodes, lines, groups } = laidOut(corpus);
  const pad = 40;
  const [left, right] = d3.extent(nodes, (node) => node.x);
  const [top, bottom] = d3.extent(nodes, (node) => node.y);
  const [width, height] = [Math.max(520, right - left + 4 * pad + 90), Math.max(260, bottom - top + 3 * pad)];
  const [dx, dy] = [(width - 90 - (right - left)) / 2 - left, (height - (bottom - top)) / 2 - top];
  for (const node of nodes) {
    node.x += dx;
    node.y += dy;
  }
  const picture = svg(
    "svg",
    {
      class: "network",
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: "group",
      "aria-labelledby": "network-title network-text",
    },
    svg("title", { id: "network-title" }, "Sites and what ties them together"),
    svg(
      "desc",
      { id: "network-text" },
      `${counted(nodes.length, "site")}, ${counted(lines.length, "link")}, ${counted(groups.length, "group")}. The tables below say the same.`,
    ),
    groups.map((group, at) => groupGround(group, at)),
    lines.map((line) => networkLine(line)),
    nodes.map((node) => networkNode(corpus, node)),
  );
  picture.style.minWidth = `${LEAST_SCALE * width}px`;
  return picture;
}

/** @param {Corpus} corpus */
function laidOut(corpus) {
  const { links, groups } = corpus.network;
  const strength = d3.rollup(
    links.flatMap((/** @type {any} */ link) => [link.one, link.other]),
    (all) => all.length,
    (site) => site,
  );
  const names = d3
    .sort(
      strength.keys(),
      (one, other) => (strength.get(other) ?? 0) - (strength.get(one) ?? 0) || d3.ascending(one, other),
    )
    .slice(0, MOST_NODES);
  const place = new Map(names.map((name, at) => [name, at]));
  const group = new Map(
    groups.flatMap((/** @type {any} */ one, /** @type {number} */ at) =>
      one.sites.map((/** @type {string} */ site) => [site, at]),
    ),
  );
  /** @type {any[]} */
  const nodes = names.map((name) => ({ name, group: group.get(name) }));
  const lines = links
    .filter((/** @type {any} */ link) => place.has(link.one) && place.has(link.other))
    .slice(0, MOST_LINES)
    .map((/** @type {any} */ link) => ({ link, source: place.get(link.one), target: place.get(link.other) }));
  d3.forceSimulation(nodes)
    .force(
      "links",
      d3
        .forceLink(lines)
        .distance((/** @type {any} */ line) => (line.link.tier === "conclusive" ? 100 : 150))
        .strength((/** @type {any} */ line) => (line.link.tier === "conclusive" ? 0.7 : 0.08)),
    )
    .force("charge", d3.forceManyBody().strength(-380).distanceMax(500))
    .force("room", d3.forceCollide(50))
    .force("groups", together(nodes))
    .force("x", d3.forceX().strength(0.05))
    .force("y", d3.forceY().strength(0.09))
    .stop()
    .tick(TICKS);
  const found = groups
    .map((/** @type {any} */ one) => nodes.filter((node) => one.sites.includes(node.name)))
    .filter((/** @type {any[]} */ one) => one.length);
  return { nodes, lines, groups: found };
}

/** A force that keeps the sites of a group together. @param {any[]} nodes */
function together(nodes) {
  const groups = d3
    .groups(
      nodes.filter((node) => node.group !== undefined),
      (node) => node.group,
    )
    .map(([, members]) => members);
  return (/** @type {number} */ alpha) => {
    for (const members of groups) {
      const [x, y] = [d3.mean(members, (node) => node.x), d3.mean(members, (node) => node.y)];
      for (const node of members) {
        node.vx += (x - node.x) * alpha * 0.5;
        node.vy += (y - node.y) * alpha * 0.5;
      }
    }
  };
}

/** The ground on which a group lies, with its number. @param {any[]} group @param {number} at */
function groupGround(group, at) {
  const points = group.map((node) => [node.x, node.y]);
  const outline = points.length > 2 ? (d3.polygonHull(points) ?? points) : points;
  const top = d3.least(group, (node) => node.y);
  return [
    svg("path", {
      class: `ground ground-${at % 6}`,
      d: `M${outline.map((point) => point.join(",")).join("L")}Z`,
    }),
    svg("text", { class: "group-name", x: top.x, y: top.y - 30, "text-anchor": "middle" }, `Group ${at + 1}`),
  ];
}

/** @param {any} line */
function networkLine(line) {
  const { link, source, target } = line;
  const ends = { x1: source.x, y1: source.y, x2: target.x, y2: target.y };
  const label = `${cut(link.one, 80)} and ${cut(link.other, 80)}: ${link.tier}, ${counted(link.signs.length, "sign")}`;
  return svg(
    "a",
    { href: href("network", { one: link.one, other: link.other }), "aria-label": label, class: "edge" },
    svg("line", { class: "reach", ...ends }),
    svg("line", { class: `line tier-${link.tier}`, ...ends }),
    svg("title", {}, label),
  );
}

/** @param {Corpus} corpus @param {any} node */
function networkNode(corpus, node) {
  const site = corpus.bySite.get(node.name);
  const size = Math.min(5 + Math.sqrt(site?.articles ?? 1) * 0.5, 16);
  const part = site
    ? `, ${counted(site.articles, "article")}, ${percent(site.republished_share)} republished`
    : "";
  return svg(
    "a",
    {
      href: href("network", { site: node.name }),
      class: "node",
      "aria-label": `${cut(node.name, 80)}${part}`,
    },
    svg("circle", {
      cx: node.x,
      cy: node.y,
      r: size,
      class: node.group === undefined ? "alone" : "in-group",
    }),
    svg("text", { x: node.x, y: node.y + size + 13, "text-anchor": "middle" }, cut(node.name, 28)),
  );
}
