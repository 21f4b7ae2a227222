import { useState } from "react";
import "zendesk-auth/connect";
import { session } from "./session";

export function App() {
  const [outcome, setOutcome] = useState("");

  return (
    <main>
      <h1>Settings</h1>
      <zendesk-connect
        worker={import.meta.env.VITE_WORKER_URL}
        session={session}
        onzendesk-connected={({ detail: { connection } }) =>
          setOutcome(`${connection.subdomain} is connected as ${connection.user.name}.`)
        }
        onzendesk-disconnected={({ detail: { revoked } }) =>
          setOutcome(`Disconnected; revoked at Zendesk: ${revoked}.`)
        }
        onzendesk-failed={({ detail: { code, message } }) => setOutcome(`${message} (${code})`)}
      />
      <output>{outcome}</output>
    </main>
  );
}
