/** @typedef {{ goal: string, ratio: number, limit: number, isMet: boolean, section: string }} Goal */

/** @param {any} spread */
const median = (spread) => spread?.median ?? spread ?? Number.NaN;

/** What the sections are held against: a ratio of medians of one run, and its limit. @type {[string, string, (results: any) => number, number][]} */
const goals = [
  ["start", "start: ours in Node / arctic", ({ start }) => median(start.ours_node) / median(start.arctic), 0.2],
  [
    "start",
    "start: ours in Node / openid-client",
    ({ start }) => median(start.ours_node) / median(start.openid_client),
    0.05,
  ],
  [
    "start",
    "start: ours in Node / the same Rust natively",
    ({ start }) => median(start.ours_node) / median(start.native),
    3,
  ],
  [
    "callback",
    "callback: ours / oauth4webapi",
    ({ callback }) => median(callback.ours) / median(callback.oauth4webapi),
    0.5,
  ],
  [
    "worker",
    "worker: openid-client's callbacks per CPU-second / ours",
    ({ worker }) => worker.openid_client.per_cpu_second / worker.ours.per_cpu_second,
    1 / 1.3,
  ],
  [
    "cold",
    "cold in workerd: ours / openid-client",
    ({ cold }) => median(cold.workerd.ours) / median(cold.workerd.openid_client),
    1.2,
  ],
  ["refresh", "refresh: calls upstream for 1,000 at once", ({ refresh }) => refresh.thousand_upstream, 1],
  [
    "scale",
    "scale: a million connections / a thousand, the worst",
    ({ scale }) => Math.max(...scale.rows.map((/** @type {any} */ row) => row.ratio)),
    1.3,
  ],
  ["memory", "memory: after all requests / after 10,000", ({ memory }) => memory.ratio, 1.1],
];

/** @param {Record<string, unknown>} results @returns {Goal[]} */
export function judged(results) {
  return goals
    .filter(([section]) => results[section])
    .map(([section, goal, of, limit]) => {
      const ratio = of(results);
      return { section, goal, ratio, limit, isMet: ratio <= limit };
    });
}
