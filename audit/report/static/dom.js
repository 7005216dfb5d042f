/* Elements: the only way in which this page is built. Text is text, never markup. */

const SVG = "http://www.w3.org/2000/svg";
const LONGEST_LINK = 2000;
const LONGEST_NAME = 300;

/**
 * Add attributes, listeners (keys that begin with "on") and children to an element. What is null, undefined
 * or false is left out.
 * @template {Element} E
 * @param {E} element
 * @param {Record<string, any>} given
 * @param {any[]} children
 * @returns {E}
 */
function filled(element, given, children) {
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat(9)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

/**
 * An element of HTML.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name @param {Record<string, any>} [given] @param {...any} children
 * @returns {HTMLElementTagNameMap[K]}
 */
function el(name, given = {}, ...children) {
  return filled(document.createElement(name), given, children);
}

/**
 * An element of SVG.
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} name @param {Record<string, any>} [given] @param {...any} children
 * @returns {SVGElementTagNameMap[K]}
 */
function svg(name, given = {}, ...children) {
  return filled(document.createElementNS(SVG, name), given, children);
}

/** Text of a crawled page, which runs in its own direction. @param {string | null} text */
function page(text) {
  return el("bdi", { dir: "auto" }, cut(text ?? "", LONGEST_NAME));
}

/** @param {string} text @param {number} most */
function cut(text, most) {
  return text.length <= most ? text : text.slice(0, most).trimEnd() + "…";
}

/**
 * An address that the page may link to: of the web, and whole.
 * @param {string | null} url
 * @returns {string | null}
 */
function safe(url) {
  if (!url || url.length > LONGEST_LINK || /[\s\ufffd\u0000-\u001f]|…$/u.test(url)) return null;
  let found;
  try {
    found = new URL(url);
  } catch {
    return null;
  }
  return found.protocol === "https:" || found.protocol === "http:" ? url : null;
}

/** A link out of the report, or the address as text where it is none. @param {string | null} url */
function outward(url) {
  const href = safe(url);
  const words = page(url);
  if (!href) return words;
  return el("a", { href, rel: "noopener noreferrer nofollow", target: "_blank", class: "out" }, words);
}

/** @param {Element} element @param {...any} children */
function replace(element, ...children) {
  element.replaceChildren();
  filled(element, {}, children);
}

/** A part that scrolls by itself, reachable by keyboard. @param {string} label @param {...any} children */
function scrolling(label, ...children) {
  return el("div", { class: "scroll", role: "region", "aria-label": label, tabindex: "0" }, ...children);
}

/** The sign of a status: its colour and its word. @param {string} status */
function statusMark(status) {
  return el(
    "span",
    { class: "status" },
    el("span", { class: `dot s-${status}`, "aria-hidden": "true" }),
    status,
  );
}
