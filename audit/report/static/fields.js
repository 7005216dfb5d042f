/* Fields of a form: what is typed, and what is chosen from a list. */

const TYPING = 150; /* Milliseconds without a key after which somebody has stopped typing. */

/** @type {[string, string]} */
const ANY_COPY = ["republished", "republished (any)"];

/** @param {string} name @param {string} label @param {(value: string) => void} act */
function typedField(name, label, act) {
  let timer = 0;
  const oninput = () => {
    clearTimeout(timer);
    timer = setTimeout(() => act(field.value), TYPING);
  };
  const field = el("input", {
    type: "search",
    id: `filter-${name}`,
    name,
    "data-label": label,
    autocomplete: "off",
    oninput,
  });
  return field;
}

/** @param {string} name @param {string} label @param {[string, string][]} options @param {(value: string) => void} act */
function chosenField(name, label, options, act) {
  const field = el(
    "select",
    { id: `filter-${name}`, name, "data-label": label, onchange: () => act(field.value) },
    el("option", { value: "" }, "all"),
    options.map(([value, words]) => el("option", { value }, words)),
  );
  return field;
}

/** Options whose words are their values. @param {Iterable<string>} values @returns {[string, string][]} */
function sameWords(values) {
  return Array.from(values, (value) => [value, cut(value, 60)]);
}
