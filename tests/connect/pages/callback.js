import { finishCallback } from "/pkg/connect.js";

// A product knows who is signed in by its own cookie; here the page that began says it.
const who = sessionStorage.getItem("who") ?? "";
const { status } = await finishCallback({
  session: async () => (await fetch(`/test/session?${who}`)).text(),
});
document.documentElement.dataset.status = status;
