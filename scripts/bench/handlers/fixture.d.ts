declare module "#fixture" {
  const fixture: import("./shared.mjs").Fixture;
  export default fixture;
}
