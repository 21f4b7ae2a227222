declare module "#handler" {
  const handler: { fetch(request: Request, ...more: unknown[]): Response | Promise<Response> };
  export default handler;
}
