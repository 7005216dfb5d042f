/* One part of the report at a time: which one the address says, made when it is first looked at. */

const MOST_PRINTED = 100; /* Scorecards, half a page each. */

class Views {
  /** @param {Corpus} corpus @param {any} source */
  constructor(corpus, source) {
    this.corpus = corpus;
    this.source = source;
    /** @type {Map<string, any>} */
    this.made = new Map();
    /** @type {Map<string, number>} */
    this.heights = new Map();
    this.hash = location.hash;
    this.last = "#articles";
    history.scrollRestoration = "manual";
    addEventListener("hashchange", (event) => this.go(true, new URL(event.oldURL).hash));
    addEventListener("scroll", () => this.heights.set(location.hash, scrollY), { passive: true });
    addEventListener("keydown", (event) => this.onKey(event));
    addEventListener("beforeprint", () => this.printAll());
    addEventListener("afterprint", () => this.go(false));
  }

  /** @param {string} name */
  place(name) {
    return /** @type {HTMLElement} */ (document.getElementById(name));
  }

  /** The tool that shows a part, made once. @param {string} view */
  tool(view) {
    if (!this.made.has(view)) this.made.set(view, this.make(view));
    return this.made.get(view);
  }

  /** @param {string} view */
  make(view) {
    const { corpus, source } = this;
    switch (view) {
      case "sites":
        return makeCards(corpus, this.place("cards"));
      case "copies":
        return makeHeatMap(corpus, this.place("copies"));
      case "network":
        return makeNetwork(corpus, this.place("network"));
      case "stories":
        return makeStories(corpus, this.place("stories"));
      case "articles":
        return new ArticleTable(corpus, source, this.place("articles"));
      default:
        return null;
    }
  }

  /**
   * Show what the address says.
   * @param {boolean} moved whether the reader went there, so that the focus follows
   * @param {string} [left] what the address said before
   */
  go(moved, left = this.hash) {
    const before = routeOf(left);
    if (before.view !== "article") this.last = left || "#overview";
    this.hash = location.hash;
    const route = routeOf(this.hash);
    for (const name of VIEWS) this.place(`view-${name}`).hidden = name !== route.view;
    for (const link of document.querySelectorAll("nav [data-view]")) {
      const here = link.getAttribute("data-view") === route.view;
      if (here) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    const focus = this.fill(route, moved);
    if (moved) this.attend(route, before, left, focus);
  }

  /** @param {Route} route @param {boolean} moved @returns {HTMLElement | null} what the reader chose inside the part */
  fill(route, moved) {
    const tool = this.tool(route.view);
    switch (route.view) {
      case "sites":
        return this.openCard(tool, route.given.get("site"), moved);
      case "network":
      case "stories":
        return tool(route.given);
      case "articles":
        tool.show(route.given);
        return null;
      case "article":
        showArticle(this.corpus, this.source, this.place("article"), Number(route.given.get("id")));
        return null;
      default:
        return null;
    }
  }

  /** @param {Map<string, any>} cards @param {string | null} site @param {boolean} moved */
  openCard(cards, site, moved) {
    const chosen = site === null ? (moved ? undefined : [...cards.values()][0]) : cards.get(site);
    if (!chosen) return null;
    chosen.card.open = true;
    chosen.fill();
    return site === null ? null : chosen.card.querySelector("summary");
  }

  /**
   * Put the focus and the height where the reader expects them.
   * @param {Route} route @param {Route} before @param {string} left @param {HTMLElement | null} focus
   */
  attend(route, before, left, focus) {
    const part = this.place(`view-${route.view}`);
    if (before.view === "article" && route.view !== "article") {
      scrollTo(0, this.heights.get(this.hash) ?? 0);
      const opener = /** @type {HTMLElement | null} */ (
        part.querySelector(`a[href="${CSS.escape(left).replace(/\\/gu, "")}"]`)
      );
      (opener ?? part.querySelector("h1, h2"))?.focus({ preventScroll: opener === null });
    } else if (focus) {
      focus.focus({ preventScroll: true });
      focus.scrollIntoView({ block: "nearest" });
    } else if (route.view !== before.view || route.view === "article") {
      scrollTo(0, 0);
      /** @type {HTMLElement | null} */ (part.querySelector("h1, h2"))?.focus({ preventScroll: true });
    } else if (route.view === "articles" && route.given.get("page") !== before.given.get("page")) {
      part.querySelector(".count")?.scrollIntoView({ block: "start" });
    }
    const back = part.querySelector("[data-back]");
    if (back) back.setAttribute("href", this.last);
  }

  /** Escape closes an article. @param {KeyboardEvent} event */
  onKey(event) {
    if (event.key !== "Escape" || event.defaultPrevented || routeOf(this.hash).view !== "article") return;
    location.hash = this.last;
  }

  /** Paper shows every part, and what opens is open. */
  printAll() {
    const here = routeOf(this.hash);
    for (const view of VIEWS) {
      this.place(`view-${view}`).hidden = view === "article" && here.view !== view;
      if (view !== here.view && view !== "article") this.fill({ view, given: new URLSearchParams() }, false);
    }
    const cards = [...this.tool("sites").values()].slice(0, MOST_PRINTED);
    const closed = [...cards.map((one) => one.card), ...document.querySelectorAll("details.meanings")].filter(
      (one) => !one.open,
    );
    for (const one of closed) one.open = true;
    for (const one of cards) one.fill();
    addEventListener("afterprint", () => closed.forEach((one) => (one.open = false)), { once: true });
  }
}
