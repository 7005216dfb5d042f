/* The beginning: read the findings, then show what the address says. */

async function start() {
  const source = document.body.dataset.source === "live" ? new LiveSource() : new EmbeddedSource();
  document.documentElement.classList.add("scripted");
  for (const words of document.querySelectorAll("[data-needs-script]")) words.textContent = "Loading …";
  document.querySelector("[data-skip]")?.addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById("main")?.focus();
  });
  listenForSearches();
  try {
    const corpus = new Corpus(await source.findings());
    const table = /** @type {HTMLTableElement} */ (document.getElementById("site-table"));
    if (source.searches) fillIn(corpus, table);
    sortable(table);
    new Views(corpus, source).go(false);
    document.documentElement.dataset.ready = "true";
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    document
      .getElementById("main")
      ?.prepend(el("p", { class: "note", role: "alert" }, `The report could not be shown: ${words}`));
  }
}

/** What the page has only when it came with its data. @param {Corpus} corpus @param {HTMLTableElement} table */
function fillIn(corpus, table) {
  makeOverview(corpus, /** @type {Element} */ (document.getElementById("overview")));
  table.tBodies[0].replaceChildren(...siteRows(corpus));
}

/** Let the field in the head search, also while the findings are still coming. */
function listenForSearches() {
  const field = /** @type {HTMLInputElement | null} */ (document.getElementById("find-words"));
  field?.form?.addEventListener("submit", (event) => {
    event.preventDefault();
    location.hash = href("articles", { search: field.value.trim() });
  });
}
