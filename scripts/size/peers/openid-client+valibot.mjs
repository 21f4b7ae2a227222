// With the three forms, in valibot.
import * as v from "valibot";

export * from "./openid-client.mjs";

const subdomain = v.pipe(
  v.string(),
  v.trim(),
  v.toLowerCase(),
  v.transform((typed) =>
    typed
      .replace(/^https?:\/\//, "")
      .replace(/[/?#].*$/, "")
      .replace(/\.zendesk\.com$/, ""),
  ),
  v.nonEmpty("enter the subdomain"),
  v.maxLength(63, "a subdomain has at most 63 characters"),
  v.regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, "a subdomain has only the letters a to z, digits and dashes"),
);
const line = (/** @type {number} */ limit) =>
  v.pipe(v.string(), v.trim(), v.nonEmpty("fill in this field"), v.maxLength(limit, "this is too long"));
const token = v.pipe(line(255), v.regex(/^\S+$/, "this has a space inside"));
const endpoint = v.optional(v.pipe(v.string(), v.trim(), v.url("enter a whole URL"), v.startsWith("https://")));
const scope = v.pipe(
  line(1000),
  v.regex(/^[a-z_]+(:(read|write))?( +[a-z_]+(:(read|write))?)*$/, "write scopes as `read`"),
);

const forms = {
  "oauth-custom": v.object({
    name: line(100),
    subdomain,
    clientId: token,
    clientKind: v.optional(v.picklist(["confidential", "public"]), "confidential"),
    clientSecret: v.optional(token),
    authorizationUrl: endpoint,
    tokenUrl: endpoint,
    scope,
  }),
  "oauth-system": v.object({ subdomain }),
  basic: v.object({ subdomain, email: v.pipe(line(255), v.email("enter an e-mail address")), apiToken: token }),
};

/** @param {keyof typeof forms} kind @param {unknown} values */
export function validate(kind, values) {
  const { success, output, issues = [] } = v.safeParse(forms[kind], values);
  const problems = issues.map(({ message, path }) => ({ field: String(path?.[0]?.key), message }));
  return { valid: success, values: output, problems };
}
