import assert from "node:assert/strict";

/**
 * The text as people see it, line by line.
 *
 * @param {import("playwright-core").Locator} locator
 */
export function shownText(locator) {
  return locator.innerText();
}

/**
 * @param {string} text
 * @param {string} title
 */
export function assertSentences(text, title) {
  const lines = text.split("\n").map((line) => line.trim());
  const sentences = lines.filter((line) => /^[A-Z].*[.!?…]$/.test(line));
  assert.ok(sentences.length >= 1, `no sentence under “${title}”: ${text}`);
  assert.doesNotMatch(text, /undefined|null|\[object|NaN|[a-z]+_[a-z]+ is|Error:/);
}

/**
 * An attribute of what has the focus, also inside of a shadow tree.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} name
 */
export function focused(page, name) {
  return page.evaluate((attribute) => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    return active?.getAttribute(attribute) ?? null;
  }, name);
}

/**
 * Presses the Tab key until it is there.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} attribute
 * @param {string} value
 */
export async function tabTo(page, attribute, value, presses = 40) {
  for (let press = 0; press < presses; press += 1) {
    await page.keyboard.press("Tab");
    if ((await focused(page, attribute)) === value) return;
  }
  assert.fail(`the Tab key does not reach ${attribute}=${value}`);
}
