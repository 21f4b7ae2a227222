import { keyboard } from "./scenarios/keyboard.mjs";
import { suite } from "./support/suite.mjs";

suite({ "with the keyboard alone": keyboard }, {}, [
  "code in URL /oauth/callback",
  "client secret in body of POST /profiles",
  "API token in body of POST /connections",
]);
