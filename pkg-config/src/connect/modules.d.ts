/** What pkg-config/pack.mjs makes of messages/ and of the crate's description of the forms. */
declare module "#messages/*" {
  const texts: Record<string, string>;
  export default texts;
}

declare module "#forms" {
  const forms: Record<string, import("./forms.js").FieldDescription[]>;
  export default forms;
}

/** Minified, as text. */
declare module "*.css" {
  const text: string;
  export default text;
}
