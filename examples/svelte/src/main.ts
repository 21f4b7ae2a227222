import { mount } from "svelte";
import { finishCallback } from "zendesk-auth/connect";
import App from "./App.svelte";
import { session } from "./session";
import "./style.css";

// Zendesk sends the browser here: to the popup, or to this tab where popups are blocked.
if (location.pathname === "/zendesk/callback") finishCallback({ session });
else mount(App, { target: document.body });
