//! The lifecycle of an integration: the table of every state with every action.

use crate::file::{Run, same, text};
use serde_json::Value;
use std::collections::BTreeSet;
use zendesk_auth::integration::{Access, Action, Authorization, Integration, Mechanism, Offer, Verification};

const EVERYTHING: Offer = Offer { basic: true, system: true };

pub fn integration() -> Run {
    let run = Run::of("integration.json");
    let (actions, ways) = (list(&run.header()["actions"]), list(&run.header()["ways"]));
    run.each(|vector, produced| {
        let integration = read_state(text(vector, "name"));
        same("state", integration.state().as_str(), text(vector, "state"))?;
        let mut left: BTreeSet<&str> = actions.iter().map(String::as_str).collect();
        let mut take = |action: &str| match left.remove(action) {
            true => Ok(()),
            false => Err(format!("`{action}` stands twice, or is no action")),
        };
        for action in list(&vector["unchanged"]) {
            take(&action)?;
            same(&action, written(&step(&integration, &action)), text(vector, "name").into())?;
        }
        for (next, actions) in lists(&vector["becomes"]) {
            for action in actions {
                take(&action)?;
                same(&action, written(&step(&integration, &action)), next.clone())?;
            }
        }
        for (code, actions) in lists(&vector["refused"]) {
            for action in actions {
                take(&action)?;
                let refusal = step(&integration, &action).err().map(|error| error.code.as_str());
                same(&action, refusal, Some(code.as_str()))?;
                produced.extend(refusal);
            }
        }
        same("actions without an answer", left, BTreeSet::new())?;
        users(&integration, &ways, &vector["users"], produced)
    })
}

/// Whether an end user may authorize, way by way.
fn users(
    integration: &Integration,
    ways: &[String],
    expected: &Value,
    produced: &mut BTreeSet<&'static str>,
) -> Result<(), String> {
    let answers = lists(expected);
    same("ways", answers.iter().map(|(_, ways)| ways.len()).sum(), ways.len())?;
    for way in ways {
        let (words, offer) = offered(way);
        let mut words = words.split(", ");
        let authorization = words.next().and_then(Authorization::parse).expect("a way of authorizing");
        let got = match integration.permits_user(authorization, words.next(), &offer) {
            Ok(()) => "yes",
            Err(error) => error.code.as_str(),
        };
        let expected = answers.iter().find(|(_, ways)| ways.contains(way)).map(|(answer, _)| answer.as_str());
        same(way, Some(got), expected)?;
        produced.extend((got != "yes").then_some(got));
    }
    Ok(())
}

/// No action leads to a state that the table does not have; another profile or connection makes no other state.
pub fn is_closed() {
    let run = Run::of("integration.json");
    let actions = list(&run.header()["actions"]);
    let mut states = BTreeSet::new();
    let mut open = vec![Integration::default()];
    while let Some(integration) = open.pop() {
        let name = written(&Ok(integration.clone()));
        let name = name.replace("p2", "p1").replace("b2", "b1").replace("c2", "c1");
        if states.insert(name.clone()) {
            let integration = read_state(&name);
            open.extend(actions.iter().filter_map(|action| step(&integration, action).ok()));
        }
    }
    let listed: BTreeSet<String> = run.vectors().iter().map(|vector| text(vector, "name").into()).collect();
    assert_eq!(states, listed);
}

fn step(integration: &Integration, action: &str) -> zendesk_auth::Result<Integration> {
    let (words, offer) = offered(action);
    integration.apply(&read_action(words), &offer)
}

/// Takes what is not on offer off the end.
fn offered(text: &str) -> (&str, Offer) {
    if let Some(words) = text.strip_suffix(", without API tokens") {
        (words, Offer { basic: false, ..EVERYTHING })
    } else if let Some(words) = text.strip_suffix(", without a system client") {
        (words, Offer { system: false, ..EVERYTHING })
    } else {
        (text, EVERYTHING)
    }
}

fn read_action(words: &str) -> Action {
    let id = |id: &str| id.to_owned();
    match words.split(' ').collect::<Vec<_>>().as_slice() {
        ["choose", authorization, access] => Action::Choose(
            Authorization::parse(authorization).expect("a way of authorizing"),
            Access::parse(access).expect("an access"),
        ),
        ["select", profile] => Action::SelectProfile { profile: id(profile), mechanism: mechanism(profile) },
        ["clear", "profile"] => Action::ClearProfile,
        [profile, "changed"] => Action::ProfileChanged(id(profile)),
        [connection, "verified", "by", authorization, profile @ ..] => Action::ConnectionVerified {
            connection: id(connection),
            authorization: Authorization::parse(authorization.trim_end_matches(',')).expect("a way of authorizing"),
            profile: profile.first().map(|profile| id(profile)),
        },
        [connection, "migrated", "to", authorization, profile @ ..] => Action::ConnectionMigrated {
            connection: id(connection),
            authorization: Authorization::parse(authorization.trim_end_matches(',')).expect("a way of authorizing"),
            profile: profile.first().map(|profile| id(profile)),
        },
        [connection, "no", "longer", "accepted"] => Action::ReauthorizationRequired(id(connection)),
        [connection, "removed"] => Action::ConnectionRemoved(id(connection)),
        ["enable"] => Action::Enable,
        ["disable"] => Action::Disable,
        _ => panic!("`{words}` is no action"),
    }
}

fn mechanism(profile: &str) -> Mechanism {
    Mechanism::parse(if profile.starts_with('b') { "basic" } else { "oauth2" }).expect("a mechanism")
}

fn read_state(name: &str) -> Integration {
    let mut words = name.split(", ");
    let mut integration = Integration::default();
    if let Some((authorization, access)) = words.next().and_then(|choice| choice.split_once(' ')) {
        integration.choice = Authorization::parse(authorization).zip(Access::parse(access));
    }
    for word in words {
        match word.split_once(' ') {
            None if word == "enabled" => integration.enabled = true,
            None => integration.profile = Some(word.into()),
            Some((connection, "verified")) => integration.verification = Verification::Verified(connection.into()),
            Some((connection, _)) => integration.verification = Verification::NeedsReauthorization(connection.into()),
        }
    }
    integration
}

/// The inverse of [`read_state`], so that what comes out is compared whole.
fn written(result: &zendesk_auth::Result<Integration>) -> String {
    let integration = match result {
        Ok(integration) => integration,
        Err(error) => return format!("refused with {}", error.code.as_str()),
    };
    let choice = integration.choice.map_or("nothing chosen".into(), |(authorization, access)| {
        format!("{} {}", authorization.as_str(), access.as_str())
    });
    let verification = match &integration.verification {
        Verification::None => None,
        Verification::Verified(connection) => Some(format!("{connection} verified")),
        Verification::NeedsReauthorization(connection) => Some(format!("{connection} to be authorized again")),
    };
    let enabled = integration.enabled.then(|| "enabled".to_owned());
    let parts = [Some(choice), integration.profile.clone(), verification, enabled];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn list(value: &Value) -> Vec<String> {
    value.as_array().expect("a list").iter().map(|entry| entry.as_str().expect("a text").into()).collect()
}

fn lists(value: &Value) -> Vec<(String, Vec<String>)> {
    value.as_object().expect("an object").iter().map(|(name, entries)| (name.clone(), list(entries))).collect()
}
