import { html, nothing } from "lit";
import { isUnfinished } from "../setup-model.js";
import type { Integration } from "../types.js";
import { connectionCard } from "./connected.js";
import { type Context, type View, when } from "./context.js";
import { setupView } from "./setup.js";

/** An admin: how the integration stands, and everything to change it. */
export function adminView(context: Context): View[] {
  const { state } = context;
  const { integration } = state;
  if (integration === undefined) return [];
  const cards: View[] = state.connections.map((connection) => connectionCard(context, connection));
  const setup: View = state.view === "setup" ? setupView(context) : nothing;
  return [stateCard(context, integration), setup, ...cards];
}

function stateCard(context: Context, integration: Integration): View {
  const { state, words } = context;
  const { enabled } = integration;
  const tone = { enabled: "good", ready: "warn", "reauthorization-required": "bad" }[integration.state as string] ?? "";
  const isOpen = state.view === "setup";
  return html`<section class="card state" part="card state" aria-labelledby="state-title">
    <div class="state-head">
      <h2 id="state-title" tabindex="-1">${words.text("ui.integration.title")}</h2>
      <span class="badge ${tone}" part="badge state-badge">${words.text(`state.${integration.state}`)}</span>
    </div>
    ${summary(context, integration)}
    <p>${words.text(`ui.next.${integration.state}`)}</p>
    ${isOpen && !enabled && isUnfinished(integration) ? nothing : stateActions(context, integration)}
  </section>`;
}

function stateActions({ state, words, setup }: Context, integration: Integration): View {
  const isOpen = state.view === "setup";
  return html`<div class="actions">
      ${when(
        integration.state === "ready",
        () => html`<button
          type="button"
          class="primary"
          part="button primary-button"
          ?disabled=${state.busy}
          @click=${() => setup.switch(true)}
        >
          ${words.text("ui.enable")}
        </button>`,
      )}
      ${when(
        integration.enabled,
        () => html`<button type="button" part="button" ?disabled=${state.busy} @click=${() => setup.switch(false)}>
          ${words.text("ui.disable")}
        </button>`,
      )}
      ${when(
        !isOpen,
        () => html`<button
          type="button"
          class=${isUnfinished(integration) ? "primary" : "quiet"}
          part="button"
          @click=${() => setup.open()}
        >
          ${words.text(isUnfinished(integration) ? "ui.set_up" : "ui.change")}
        </button>`,
      )}
      ${when(
        isOpen && !isUnfinished(integration),
        () => html`<button type="button" class="quiet" part="button" @click=${() => setup.close()}>
          ${words.text("ui.close")}
        </button>`,
      )}
    </div>`;
}

function summary({ state, words }: Context, { authorization, access, profile }: Integration): View {
  if (authorization === null || access === null) return nothing;
  const name = state.profiles.find(({ id }) => id === profile)?.name;
  return html`<ul class="chosen">
    <li>${words.text(`choice.${authorization}.label`)}</li>
    <li>${words.text(`ui.access.${access}`)}</li>
    ${name === undefined ? nothing : html`<li>${name}</li>`}
  </ul>`;
}
