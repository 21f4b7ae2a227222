export default { fetch: async () => new Response("{}", { status: 201 }) };
