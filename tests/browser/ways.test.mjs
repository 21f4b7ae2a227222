import { users } from "./scenarios/users.mjs";
import { ways } from "./scenarios/ways.mjs";
import { suite, TRAVELS } from "./support/suite.mjs";

suite({ "the six ways": ways, users }, {}, [...TRAVELS, "API token in body of POST /connections"]);
