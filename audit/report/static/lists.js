/* Tables, those that are sorted by their headings, and lists that show more on demand. */

/**
 * A table that scrolls by itself.
 * @param {any} caption
 * @param {[string, string?][]} heads words and class of every column
 * @param {(Element | null)[]} rows
 * @param {{ hidden?: boolean, kind?: string }} [given] whether only those who hear the page are told the caption
 */
function tableOf(caption, heads, rows, { hidden = false, kind = "" } = {}) {
  const told = el("caption", { class: hidden ? "hidden" : null }, caption);
  return scrolling(
    cut(told.textContent ?? "", LONGEST_NAME),
    el(
      "table",
      { class: `rows ${kind}`.trim() },
      told,
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          heads.map(([words, of]) => el("th", { scope: "col", class: of }, words)),
        ),
      ),
      el("tbody", {}, rows),
    ),
  );
}

/**
 * Let the headings of a table that is already in the page sort its rows by their cells' `data-sort`.
 * @param {HTMLTableElement} table
 */
function sortable(table) {
  const heads = headings(table);
  heads.forEach((head, column) => {
    if (head.hasAttribute("data-unsorted")) return;
    const words = head.textContent ?? "";
    replace(
      head,
      el("button", { type: "button", class: "sort", onclick: () => sortBy(table, column) }, words),
    );
  });
}

/** @param {HTMLTableElement} table */
function headings(table) {
  return [...(table.tHead?.rows[0].cells ?? [])];
}

/** @param {HTMLTableElement} table @param {number} column */
function sortBy(table, column) {
  const heads = headings(table);
  const numeric = heads[column].classList.contains("n");
  const now = heads[column].getAttribute("aria-sort");
  const down = now === null ? numeric : now === "ascending";
  heads.forEach((head) => head.removeAttribute("aria-sort"));
  heads[column].setAttribute("aria-sort", down ? "descending" : "ascending");
  const value = (/** @type {HTMLTableRowElement} */ row) => row.cells[column].dataset.sort ?? "";
  const body = table.tBodies[0];
  const rows = [...body.rows].sort((one, other) => compared(value(one), value(other), numeric, down));
  body.append(...rows);
}

const collator = new Intl.Collator("en", { sensitivity: "base", numeric: true });

/** The order of two cells; empty ones are last either way. @param {any} one @param {any} other @param {boolean} numeric @param {boolean} down */
function compared(one, other, numeric, down) {
  const [empty, otherEmpty] = [one === "" || one === null, other === "" || other === null];
  if (empty || otherEmpty) return Number(empty) - Number(otherEmpty);
  const order = numeric ? Number(one) - Number(other) : collator.compare(one, other);
  return down ? -order : order;
}

/**
 * The first of many things, and a button that shows more of them.
 * @template T
 * @param {T[]} things @param {(thing: T) => any} shown @param {number} step
 */
function more(things, shown, step) {
  const list = el("ul", { class: "plain" });
  const button = el("button", { type: "button", class: "more", onclick: grow });
  let next = 0;
  function grow() {
    const first = next;
    filled(list, {}, things.slice(next, next + step).map(shown));
    next = Math.min(next + step, things.length);
    button.textContent = `Show ${number(Math.min(step, things.length - next))} more of ${number(things.length)}`;
    button.hidden = next >= things.length;
    if (first > 0)
      /** @type {HTMLElement | null} */ (list.children[first]?.querySelector("a, button, summary"))?.focus();
  }
  grow();
  return things.length > step ? [list, button] : [list];
}
