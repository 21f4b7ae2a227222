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
 * The focus comes to what happened.
 *
 * @param {import("playwright-core").Page} page
 * @param {RegExp} id
 */
export async function seeFocus(page, id) {
  for (let look = 0; look < 40; look += 1) {
    if (id.test((await focused(page, "id")) ?? "")) return;
    await page.waitForTimeout(50);
  }
  assert.fail(`the focus is at ${await focused(page, "id")}, not at ${id}`);
}

/**
 * Presses the Tab key until it is there.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} attribute
 * @param {string} value
 */
export async function tabTo(page, attribute, value, presses = 60) {
  for (let press = 0; press < presses; press += 1) {
    await page.keyboard.press("Tab");
    if ((await focused(page, attribute)) === value) return;
  }
  assert.fail(`the Tab key does not reach ${attribute}=${value}`);
}

/**
 * Presses the Tab key until a button or link that reads like this has the focus, then Enter.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} text
 */
export async function pressByKeyboard(page, text, presses = 60) {
  for (let press = 0; press < presses; press += 1) {
    await page.keyboard.press("Tab");
    const reads = await page.evaluate(() => {
      let active = document.activeElement;
      while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
      return active?.textContent?.trim().replace(/\s+/g, " ");
    });
    if (reads === text) return page.keyboard.press("Enter");
  }
  assert.fail(`the Tab key does not reach “${text}”`);
}

/**
 * Moves into a group of radio buttons with the Tab key, and to one of them with the arrows.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} name
 * @param {string} value
 */
export async function pickByKeyboard(page, name, value) {
  await tabTo(page, "name", name);
  await page.keyboard.press("Space");
  for (let press = 0; press < 5; press += 1) {
    if ((await focused(page, "value")) === value) return;
    await page.keyboard.press("ArrowDown");
  }
  assert.fail(`the arrows do not reach ${name}=${value}`);
}
