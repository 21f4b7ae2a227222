"use client";

import { useEffect } from "react";
import "zendesk-auth/connect";
import { core } from "../src/core.js";

export function Client() {
  useEffect(() => {
    Object.assign(globalThis, { answers: core });
  }, []);
  // Nothing listens there: what the element then says is a text of a language that is loaded when it is needed.
  return <zendesk-connect worker="http://127.0.0.1:9" language="de" />;
}
