/**
 * Runs the suite in whatever runtime this is, and prints what came of it as one line of JSON.
 * @param {import("zendesk-auth/stores/conformance").ConformanceTest[]} tests
 */
export async function report(tests) {
  const results = [];
  for (const { name, run } of tests) {
    const error = await run().then(
      () => undefined,
      (thrown) => String(thrown),
    );
    results.push({ name, error });
  }
  console.log(JSON.stringify(results));
}
