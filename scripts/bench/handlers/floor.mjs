import { account, profile, ready, redirectUri, send } from "./shared.mjs";

/** The same three requests to Zendesk with an answer of the same length, and nothing judged, sealed or stored. */
export default {
  /** @param {Request} request */
  async fetch(request) {
    await ready;
    if (request.method !== "POST") return new Response("", { status: 404 });
    const { code, codeVerifier } = await request.json();
    const { clientId: client_id, clientSecret: client_secret } = profile;
    const tokens = await send(`${account}/oauth/tokens`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "authorization_code",
        code,
        redirect_uri: redirectUri,
        code_verifier: codeVerifier,
        client_id,
        client_secret,
        expires_in: "1800",
      }),
    });
    const { access_token } = /** @type {any} */ (await tokens.json());
    const headers = { authorization: `Bearer ${access_token}` };
    const [user] = await Promise.all(
      ["/api/v2/users/me.json", "/api/v2/oauth/tokens/current.json"].map(async (path) =>
        (await send(`${account}${path}`, { headers })).json(),
      ),
    );
    return Response.json(user, { status: 201 });
  },
};
