/* Where the data come from: this page itself, or the server that gave it. */

/** Data that stand in the page, inflated when they are asked for. */
class EmbeddedSource {
  constructor() {
    this.searches = false;
    /** @type {Map<number, Promise<any>>} */
    this.chunks = new Map();
  }

  findings() {
    return inflated("findings");
  }

  /** @param {number} story @param {Corpus} corpus @returns {Promise<any | null>} */
  async story(story, corpus) {
    const chunk = corpus.texts[story];
    if (chunk === undefined) return null;
    if (!this.chunks.has(chunk)) this.chunks.set(chunk, inflated(`texts-${chunk}`));
    return (await this.chunks.get(chunk))[story] ?? null;
  }

  /** @returns {Promise<{total: number, hits: any[]}>} */
  async search() {
    return { total: 0, hits: [] };
  }
}

/** Data that a server gives. */
class LiveSource {
  constructor() {
    this.searches = true;
    /** @type {Map<number, Promise<any>>} */
    this.stories = new Map();
  }

  findings() {
    return asked("data/findings");
  }

  /** @param {number} story @returns {Promise<any | null>} */
  story(story) {
    if (!this.stories.has(story)) {
      const answer = asked(`data/story/${story}`);
      this.stories.set(story, answer);
      answer.catch(() => this.stories.delete(story));
    }
    return /** @type {Promise<any>} */ (this.stories.get(story));
  }

  /** @param {string} words @returns {Promise<{total: number, hits: any[]}>} */
  search(words) {
    return asked(`search?q=${encodeURIComponent(words)}`);
  }
}

/** @param {string} path */
async function asked(path) {
  const answer = await fetch(path, { headers: { accept: "application/json" } });
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(`the server answered ${answer.status} to ${path}`);
  return answer.json();
}

/** @param {string} id of a data block: JSON, deflated, in base64 */
async function inflated(id) {
  const text = atob(document.getElementById(id)?.textContent ?? "");
  const bytes = new Uint8Array(text.length);
  for (let place = 0; place < text.length; place += 1) bytes[place] = text.charCodeAt(place);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).json();
}
