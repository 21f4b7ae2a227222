import { problemOf } from "./problem.js";
import { mintSession } from "./session.js";
import type { Connection, Integration, Link, LinkRequest, Revoked, SessionInfo } from "./types.js";

/** The worker's calls that `<zendesk-connect>` does not make: users' connections and authorization links. */
export class Api {
  #session: Promise<string> | undefined;

  session = () => this.#call<SessionInfo>("GET", "/session");

  integration = () => this.#call<Integration>("GET", "/integration");

  async connections(): Promise<Connection[]> {
    const all: Connection[] = [];
    let query = "";
    for (;;) {
      const page = await this.#call<{ connections: Connection[]; cursor?: string }>("GET", `/connections${query}`);
      all.push(...page.connections);
      if (page.cursor === undefined) return all;
      query = `?cursor=${encodeURIComponent(page.cursor)}`;
    }
  }

  disconnect = (id: string) => this.#call<{ revoked: Revoked }>("DELETE", `/connections/${encodeURIComponent(id)}`);

  createLink = (body: LinkRequest) => this.#call<Link & { url: string }>("POST", "/links", body);

  link = (id: string) => this.#call<Link>("GET", `/links/${encodeURIComponent(id)}`);

  revokeLink = (id: string) => this.#call<undefined>("DELETE", `/links/${encodeURIComponent(id)}`);

  async #call<T>(method: string, path: string, body?: object): Promise<T> {
    let response = await this.#send(method, path, body);
    if (response.status === 401) {
      this.#session = undefined;
      response = await this.#send(method, path, body);
    }
    if (!response.ok) throw await problemOf(response);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  async #send(method: string, path: string, body?: object): Promise<Response> {
    this.#session ??= mintSession();
    const session = await this.#session.catch((failure: unknown) => {
      this.#session = undefined;
      throw failure;
    });
    return fetch(path, {
      method,
      headers: { authorization: `Bearer ${session}`, ...(body && { "content-type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
    });
  }
}
