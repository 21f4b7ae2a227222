// With the three forms, in zod.
import { z } from "zod";

export * from "./openid-client.mjs";

const subdomain = z
  .string()
  .trim()
  .toLowerCase()
  .transform((typed) =>
    typed
      .replace(/^https?:\/\//, "")
      .replace(/[/?#].*$/, "")
      .replace(/\.zendesk\.com$/, ""),
  )
  .pipe(
    z
      .string()
      .min(1, "enter the subdomain")
      .max(63, "a subdomain has at most 63 characters")
      .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, "a subdomain has only the letters a to z, digits and dashes"),
  );
const line = (/** @type {number} */ limit) =>
  z.string().trim().min(1, "fill in this field").max(limit, "this is too long");
const token = line(255).regex(/^\S+$/, "this has a space inside");
const endpoint = z.url("enter a whole URL").startsWith("https://").optional();
const scope = line(1000).regex(/^[a-z_]+(:(read|write))?( +[a-z_]+(:(read|write))?)*$/, "write scopes as `read`");

const forms = {
  "oauth-custom": z.object({
    name: line(100),
    subdomain,
    clientId: token,
    clientKind: z.enum(["confidential", "public"]).default("confidential"),
    clientSecret: token.optional(),
    authorizationUrl: endpoint,
    tokenUrl: endpoint,
    scope,
  }),
  "oauth-system": z.object({ subdomain }),
  basic: z.object({ subdomain, email: line(255).pipe(z.email("enter an e-mail address")), apiToken: token }),
};

/** @param {keyof typeof forms} kind @param {unknown} values */
export function validate(kind, values) {
  const { success, data, error } = forms[kind].safeParse(values);
  const problems = (error?.issues ?? []).map(({ message, path }) => ({ field: String(path[0]), message }));
  return { valid: success, values: data, problems };
}
