import { links } from "./scenarios/links.mjs";
import { suite } from "./support/suite.mjs";

suite({ "authorization links": links }, {}, ["code in URL /oauth/callback", "API token in body of POST /authorize/*"]);
