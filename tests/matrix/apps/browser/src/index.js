import "zendesk-auth/connect";
import { core } from "./core.js";

// Nothing listens there: what the element then says is a text of a language that is loaded when it is needed.
const element = document.createElement("zendesk-connect");
element.setAttribute("worker", "http://127.0.0.1:9");
element.setAttribute("language", "de");
document.body.append(element);

Object.assign(globalThis, { answers: core });
