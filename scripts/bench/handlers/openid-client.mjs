import { Hono } from "hono";
import * as openid from "openid-client";
import { handOff, refused } from "./hand-off.mjs";
import { account, ready, send } from "./shared.mjs";

const app = new Hono();

app.post("/oauth/exchange", async (c) => {
  await ready;
  try {
    const connection = await handOff(c.req.header("authorization"), await c.req.json(), async (profile, asked) => {
      const server = { issuer: account, token_endpoint: `${account}/oauth/tokens` };
      const method = openid.ClientSecretPost(profile.clientSecret);
      const configuration = new openid.Configuration(server, profile.clientId, undefined, method);
      configuration[openid.customFetch] = /** @type {openid.CustomFetch} */ (send);
      const callback = new URL(asked.redirectUri);
      callback.searchParams.set("code", asked.code);
      const checks = { pkceCodeVerifier: asked.codeVerifier };
      return openid.authorizationCodeGrant(configuration, callback, checks, { expires_in: "1800" });
    });
    return c.json(connection, 201, { "cache-control": "no-store" });
  } catch (error) {
    const { status, body } = refused(error);
    return c.json(body, /** @type {any} */ (status));
  }
});

export default app;
