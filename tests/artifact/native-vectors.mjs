/** What the service decides inside, and shows only through its calls: `tests/vectors.rs` runs these. */
export const nativeFiles = ["basic-headers.json", "basic-users-me.json", "integration.json", "retirement.json"];
