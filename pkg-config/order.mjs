/**
 * A module in text form, as wasm-opt writes it, with functions that are alike beside each other: brotli finds repetitions
 * the cheaper the nearer they are. More than a kilobyte in a hundred, and no other difference. Each function is followed by the
 * one of those left that shares most pairs of instructions with it, rare pairs counting for more.
 * @param {string} text
 */
export function orderFunctions(text) {
  const start = text.indexOf("\n (func ");
  const end = text.lastIndexOf("\n)");
  const functions = text.slice(start, end).split(/(?=\n \(func )/);
  const kinds = functions.map(pairsOf);
  /** @type {Map<string, number[]>} */
  const holders = new Map();
  for (const [index, pairs] of kinds.entries()) {
    for (const pair of pairs) {
      const known = holders.get(pair);
      if (known) known.push(index);
      else holders.set(pair, [index]);
    }
  }
  /** @param {string} pair */
  const weight = (pair) => Math.log(functions.length / (holders.get(pair)?.length ?? 1));
  const weights = kinds.map((pairs) => pairs.reduce((sum, pair) => sum + weight(pair), 1));

  const left = new Set(functions.keys());
  const ordered = [];
  let next = largest(left, (index) => kinds[index]?.length ?? 0);
  while (next !== undefined) {
    const current = next;
    left.delete(current);
    ordered.push(functions[current]);
    /** @type {Map<number, number>} */
    const shared = new Map();
    for (const pair of kinds[current] ?? []) {
      const others = holders.get(pair) ?? [];
      // What is in every fifth function says little, and would take long.
      if (others.length > functions.length / 5) continue;
      for (const other of others) if (left.has(other)) shared.set(other, (shared.get(other) ?? 0) + weight(pair));
    }
    const own = weights[current] ?? 1;
    next = largest(shared.keys(), (index) => {
      const common = shared.get(index) ?? 0;
      return common / (own + (weights[index] ?? 1) - common);
    });
    next ??= left.values().next().value;
  }
  return text.slice(0, start) + ordered.join("") + text.slice(end);
}

/**
 * Each two instructions that follow each other, with their immediates, once.
 * @param {string} text
 */
function pairsOf(text) {
  const instructions = Array.from(
    text.matchAll(
      /\((?:((?:i32|i64)\.const [^)\s]+|local\.\w+ \$\d+|call \$(?:"[^"]*"|[^\s)]+))|([a-z0-9_.]+(?: offset=\d+)?))/g,
    ),
    ([all]) => all,
  );
  return [...new Set(instructions.map((each, index) => `${each} ${instructions[index + 1]}`))];
}

/**
 * The first of those with the greatest measure.
 * @param {Iterable<number>} indices
 * @param {(index: number) => number} measure
 */
function largest(indices, measure) {
  /** @type {number | undefined} */
  let best;
  let most = Number.NEGATIVE_INFINITY;
  for (const index of indices) {
    const measured = measure(index);
    if (measured > most) [best, most] = [index, measured];
  }
  return best;
}
