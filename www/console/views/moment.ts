import { html, type TemplateResult } from "lit";

const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" });

/** "today at 18:11", or "on" a day. */
export function moment(rfc3339: string): TemplateResult {
  const when = new Date(rfc3339);
  return html`<time datetime=${rfc3339}>${isToday(when) ? "today" : `on ${DAY.format(when)}`} at ${CLOCK.format(when)}</time>`;
}

/** "18:11", and the day where it is another. */
export function until(rfc3339: string): TemplateResult {
  const when = new Date(rfc3339);
  return html`<time datetime=${rfc3339}>${CLOCK.format(when)}${isToday(when) ? "" : ` on ${DAY.format(when)}`}</time>`;
}

function isToday(when: Date): boolean {
  return when.toDateString() === new Date().toDateString();
}
