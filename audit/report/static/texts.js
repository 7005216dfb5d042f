/* The text of an article beside the one that it was made from, or alone. */

/** @param {Corpus} corpus @param {any} source @param {Element} place @param {Article} one */
async function showTexts(corpus, source, place, one) {
  const say = (/** @type {any[]} */ ...words) => replace(place, el("p", { class: "note" }, words));
  let record;
  try {
    record = await source.story(one.story, corpus);
  } catch (error) {
    say(`The texts could not be read: ${error instanceof Error ? error.message : error}.`);
    return;
  }
  if (!place.isConnected) return;
  const own = record?.articles[one.id];
  if (!own || !record.texts[own.text]) {
    if (source.searches) say("There is no text of this article.");
    else {
      say(
        "The texts of this story are not in this file, which holds those of the stories of the most sites. ",
        el("code", {}, "thresher serve"),
        " shows them all.",
      );
    }
    return;
  }
  const against = own.against === null ? undefined : record.articles[own.against];
  if (against && record.texts[against.text]) {
    replace(place, comparison(one, corpus.byId.get(own.against), record));
  } else replace(place, textAlone(record.texts[own.text]), copiesOf(corpus, one));
}

/** @param {Corpus} corpus @param {Article} one */
function copiesOf(corpus, one) {
  const copies = (corpus.storyById.get(one.story)?.articles ?? []).filter(
    (/** @type {number} */ id) => corpus.byId.get(id)?.origin === one.id,
  );
  if (!copies.length) return null;
  return [
    el("h4", {}, "Compare with"),
    more(
      copies,
      (/** @type {number} */ id) => {
        const copy = /** @type {Article} */ (corpus.byId.get(id));
        return el(
          "li",
          {},
          statusMark(copy.status),
          " ",
          el("a", { href: articleHref(id) }, page(copy.site), ": ", page(cut(copy.title, 100))),
          " ",
          el("span", { class: "quiet" }, lag(copy.lag_hours)),
        );
      },
      50,
    ),
  ];
}

/** A text alone, where there is nothing to compare it with. @param {any} text */
function textAlone(text) {
  const starts = [...new Set([0, ...text.paragraphs])].sort((one, other) => one - other);
  return el(
    "div",
    { class: "alone" },
    starts.map((start, place) =>
      el("p", { dir: "auto" }, text.sentences.slice(start, starts[place + 1]).join(" ")),
    ),
    text.beyond
      ? el("p", { class: "note" }, `${counted(text.beyond, "more sentence")} are not shown.`)
      : null,
  );
}
