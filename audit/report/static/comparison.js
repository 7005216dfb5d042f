/* Origin and copy side by side, sentence by sentence, with the words that differ marked. */

const KINDS = {
  same: "same",
  changed: "changed",
  translated: "translated",
  moved: "moved",
  added: "only here",
  "left out": "left out",
  "moved away": "moved",
};
const COUNTED = ["same", "changed", "translated", "moved", "added", "left out"];
const BY_CHARACTER = /^(zh|ja|th|lo|km|my)\b/u;
const ALIKE = 0.25; /* Of two sentences with less in common than this, marks on words say nothing. */
const DIFF_TIME = 200; /* Milliseconds that the words of one sentence may take. */

/** @param {Article} copy @param {Article | undefined} other that it is compared with @param {any} record of the story */
function comparison(copy, other, record) {
  const own = record.articles[copy.id];
  const [later, earlier] = [record.texts[own.text], record.texts[record.articles[own.against].text]];
  const rows = aligned(earlier.sentences.length, later.sentences.length, own.pairs);
  const draw = (/** @type {Row} */ row) => comparedRow(row, earlier, later, copy);
  const body = el("tbody", {});
  const only = el("input", { type: "checkbox", id: "only-changed", onchange: () => fill() });
  const fill = () => replace(body, only.checked ? gathered(rows, draw) : rows.map(draw));
  fill();
  const beyond = (earlier.beyond ?? 0) + (later.beyond ?? 0);
  const name = copy.origin === own.against ? "Origin " : "Other ";
  return el(
    "div",
    { class: "comparison" },
    kindCounts(rows),
    el("p", { class: "toggle" }, only, " ", el("label", { for: "only-changed" }, "Show only what changed")),
    beyond ? el("p", { class: "note" }, `${counted(beyond, "more sentence")} are not shown.`) : null,
    el(
      "table",
      { class: "pairs" },
      el("caption", {}, "Sentences of both, in rows"),
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          columnHead("hidden", "Relation"),
          columnHead("", name, page(other?.site ?? "")),
          columnHead("", "Copy ", page(copy.site)),
        ),
      ),
      body,
    ),
  );
}

/** @param {string} kind of the words @param {...any} words */
function columnHead(kind, ...words) {
  return el("th", { scope: "col" }, el("span", { class: kind || null }, ...words));
}

/** How many sentences there are of each kind. @param {Row[]} rows */
function kindCounts(rows) {
  const counts = d3.rollup(
    rows,
    (all) => all.length,
    (row) => row.kind,
  );
  return el(
    "ul",
    { class: "legend counts" },
    COUNTED.filter((kind) => kind !== "translated" || counts.has(kind)).map((kind) =>
      el("li", {}, kindMark(kind), `${KINDS[kind]} `, el("b", {}, number(counts.get(kind) ?? 0))),
    ),
  );
}

/** @param {string} kind */
function kindMark(kind) {
  return el("span", { class: `kind-mark k-${kind.replace(" ", "-")}`, "aria-hidden": "true" });
}

/** Rows with those that are the same gathered into one line. @param {Row[]} rows @param {(row: Row) => Element} draw */
function gathered(rows, draw) {
  const found = [];
  let same = 0;
  const close = () => {
    if (same)
      found.push(
        el(
          "tr",
          { class: "gap" },
          el("td", {}),
          el("td", { colspan: "2", class: "quiet" }, `${counted(same, "sentence")} the same`),
        ),
      );
    same = 0;
  };
  for (const row of rows) {
    if (row.kind === "same") same += 1;
    else {
      close();
      found.push(draw(row));
    }
  }
  close();
  return found;
}

/** @param {Row} row @param {any} earlier @param {any} later @param {Article} copy */
function comparedRow(row, earlier, later, copy) {
  const left = row.earlier === null ? null : earlier.sentences[row.earlier];
  const right = row.later === null ? null : later.sentences[row.later];
  const starts = row.later !== null && later.paragraphs.includes(row.later) ? " starts" : "";
  const [before, after] =
    row.kind === "changed" || row.kind === "moved"
      ? wordsCompared(left, right, copy.language)
      : [left, right];
  const cell = (/** @type {any} */ words) => el("td", {}, el("p", { dir: "auto" }, words));
  const kind = el("th", { scope: "row" }, kindMark(row.kind), KINDS[row.kind]);
  const own = { class: `row k-${row.kind.replace(" ", "-")}${starts}` };
  if (row.kind === "moved away") {
    return el(
      "tr",
      own,
      kind,
      el("td", { class: "quiet" }, el("p", { dir: "auto" }, cut(left, 80))),
      el(
        "td",
        { class: "quiet" },
        el("p", {}, row.later === null ? "" : `stands in the copy as sentence ${number(row.later + 1)}`),
      ),
    );
  }
  return el(
    "tr",
    own,
    kind,
    left === null
      ? el("td", { class: "none" }, el("span", { class: "hidden" }, "not in the origin"))
      : cell(before),
    right === null
      ? el("td", { class: "none" }, el("span", { class: "hidden" }, "not in the copy"))
      : cell(after),
  );
}

/**
 * Two sentences with what differs as `del` and `ins`; plain where they have hardly a word in common.
 * @param {string} before @param {string} after @param {string | null} language
 */
function wordsCompared(before, after, language) {
  const compare = BY_CHARACTER.test(language ?? "") ? Diff.diffChars : Diff.diffWordsWithSpace;
  const parts = before === after ? undefined : compare(before, after, { timeout: DIFF_TIME });
  if (!parts) return [before, after];
  const shared = d3.sum(parts, (/** @type {any} */ part) =>
    part.added || part.removed ? 0 : part.value.trim().length,
  );
  if (shared < ALIKE * Math.max(before.length, after.length)) return [before, after];
  return [
    marked(
      parts.filter((/** @type {any} */ part) => !part.added),
      "del",
    ),
    marked(
      parts.filter((/** @type {any} */ part) => !part.removed),
      "ins",
    ),
  ];
}

/**
 * One side of a comparison; a space between two marked words is marked with them.
 * @param {any[]} parts @param {"del" | "ins"} name
 */
function marked(parts, name) {
  const differs = (/** @type {any} */ part) => Boolean(part?.added || part?.removed);
  const joins = (/** @type {number} */ at) =>
    parts[at].value.trim() === "" && differs(parts[at - 1]) && differs(parts[at + 1]);
  /** @type {{ differing: boolean, text: string }[]} */
  const runs = [];
  parts.forEach((part, at) => {
    const differing = differs(part) || joins(at);
    const last = runs[runs.length - 1];
    if (last?.differing === differing) last.text += part.value;
    else runs.push({ differing, text: part.value });
  });
  return runs.map((run) => (run.differing ? el(name, {}, run.text) : run.text));
}
