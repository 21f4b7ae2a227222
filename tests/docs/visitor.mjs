/** A browser on an authorization link's page, as far as Node's fetch can be one: it keeps cookies. @param {string} url */
export function visitor(url) {
  /** @type {Map<string, string>} */
  const cookies = new Map();
  /** @param {string | URL} address @param {RequestInit} [init] @returns {Promise<string>} */
  const ask = async (address, init) => {
    const cookie = [...cookies].map((each) => each.join("=")).join("; ");
    const headers = { ...(cookie && { cookie }), origin: new URL(url).origin };
    const answer = await fetch(address, { ...init, headers });
    for (const set of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === "" || /max-age=0/i.test(set)) cookies.delete(name);
      else cookies.set(name, value);
    }
    const location = answer.headers.get("location");
    return location === null ? answer.text() : ask(new URL(location, address));
  };
  return {
    /** What is shown there, after redirects. @param {string | URL} [address] */
    open: (address = url) => ask(address),
    /** @param {Record<string, string>} fields */
    submit: (fields) => ask(url, { method: "POST", body: new URLSearchParams(fields) }),
  };
}
