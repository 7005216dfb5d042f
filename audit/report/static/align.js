/* Sentences of two texts in rows: what they share side by side, in the order of the copy. */

/**
 * @typedef {object} Row
 * @property {"same" | "changed" | "moved" | "translated" | "added" | "left out" | "moved away"} kind
 * @property {number | null} earlier
 * @property {number | null} later
 */

/**
 * @param {number} earlierCount @param {number} laterCount
 * @param {[number, number, string][]} pairs of a later sentence, an earlier one, and what the one is to the other
 * @returns {Row[]}
 */
function aligned(earlierCount, laterCount, pairs) {
  const partner = new Map();
  const taken = new Map();
  for (const [later, earlier, kind] of pairs) {
    const inside = later >= 0 && later < laterCount && earlier >= 0 && earlier < earlierCount;
    if (!inside || partner.has(later) || taken.has(earlier)) continue;
    partner.set(later, { earlier, kind: ["same", "moved", "translated"].includes(kind) ? kind : "changed" });
    taken.set(earlier, later);
  }
  keepOrder(partner);
  /** @type {Row[]} */
  const rows = [];
  let next = 0;
  const before = (/** @type {number} */ end) => {
    for (; next < end; next += 1) {
      const at = taken.get(next);
      rows.push({ kind: at === undefined ? "left out" : "moved away", earlier: next, later: at ?? null });
    }
  };
  for (let later = 0; later < laterCount; later += 1) {
    const found = partner.get(later);
    if (!found) rows.push({ kind: "added", earlier: null, later });
    else if (found.kind === "moved") rows.push({ kind: "moved", earlier: found.earlier, later });
    else {
      before(found.earlier);
      rows.push({ kind: found.kind, earlier: found.earlier, later });
      next = found.earlier + 1;
    }
  }
  before(earlierCount);
  return rows;
}

/** Pairs that would cross the ones before them are moved, whatever they are called. @param {Map<number, any>} partner */
function keepOrder(partner) {
  let last = -1;
  for (const later of [...partner.keys()].sort((one, other) => one - other)) {
    const found = partner.get(later);
    if (found.kind === "moved") continue;
    if (found.earlier < last) found.kind = "moved";
    else last = found.earlier;
  }
}
