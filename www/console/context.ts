import { endpoints, parseSubdomain } from "zendesk-auth";
import type { App } from "./app.js";
import { edit, type Field, judge, type ProfileForm, touch } from "./connect/form.js";
import { toggle } from "./connect/scopes.js";
import { whenReleased } from "./pointer.js";
import type { FormContext } from "./views/form.js";
import type { PageContext } from "./views/page.js";

const COPIED_FOR_MS = 2_500;
const WIDE = matchMedia("(min-width: 60rem)");

/** What the views are given: the state, and what each control does. */
export function contextOf(app: App): PageContext {
  const { state } = app;
  return {
    loading: state.loading,
    loadTrouble: state.loadTrouble,
    authorization: state.authorization,
    showsConnections: state.showsConnections,
    guideOpen: WIDE.matches,
    form: formContext(app),
    connected: {
      connections: state.connections,
      fresh: state.fresh,
      profiles: state.profiles,
      now: Date.now(),
      originOf: (subdomain) => originOf(subdomain, state.accountTemplate) ?? "",
      actions: {
        authorizeAgain: (connection) => app.authorizeAgain(connection),
        startOver: () => app.startOver(),
      },
    },
    notice: {
      useRedirect: () => {
        app.update({ mode: "redirect" });
        app.submit();
      },
      tryAgain: () => app.submit(),
      dismiss: () => app.update({ authorization: { phase: "idle" } }),
    },
    progress: { cancel: () => app.cancel(), tryAgain: () => app.tryAgain() },
    reload: () => location.reload(),
  };
}

function formContext(app: App): FormContext {
  const { state } = app;
  const { form, accountTemplate } = state;
  const change = (how: (form: ProfileForm) => ProfileForm) => app.update({ form: how(state.form) });
  const write = (field: Field, value: string) => change((now) => edit(now, field, value));
  return {
    form,
    verdict: judge(form, accountTemplate),
    profiles: state.profiles,
    accountTemplate,
    account: originOf(form.values.subdomain, accountTemplate),
    secretShown: state.secretShown,
    flow: state.flow,
    mode: state.mode,
    callbackUrl: app.redirectUri(),
    copied: state.copied,
    advancedOpen: state.advancedOpen,
    hasConnections: state.connections.length > 0,
    busy: state.loading,
    actions: {
      edit: write,
      // A problem that appears while a button is being pressed would move the button away.
      leave: (field) => whenReleased(() => change((now) => touch(normalised(now, field), field))),
      paste: (field, pasted) => {
        const plain = subdomainIn(pasted);
        if (plain === undefined || plain === pasted) return false;
        change((now) => touch(edit(now, field, plain), field));
        return true;
      },
      toggleScope: (name, on) =>
        change((now) => touch(edit(now, "scope", toggle(now.values.scope, name, on)), "scope")),
      showSecret: (secretShown) => app.update({ secretShown }),
      replaceSecret: (replaceSecret) => {
        change((now) => ({ ...(replaceSecret ? now : edit(now, "clientSecret", "")), replaceSecret }));
        app.update({ secretShown: false });
        document.getElementById("field-clientSecret")?.focus();
      },
      openAdvanced: (advancedOpen) => app.update({ advancedOpen }),
      choose: (choice) => app.update(choice),
      selectProfile: (id) => app.selectProfile(id),
      copyCallbackUrl: () => void copy(app),
      submit: () => app.submit(),
      backToConnections: () => app.update({ showsConnections: true, authorization: { phase: "idle" } }),
    },
  };
}

async function copy(app: App): Promise<void> {
  try {
    await navigator.clipboard.writeText(app.redirectUri());
  } catch {
    // Without permission the URL is selected, ready for the keyboard.
    document.getElementById("callback-url")?.focus();
    return;
  }
  app.update({ copied: true });
  setTimeout(() => app.update({ copied: false }), COPIED_FOR_MS);
}

/** What was typed as an address becomes the subdomain in it. */
function normalised(form: ProfileForm, field: Field): ProfileForm {
  const plain = field === "subdomain" ? subdomainIn(form.values.subdomain) : undefined;
  return plain === undefined ? form : edit(form, "subdomain", plain);
}

function subdomainIn(typed: string): string | undefined {
  try {
    return parseSubdomain(typed);
  } catch {
    return undefined;
  }
}

function originOf(typed: string, accountTemplate: string): string | undefined {
  const subdomain = subdomainIn(typed);
  return subdomain === undefined ? undefined : endpoints({ subdomain, accountTemplate }).origin;
}
