import { form } from "./scenarios/form.mjs";
import { hosts } from "./scenarios/hosts.mjs";
import { suite } from "./support/suite.mjs";

suite({ form, hosts });
