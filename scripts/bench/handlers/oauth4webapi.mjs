import * as oauth from "oauth4webapi";
import { handOff, refused } from "./hand-off.mjs";
import { account, ready, send } from "./shared.mjs";

const server = { issuer: account, token_endpoint: `${account}/oauth/tokens` };

export default {
  /** @param {Request} request */
  async fetch(request) {
    await ready;
    const { pathname } = new URL(request.url);
    if (request.method !== "POST" || pathname !== "/oauth/exchange") return new Response("", { status: 404 });
    try {
      const body = await request.json();
      const connection = await handOff(request.headers.get("authorization"), body, async (profile, asked) => {
        const client = { client_id: profile.clientId };
        const callback = oauth.validateAuthResponse(server, client, new URLSearchParams({ code: asked.code }));
        const response = await oauth.authorizationCodeGrantRequest(
          server,
          client,
          oauth.ClientSecretPost(profile.clientSecret),
          callback,
          asked.redirectUri,
          asked.codeVerifier,
          { [oauth.customFetch]: /** @type {any} */ (send), additionalParameters: { expires_in: "1800" } },
        );
        return oauth.processAuthorizationCodeResponse(server, client, response);
      });
      return Response.json(connection, { status: 201, headers: { "cache-control": "no-store" } });
    } catch (error) {
      const { status, body } = refused(error);
      return Response.json(body, { status });
    }
  },
};
