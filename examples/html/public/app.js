import "zendesk-auth/connect";

const [element] = document.getElementsByTagName("zendesk-connect");
const [outcome] = document.getElementsByTagName("output");

element.session = async () => {
  const response = await fetch("/api/zendesk-session", { method: "POST" });
  if (!response.ok) throw new Error(`the backend gave no session: ${response.status}`);
  return (await response.json()).session;
};

element.addEventListener("zendesk-connected", ({ detail: { connection } }) => {
  outcome.value = `${connection.subdomain} is connected as ${connection.user.name}.`;
});
element.addEventListener("zendesk-disconnected", ({ detail: { revoked } }) => {
  outcome.value = `Disconnected; revoked at Zendesk: ${revoked}.`;
});
element.addEventListener("zendesk-failed", ({ detail: { code, message } }) => {
  outcome.value = `${message} (${code})`;
});
