/* Small charts that need no axis: bars of statuses, bars of hours and weekdays, days on a line. */

const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** A bar of statuses. @param {string[]} statuses @param {Record<string, number>} counts */
function statusBar(statuses, counts) {
  const present = statuses.filter((status) => counts[status]);
  const total = d3.sum(present, (status) => counts[status]);
  let start = 0;
  const parts = present.map((status) => {
    const width = (1000 * counts[status]) / total;
    start += width;
    return svg("rect", { class: `s-${status}`, x: start - width, y: 0, width, height: 10 });
  });
  const label = present.map((status) => `${status} ${number(counts[status])}`).join(", ") || "no articles";
  return svg(
    "svg",
    {
      class: "bar-small",
      viewBox: "0 0 1000 10",
      preserveAspectRatio: "none",
      role: "img",
      "aria-label": label,
    },
    parts,
  );
}

/**
 * Counts as columns, with the figures in its description.
 * @param {string} title @param {number[]} counts @param {string[]} names of the columns
 * @param {number[]} ticks places of those whose name is written
 */
function columns(title, counts, names, ticks) {
  const [width, height, gap] = [counts.length > 12 ? 12 : 22, 56, 2];
  const top = Math.max(1, ...counts);
  const label = `${title}: ` + counts.map((count, place) => `${names[place]} ${count}`).join(", ");
  return el(
    "figure",
    { class: "columns" },
    el("figcaption", {}, title),
    svg(
      "svg",
      {
        viewBox: `0 0 ${counts.length * width} ${height + 16}`,
        width: counts.length * width,
        height: height + 16,
        role: "img",
        "aria-label": label,
      },
      counts.map((count, place) =>
        svg("rect", {
          class: "column",
          x: place * width + gap / 2,
          width: width - gap,
          y: height - (height * count) / top,
          height: Math.max((height * count) / top, count ? 1 : 0),
        }),
      ),
      svg("line", { class: "axis", x1: 0, x2: counts.length * width, y1: height + 0.5, y2: height + 0.5 }),
      ticks.map((place) =>
        svg(
          "text",
          { class: "tick", x: place * width + width / 2, y: height + 12, "text-anchor": "middle" },
          names[place].slice(0, 2),
        ),
      ),
    ),
  );
}

/** Articles a day as columns on a line of time. @param {[string, number][]} days */
function daysLine(days) {
  const [width, height] = [560, 48];
  const dates = days.map(([day]) => new Date(`${day}T00:00:00Z`));
  const last = d3.utcDay.offset(dates[dates.length - 1], 1);
  const x = d3.scaleUtc([dates[0], last], [0, width]);
  const top = d3.max(days, ([, count]) => count);
  const bar = Math.max(1, Math.min(18, width / Math.max(1, d3.utcDay.count(dates[0], last)) - 1));
  const title = `Articles a day: ${days[0][0]} to ${days[days.length - 1][0]}, at most ${top}`;
  return el(
    "figure",
    { class: "days" },
    el("figcaption", {}, title),
    svg(
      "svg",
      { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": title, preserveAspectRatio: "none" },
      days.map(([, count], place) =>
        svg("rect", {
          class: "column",
          x: x(dates[place]),
          width: bar,
          y: height - (height * count) / top,
          height: (height * count) / top,
        }),
      ),
      svg("line", { class: "axis", x1: 0, x2: width, y1: height - 0.5, y2: height - 0.5 }),
    ),
  );
}

/** Quartiles of a lag on a line that is the same for all of a site's sources. @param {any} found @param {number} most in hours */
function lagBox(found, most) {
  const x = d3.scaleSymlog([Math.min(0, found.lower_hours), most], [2, 118]).constant(6);
  const label = `half of them ${span(found.lower_hours)} to ${span(found.upper_hours)}, median ${span(found.median_hours)}`;
  return svg(
    "svg",
    { class: "lag", viewBox: "0 0 120 14", width: 120, height: 14, role: "img", "aria-label": label },
    svg("line", { class: "axis", x1: x(0), x2: 118, y1: 7, y2: 7 }),
    svg("rect", {
      class: "box",
      x: x(found.lower_hours),
      width: Math.max(2, x(found.upper_hours) - x(found.lower_hours)),
      y: 3,
      height: 8,
    }),
    svg("line", { class: "middle", x1: x(found.median_hours), x2: x(found.median_hours), y1: 0, y2: 14 }),
  );
}
