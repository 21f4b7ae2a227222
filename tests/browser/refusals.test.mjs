import { callbacks } from "./scenarios/callbacks.mjs";
import { refused } from "./scenarios/refused.mjs";
import { suite } from "./support/suite.mjs";

suite({ refused, callbacks });
