/**
 * What Lit touches as it is imported, for hosts without a DOM: a server may import the component, and gets a class that
 * nothing registers. pkg-config/pack.mjs puts these two in the place of the globals.
 */
const host = globalThis as { document?: Document; HTMLElement?: typeof HTMLElement };
const noDocument = { createTreeWalker: () => undefined } as unknown as Document;
const noElement = class {} as unknown as typeof HTMLElement;

const document: Document = host.document ?? noDocument;
const Base: typeof HTMLElement = host.HTMLElement ?? noElement;

export { Base as HTMLElement, document };
