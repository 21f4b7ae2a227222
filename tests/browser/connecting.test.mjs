import { connecting } from "./scenarios/connecting.mjs";
import { windows } from "./scenarios/windows.mjs";
import { suite } from "./support/suite.mjs";

suite({ connecting, windows });
