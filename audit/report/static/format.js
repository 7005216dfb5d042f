/* Numbers and times as people read them. */

const numbers = new Intl.NumberFormat("en");

/** @param {number} value */
function number(value) {
  return numbers.format(value);
}

/** @param {number} share 0 to 1 */
function percent(share) {
  if (share > 0 && share < 0.01) return "<1 %";
  return `${Math.round(100 * share)} %`;
}

/** @param {number} count @param {string} one @param {string} [many] */
function counted(count, one, many = one + "s") {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/** @param {number} hours */
function span(hours) {
  const size = Math.abs(hours);
  if (size < 1) return counted(Math.round(size * 60), "minute");
  if (size < 48) return counted(Math.round(size), "hour");
  return counted(Math.round(size / 24), "day");
}

/** How much later than the origin. @param {number | null} hours */
function lag(hours) {
  if (hours === null) return "–";
  return hours < 0 ? `${span(hours)} before` : `${span(hours)} after`;
}

/** @param {number | null} seconds */
function moment(seconds) {
  return seconds === null ? "no date" : new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ");
}

/** @param {number | null} seconds */
function when(seconds) {
  if (seconds === null) return el("span", { class: "quiet" }, "no date");
  return el("time", { datetime: new Date(seconds * 1000).toISOString() }, moment(seconds));
}
