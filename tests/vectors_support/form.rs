//! The forms.

use crate::file::{Run, is_expected, outcome, same, text};
use serde_json::Value;
use std::collections::BTreeSet;
use zendesk_auth::endpoint::AccountTemplate;
use zendesk_auth::form::{FieldProblem, FormKind, validate};

pub fn forms() -> Run {
    Run::of("forms.json").each(|vector, produced| {
        let Ok(kind) = outcome(vector, FormKind::parse(text(vector, "kind")), produced)? else { return Ok(()) };
        let given: Vec<(&str, &str)> = vector["values"]
            .as_object()
            .expect("values")
            .iter()
            .map(|(field, value)| (field.as_str(), value.as_str().expect("a text")))
            .collect();
        let template = AccountTemplate::parse(vector["accountTemplate"].as_str().unwrap_or_default())
            .map_err(|error| error.code.as_str().to_owned())?;
        let outcome = validate(kind, &given, &template);
        told(&outcome.problems, &vector["problems"], &vector["mayAlso"], produced)
            .map_err(|why| format!("problems: {why}"))?;
        told(&outcome.warnings, &vector["warnings"], &Value::Null, produced)
            .map_err(|why| format!("warnings: {why}"))?;
        for (field, value) in vector["normalised"].as_object().into_iter().flatten() {
            same(field, Some(outcome.value(field)), value.as_str())?;
        }
        Ok(())
    })
}

/// Each expected problem once and no other, in any order.
fn told(
    got: &[FieldProblem],
    expected: &Value,
    may_also: &Value,
    produced: &mut BTreeSet<&'static str>,
) -> Result<(), String> {
    let mut left: Vec<&Value> = expected.as_array().expect("a list").iter().collect();
    for problem in got {
        produced.insert(problem.code.as_str());
        let fits = |entry: &Value| {
            (entry["field"] == "*" || entry["field"] == problem.field.as_str())
                && is_expected(&entry["code"], problem.code.as_str())
        };
        if let Some(found) = left.iter().position(|entry| fits(entry)) {
            left.remove(found);
        } else if !may_also.as_array().is_some_and(|entries| entries.iter().any(fits)) {
            return Err(format!("{}: {} was not expected", problem.field, problem.code.as_str()));
        }
    }
    if left.is_empty() { Ok(()) } else { Err(format!("{left:?} did not come")) }
}
