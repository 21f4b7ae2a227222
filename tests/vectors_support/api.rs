//! What goes through the proxy.

use crate::file::{Run, same, text};
use zendesk_auth::api_path::{is_passed_back, is_passed_on, judge};

pub fn paths() -> Run {
    Run::of("api-paths.json").each(|vector, produced| {
        for (caller, is_frontend) in [("backend", false), ("frontend", true)] {
            let judged = judge(text(vector, "path"), is_frontend);
            produced.extend(judged.err().map(|code| code.as_str()));
            same(caller, Some(judged.is_ok()), vector[caller].as_bool())?;
        }
        Ok(())
    })
}

pub fn headers() -> Run {
    Run::of("api-headers.json").each(|vector, _| {
        let (name, connection) = (text(vector, "header"), vector["connection"].as_str());
        for (is_frontend, member) in [(false, "passedOn"), (true, "passedOnForFrontend")] {
            let expected = vector.get(member).unwrap_or(&vector["passedOn"]);
            same(member, Some(is_passed_on(name, connection, is_frontend)), expected.as_bool())?;
        }
        same("passedBack", Some(is_passed_back(name, connection)), vector["passedBack"].as_bool())
    })
}
