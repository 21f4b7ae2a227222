import "zendesk-auth/connect";
import { App } from "./app.js";

const root = document.getElementById("console");
if (root !== null) new App(root).start();
