//! Verification: the truth about a credential, also where something else was believed.

use crate::refresh::{DUE, connect, connected, credentials};
use crate::world::{ADMIN_KEY, Reply, World, basic_body};
use crate::zendesk::{current, ok, status, user};
use serde_json::json;

const REFUSED: &str = r#"{"error":"invalid_token"}"#;
const USED_UP: &str = r#"{"error":"invalid_grant"}"#;

fn verify(world: &World, id: &str) -> Reply {
    world.post(&format!("/connections/{id}/verify"), ADMIN_KEY, json!({}))
}

#[test]
fn what_zendesk_says_now_is_what_is_known_from_then_on() {
    let (world, id) = connected();
    world.zendesk.user.set([ok(r#"{"user":{"id":77,"name":"Jane Roe","email":"roe@acme.example","role":"agent"}}"#)]);
    world.zendesk.current.set([ok(r#"{"token":{"id":5,"user_id":77,"scopes":["read","write"]}}"#)]);
    let shown = verify(&world, &id).json();
    assert_eq!((&shown["status"], &shown["user"]["name"]), (&json!("active"), &json!("Jane Roe")));
    assert_eq!(shown["scopes"]["granted"], json!(["read", "write"]));
    assert_eq!(world.get(&format!("/connections/{id}"), &world.admin()).json(), shown);
    assert!(world.zendesk.sent_to("/oauth/tokens").is_empty());
    assert!(world.events_of("connection.recovered").is_empty());
}

#[test]
fn a_token_that_is_refused_is_refreshed_before_the_worst_is_believed() {
    let (world, id) = connected();
    world.zendesk.user.set([status(401, REFUSED), ok(user())]);
    assert_eq!(verify(&world, &id).text_of("status"), "active");
    assert_eq!(world.zendesk.sent_to("/oauth/tokens").len(), 1);
    assert_eq!(credentials(&world, &id).text_of("authorization"), "Bearer access-token-1");
}

#[test]
fn a_new_token_that_is_refused_as_well_is_the_end() {
    let refusals = [status(401, REFUSED), ok(r#"{"user":{"id":null,"name":"Anonymous user"}}"#)];
    for refused in refusals {
        let (world, id) = connected();
        world.zendesk.user.set([refused]);
        world.zendesk.current.set([status(401, REFUSED)]);
        assert_eq!(verify(&world, &id).problem(), (409, "reauthorization_required".into()));
        assert_eq!(world.zendesk.sent_to("/oauth/tokens").len(), 1);
        assert_eq!(world.events_of("connection.reauthorization-required").len(), 1);
        assert_eq!(verify(&world, &id).problem(), (409, "reauthorization_required".into()));
        assert_eq!(world.zendesk.sent_to("/oauth/tokens").len(), 1, "no loop");
        assert_eq!(world.events_of("connection.reauthorization-required").len(), 1, "and no second event");
    }
}

#[test]
fn another_user_is_not_the_one_who_authorized() {
    let other = r#"{"user":{"id":78,"name":"Joe","role":"agent"}}"#;
    for (user, current) in [
        (ok(other), ok(current())),
        (ok(user()), ok(r#"{"token":{"id":5,"user_id":77}}"#)),
        (status(403, r#"{"error":"Forbidden"}"#), ok(r#"{"token":{"id":5,"user_id":78}}"#)),
    ] {
        let is_same = user == ok(crate::zendesk::user());
        let (world, id) = connected();
        world.zendesk.user.set([user]);
        world.zendesk.current.set([current]);
        let reply = verify(&world, &id);
        if is_same {
            assert_eq!(reply.status, 200);
            continue;
        }
        assert_eq!(reply.problem(), (409, "reauthorization_required".into()));
        assert_eq!(world.events_of("connection.reauthorization-required")[0]["code"], "identity_other_user");
        assert_eq!(credentials(&world, &id).problem(), (409, "reauthorization_required".into()));
    }
}

#[test]
fn narrow_scopes_verify_by_what_the_token_says_of_itself() {
    let (world, id) = connected();
    world.zendesk.user.set([status(403, r#"{"error":"Forbidden"}"#)]);
    world.zendesk.current.set([ok(r#"{"token":{"id":5,"user_id":77,"scopes":["tickets:read"]}}"#)]);
    let shown = verify(&world, &id).json();
    assert_eq!(
        (&shown["user"]["email"], &shown["scopes"]["granted"]),
        (&json!("jane@acme.example"), &json!(["tickets:read"]))
    );
    world.zendesk.current.set([status(403, r#"{"error":"Forbidden"}"#)]);
    assert_eq!(verify(&world, &id).problem(), (422, "access_token_missing_scope".into()));
    assert_eq!(world.get(&format!("/connections/{id}"), &world.admin()).text_of("status"), "active");
}

#[test]
fn an_outage_says_nothing_about_the_credential() {
    let (world, id) = connected();
    world.zendesk.user.set([status(503, "")]);
    assert_eq!(verify(&world, &id).problem(), (503, "zendesk_unavailable".into()));
    assert_eq!(world.get(&format!("/connections/{id}"), &world.admin()).text_of("status"), "active");
}

#[test]
fn what_was_believed_to_be_over_can_turn_out_to_work() {
    let (world, id) = connected();
    world.zendesk.token.set([status(400, USED_UP)]);
    world.pass(DUE);
    assert_eq!(credentials(&world, &id).problem(), (409, "reauthorization_required".into()));
    assert_eq!(verify(&world, &id).text_of("status"), "active", "the access token is good for minutes yet");
    assert_eq!(world.events_of("connection.recovered").len(), 1);

    let gone = || status(404, "<html>");
    let (world, id) = connected();
    world.zendesk.user.set([gone()]);
    world.zendesk.account.set([gone()]);
    assert_eq!(verify(&world, &id).problem(), (409, "account_not_found".into()));
    assert_eq!(world.get(&format!("/connections/{id}"), &world.admin()).text_of("status"), "account-not-found");
    world.pass(3600);
    assert_eq!(verify(&world, &id).problem(), (409, "account_not_found".into()));
    assert_eq!(world.events_of("connection.account-not-found").len(), 1);
    world.zendesk.account.set([ok(r#"{"locales":[]}"#)]);
    world.zendesk.user.set([status(401, REFUSED), ok(user())]);
    assert_eq!(verify(&world, &id).text_of("status"), "active", "refreshed, and verified");
    assert_eq!(credentials(&world, &id).text_of("authorization"), "Bearer access-token-1");
}

#[test]
fn an_api_token_is_verified_by_its_user() {
    let world = World::new();
    let id = world.post("/connections", &world.admin(), basic_body()).text_of("id");
    world.zendesk.sent.borrow_mut().clear();
    assert_eq!(verify(&world, &id).text_of("status"), "active");
    assert_eq!(world.zendesk.sent.borrow().len(), 1);
    world.zendesk.user.set([status(401, r#"{"error":"Couldn't authenticate you"}"#)]);
    assert_eq!(verify(&world, &id).problem(), (409, "reauthorization_required".into()));
    assert_eq!(world.events_of("connection.reauthorization-required")[0]["code"], "basic_refused");
    world.zendesk.user.set([ok(user())]);
    assert_eq!(verify(&world, &id).text_of("status"), "active", "reactivated in Admin Center");
}

#[test]
fn an_admin_verifies_and_refreshes_only_their_tenants() {
    let world = World::new();
    let id = connect(&world);
    let other = world.session(json!({ "role": "admin", "tenant": "other" }));
    for call in ["verify", "refresh"] {
        let path = format!("/connections/{id}/{call}");
        assert_eq!(world.post(&path, &world.admin(), json!({})).text_of("status"), "active");
        assert_eq!(world.post(&path, &other, json!({})).problem(), (404, "connection_not_found".into()));
    }
}
