/** What the service decides inside, and shows only through its calls: `tests/vectors.rs` runs these. */
export const nativeFiles = [
  "accounts.json",
  "api-headers.json",
  "api-paths.json",
  "basic-headers.json",
  "basic-users-me.json",
  "integration.json",
  "renewal.json",
  "renewal-failures.json",
  "retirement.json",
  "token-requests.json",
];
