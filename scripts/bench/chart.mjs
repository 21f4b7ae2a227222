const width = 720;
const bar = 22;
const left = 190;
const right = 110;

/**
 * Bars of the start and the callback, on a scale of their own each.
 * @param {Record<string, any>} results
 * @returns {string | undefined}
 */
export function chart({ start, callback, worker }) {
  /** @type {{ title: string, bars: [string, number][] }[]} */
  const groups = [];
  const medians = (/** @type {Record<string, { median: number }>} */ of) =>
    Object.entries(of).map(([name, { median }]) => /** @type {[string, number]} */ ([name, median]));
  if (start) groups.push({ title: "Start of an authorization, µs (less is better)", bars: medians(start) });
  if (callback) groups.push({ title: "Callback, µs (less is better)", bars: medians(callback) });
  if (worker) {
    const bars = Object.entries(worker).map(
      ([name, of]) => /** @type {[string, number]} */ ([name, of.per_cpu_second]),
    );
    groups.push({ title: "Hand-offs in workerd per CPU-second (more is better)", bars });
  }
  if (groups.length === 0) return undefined;
  const lines = [];
  let y = 12;
  for (const { title, bars } of groups) {
    y += 22;
    lines.push(`<text x="12" y="${y}" class="title">${title}</text>`);
    y += 10;
    const most = Math.max(...bars.map(([, value]) => value));
    for (const [name, value] of bars) {
      const length = Math.max(1, Math.round((value / most) * (width - left - right)));
      const kind = name.startsWith("ours") ? "ours" : "peer";
      lines.push(
        `<text x="${left - 8}" y="${y + 15}" class="name">${name.replaceAll("_", " ")}</text>`,
        `<rect x="${left}" y="${y}" width="${length}" height="${bar - 4}" class="${kind}"/>`,
        `<text x="${left + length + 6}" y="${y + 14}">${value.toLocaleString("en", { maximumFractionDigits: value < 100 ? 1 : 0 })}</text>`,
      );
      y += bar;
    }
    y += 8;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y + 4}" role="img">
<title>${groups.map(({ title }) => title).join("; ")}</title>
<style>text{font:13px system-ui,sans-serif;fill:#24292f}.title{font-weight:600}.name{text-anchor:end}.ours{fill:#1f73b7}.peer{fill:#9aa5b1}rect.back{fill:#fff}</style>
<rect class="back" width="${width}" height="${y + 4}"/>
${lines.join("\n")}
</svg>
`;
}
