(() => {
  "use strict";
  const REPORTED = 300; // characters of a block's text that a report repeats
  const PATIENCE = 150; // milliseconds after the last key before a search
  const form = document.querySelector(".filters");
  const rows = [...document.querySelectorAll(".block")];
  const bunches = [...document.querySelectorAll(".blocks")];
  const types = [...form.querySelectorAll("input[name=type]")];
  const status = form.elements.shown;
  const own = rows.filter((row) => row.id);
  const allWords = own.reduce((sum, row) => sum + Number(row.dataset.words), 0);
  const texts = new Map();

  function textOf(row) {
    if (!texts.has(row)) texts.set(row, row.querySelector(".text").textContent.toLowerCase());
    return texts.get(row);
  }

  function number(value) {
    return value.toLocaleString("en");
  }

  function apply() {
    const wanted = new Set(types.filter((box) => box.checked).map((box) => box.value));
    const below = Number(form.elements.confidence.value || 2);
    const searched = form.elements.text.value.trim().toLowerCase();
    const changed = form.elements.changed?.checked;
    let blocks = 0;
    let words = 0;
    let gone = 0;
    for (const row of rows) {
      const { dataset } = row;
      row.hidden =
        (!wanted.has(dataset.type) && (row.id !== "" || wanted.size < types.length)) ||
        Number(dataset.confidence) >= below ||
        (changed && !("changed" in dataset)) ||
        (searched !== "" && !textOf(row).includes(searched));
      if (row.hidden) continue;
      if (row.id) blocks += 1;
      else gone += 1;
      words += Number(dataset.words);
    }
    for (const bunch of bunches) bunch.hidden = [...bunch.children].every((row) => row.hidden);
    status.textContent =
      `${number(blocks)} of ${number(own.length)} blocks shown, ${number(words)} of ${number(allWords)} words` +
      (gone ? `, and ${number(gone)} that ${gone === 1 ? "is" : "are"} only in the other record` : "");
  }

  function choose(which) {
    for (const box of types) {
      box.checked = which === "all" || (which !== "none" && (box.dataset.kept === "1") === (which === "kept"));
    }
    apply();
  }

  function go(target) {
    target.hidden = false;
    if (target.matches(".block")) target.parentElement.hidden = false;
    target.tabIndex = -1;
    document.querySelector(".found")?.classList.remove("found");
    target.classList.add("found");
    target.scrollIntoView({ block: target.matches("section") ? "start" : "center" });
    target.focus({ preventScroll: true });
  }

  function report(row) {
    return JSON.stringify(
      {
        url: document.body.dataset.url || null,
        path: row.dataset.path,
        text: row.querySelector(".text").textContent.slice(0, REPORTED),
        type: row.dataset.type,
        confidence: Number(row.dataset.confidence),
        reason: row.querySelector(".reason").textContent,
        version: document.body.dataset.version,
      },
      null,
      2,
    );
  }

  async function copy(row, button) {
    const text = report(row);
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
      status.textContent = `Block ${row.id.slice(1)} was copied as a report.`;
    } catch {
      // No clipboard outside secure contexts, or not for this page.
      const area = row.querySelector(".report") ?? document.createElement("textarea");
      area.className = "report";
      area.readOnly = true;
      area.rows = 10;
      area.value = text;
      area.setAttribute("aria-label", `Report of block ${row.id.slice(1)}`);
      row.append(area);
      area.focus();
      area.select();
      status.textContent = "The report is selected; copy it with Ctrl+C.";
    }
  }

  let waiting = 0;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => {
    clearTimeout(waiting);
    if (event.target.name === "text") waiting = setTimeout(apply, PATIENCE);
    else apply();
  });
  form.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-choose]");
    if (chosen) choose(chosen.dataset.choose);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link) {
      const target = document.getElementById(link.getAttribute("href").slice(1));
      if (target) {
        event.preventDefault();
        go(target);
      }
      return;
    }
    const button = event.target.closest(".copy");
    if (button) {
      copy(button.closest(".block"), button);
      return;
    }
    if (event.target.closest("a, button, input, textarea") || String(getSelection())) return;
    const clicked = event.target.closest(".block, .piece");
    const there = clicked?.querySelector("a.number")?.getAttribute("href").slice(1);
    if (there) go(document.getElementById(there));
  });
  apply();
})();
