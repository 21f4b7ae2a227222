// Zendesk's three answers to a hand-off, on loopback, as fast as Node can give them. Prints its port.
import { createServer } from "node:http";

const token = JSON.stringify({
  access_token: "a".repeat(64),
  refresh_token: "r".repeat(64),
  token_type: "bearer",
  scope: "tickets:read users:read",
  expires_in: 1800,
  refresh_token_expires_in: 7_776_000,
});
const user = JSON.stringify({
  user: { id: 12345, name: "Ada Lovelace", email: "ada@acme.example", role: "admin", active: true, verified: true },
});
const current = JSON.stringify({
  token: { id: 67890, user_id: 12345, client_id: 1, scopes: ["tickets:read", "users:read"], expires_at: null },
});
const wanted = ["grant_type", "code", "redirect_uri", "code_verifier", "client_id", "client_secret", "expires_in"];

const server = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8").on("data", (text) => {
    body += text;
  });
  request.on("end", () => {
    const [status, answer] = answerTo(request, body);
    response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(answer) });
    response.end(answer);
  });
});
server.keepAliveTimeout = 60_000;

/** Whoever asks for less than the others has done other work. @param {import("node:http").IncomingMessage} request @param {string} body @returns {[number, string]} */
function answerTo({ method, url, headers }, body) {
  if (method === "POST" && url === "/oauth/tokens") {
    const given = headers["content-type"]?.includes("json")
      ? Object.keys(JSON.parse(body))
      : [...new URLSearchParams(body).keys()];
    const missing = wanted.filter((name) => !given.includes(name));
    return missing.length > 0 ? [400, JSON.stringify({ error: "invalid_request", missing })] : [200, token];
  }
  if (headers.authorization !== `Bearer ${"a".repeat(64)}`) return [401, '{"error":"invalid_token"}'];
  if (url === "/api/v2/users/me.json") return [200, user];
  if (url === "/api/v2/oauth/tokens/current.json") return [200, current];
  return [404, '{"error":"RecordNotFound"}'];
}

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  console.log(typeof address === "object" ? address?.port : address);
});
