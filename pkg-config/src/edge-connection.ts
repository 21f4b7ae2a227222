import type { ConnectionOptions, Credentials, EdgeConfig, EdgeConnection } from "./edge-types.js";
import { ZendeskAuthError } from "./error.js";

type Ask = (request: Request) => Promise<{ response: Response; isPassedBack: boolean }>;

/** A connection for the product's own code, which may use it as a backend may. */
export function connection(
  config: EdgeConfig,
  id: string,
  { tenant = "default" }: ConnectionOptions = {},
  ask: Ask,
): EdgeConnection {
  const base = `${config.publicUrl.replace(/\/+$/, "")}/connections/${encodeURIComponent(id)}`;
  const named = `tenant=${encodeURIComponent(tenant)}`;
  return {
    async credentials(): Promise<Credentials> {
      const { response } = await ask(new Request(`${base}/credentials?${named}`));
      if (!response.ok) throw await refusal(response);
      return (await response.json()) as Credentials;
    },

    async fetch(path, init): Promise<Response> {
      const proxy = `${base}/proxy/`;
      const url = new URL(proxy + path.replace(/^\/+/, ""));
      // What climbs out of the proxy would be another call, made with the same rights.
      if (!url.href.startsWith(new URL(proxy).href)) {
        throw new ZendeskAuthError("proxy_path_refused", "only paths under `/api/` can be called, without `..`");
      }
      url.search += (url.search ? "&" : "?") + named;
      const { response, isPassedBack } = await ask(new Request(url, init));
      if (isPassedBack) return response;
      throw await refusal(response);
    },
  };
}

async function refusal(response: Response): Promise<ZendeskAuthError> {
  const { code, detail, error, errorDescription, retryAfter } = Object(await response.json().catch(() => undefined));
  const details = { status: response.status, error, errorDescription, retryAfter };
  return new ZendeskAuthError(
    String(code ?? "internal"),
    String(detail ?? "something went wrong on our side"),
    details,
  );
}
