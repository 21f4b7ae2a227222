//! A confidential client that asks for itself.

use crate::refresh::{DUE, credentials, grants};
use crate::world::{ADMIN_KEY, CLIENT_SECRET, Reply, World, form};
use crate::zendesk::{ok, status, user};
use serde_json::json;

fn connect(world: &World, profile: &str) -> Reply {
    world.post("/connections", &world.admin(), json!({ "profile": profile, "grant": "client-credentials" }))
}

#[test]
fn a_confidential_client_connects_without_anybodys_consent_and_asks_again() {
    let world = World::new();
    let admin = world.admin();
    let profile = world.profile(&admin);
    let choice = json!({ "authorization": "oauth-custom", "access": "pre-authorize", "profile": profile });
    world.put("/integration", &admin, choice);
    world.zendesk.token.set([grants(1), grants(2), grants(3)]);
    let reply = connect(&world, &profile);
    assert_eq!(
        (reply.status, reply.text_of("status"), reply.text_of("grant")),
        (201, "active".into(), "client-credentials".into())
    );
    let asked = json!({
        "grant_type": "client_credentials", "client_id": "acme_client", "client_secret": CLIENT_SECRET,
        "scope": "read write", "expires_in": 1800,
    });
    assert_eq!(world.zendesk.sent_to("/oauth/tokens")[0].json(), asked);
    assert_eq!(world.events_of("connection.created").len(), 1);
    assert_eq!(world.get("/integration", &admin).text_of("state"), "ready");
    let id = reply.text_of("id");
    for number in 2..4 {
        world.pass(DUE);
        assert_eq!(credentials(&world, &id).text_of("authorization"), format!("Bearer access-token-{number}"));
    }
    assert!(world.zendesk.sent_to("/oauth/tokens").iter().all(|sent| sent.json() == asked), "no refresh token is used");
}

#[test]
fn a_secret_that_was_changed_is_no_reason_to_authorize_again() {
    let world = World::new();
    let profile = world.profile(&world.admin());
    let id = connect(&world, &profile).text_of("id");
    world.zendesk.token.set([status(401, r#"{"error":"invalid_client"}"#)]);
    world.pass(3600);
    assert_eq!(credentials(&world, &id).problem(), (422, "invalid_client".into()));
    let mut renewed = form();
    renewed["clientSecret"] = json!("another-secret");
    assert_eq!(world.put_profile(&profile, &world.admin(), renewed).status, 200);
    world.zendesk.token.set([grants(1)]);
    world.pass(60);
    assert_eq!(credentials(&world, &id).text_of("authorization"), "Bearer access-token-1");
    assert_eq!(world.zendesk.sent_to("/oauth/tokens").pop().unwrap().json()["client_secret"], "another-secret");
}

#[test]
fn it_takes_an_admin_and_a_confidential_client() {
    let world = World::with(&crate::world::system_options());
    let admin = world.admin();
    let mut public = form();
    public["clientKind"] = json!("public");
    public.as_object_mut().unwrap().remove("clientSecret");
    let public = world.post("/profiles", &admin, public).text_of("id");
    let basic = world.post("/profiles", &admin, json!({ "mechanism": "basic", "name": "Basic" })).text_of("id");
    for (profile, code) in [
        (public.as_str(), "client_credentials_confidential"),
        ("system", "client_credentials_confidential"),
        (basic.as_str(), "integration_profile_mechanism"),
    ] {
        assert_eq!(connect(&world, profile).code(), code);
    }
    assert_eq!(connect(&world, "nothing").problem(), (404, "profile_not_found".into()));
    let body = json!({ "profile": world.profile(&admin), "grant": "client-credentials" });
    assert_eq!(
        world.post("/connections", &world.user("jane"), body.clone()).problem(),
        (403, "role_insufficient".into())
    );
    let mut odd = body.clone();
    odd["grant"] = json!("password");
    assert_eq!(world.post("/connections", &admin, odd).fields(), [("grant".into(), "field_invalid".into())]);
    let mut odd = body;
    odd["subdomain"] = json!("globex");
    assert_eq!(world.post("/connections", &admin, odd).fields(), [("subdomain".into(), "field_unknown".into())]);
    assert!(world.zendesk.sent.borrow().is_empty());
}

#[test]
fn what_zendesk_refuses_is_told_and_nothing_is_stored() {
    let world = World::new();
    let profile = world.profile(&world.admin());
    world.zendesk.token.set([status(400, r#"{"error":"unauthorized_client"}"#), grants(1)]);
    assert_eq!(connect(&world, &profile).problem(), (422, "unauthorized_client".into()));
    world.zendesk.user.set([ok(r#"{"user":{"id":null}}"#), ok(user())]);
    assert_eq!(connect(&world, &profile).problem(), (422, "identity_anonymous".into()));
    assert!(world.keys().iter().all(|key| !key.starts_with("connections/")));
    assert_eq!(world.events_of("connection.failed").len(), 2);
    assert_eq!(connect(&world, &profile).status, 201);
    let id = connect(&world, &profile).text_of("id");
    assert_eq!(world.post(&format!("/connections/{id}/verify"), ADMIN_KEY, json!({})).status, 200);
}
