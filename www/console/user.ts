import "zendesk-auth/connect";
import { keepWhoseTab, mintSession } from "./session.js";
import { readSettings } from "./settings.js";

/** A page of an embedding product, as small as it gets: one element, given a session of whoever is signed in. */
const subject = new URLSearchParams(location.search).get("subject") ?? "";
keepWhoseTab(subject);
const { flow, mode, language } = readSettings(localStorage);

const signedIn = document.getElementById("signed-in");
if (signedIn !== null) signedIn.textContent = subject;

const element = document.querySelector("zendesk-connect");
if (element !== null) {
  element.flow = flow;
  element.mode = mode;
  element.language = language;
  element.session = () => mintSession(subject);
}
