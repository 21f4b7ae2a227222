//! Every role and every call, with the expected answer for each pair.

use crate::http_surface::ROUTES;
use crate::world::{ADMIN_KEY, World, basic_body, form, request, system_options};
use serde_json::{Value, json};

const ROLES: [&str; 7] = ["nobody", "wrong key", "jane", "joe", "admin", "admin of another tenant", "backend"];

/// A status, and with a refusal its code.
type Expected = (u16, &'static str);

const OK: Expected = (200, "");
const CREATED: Expected = (201, "");
const GONE: Expected = (204, "");
const NOBODY: Expected = (401, "authentication_missing");
const WRONG: Expected = (401, "session_invalid");
const NOT_ADMIN: Expected = (403, "role_insufficient");
const NOT_A_SESSION: Expected = (403, "session_required");
const OTHER_WAY: Expected = (403, "integration_other_choice");
const NO_PROFILE: Expected = (404, "profile_not_found");
const NO_CONNECTION: Expected = (404, "connection_not_found");
const NO_TRANSACTION: Expected = (404, "transaction_not_found");

/// For calls that need a session: what jane, joe, the admin and the other tenant's admin get.
const fn sessions(jane: Expected, joe: Expected, admin: Expected, other: Expected) -> [Expected; 7] {
    [NOBODY, WRONG, jane, joe, admin, other, NOT_A_SESSION]
}

/// For calls of admins.
const fn admins(admin: Expected, other: Expected) -> [Expected; 7] {
    sessions(NOT_ADMIN, NOT_ADMIN, admin, other)
}

/// For calls of backends and admins about a connection.
const fn keepers() -> [Expected; 7] {
    [NOBODY, WRONG, NOT_ADMIN, NOT_ADMIN, OK, NO_CONNECTION, OK]
}

/// For calls through the proxy, which none of these sessions was granted (`proxy.rs` has those that were).
const fn proxied() -> [Expected; 7] {
    const NOT_GRANTED: Expected = (403, "proxy_not_granted");
    [NOBODY, WRONG, NOT_GRANTED, NOT_GRANTED, NOT_GRANTED, NOT_GRANTED, OK]
}

/// A tenant in full use: users authorize with `profile`, `spare` is unused, `connection` and `transaction` are jane's.
struct Scene {
    world: World,
    bearers: [String; 7],
    places: [(&'static str, String); 6],
}

fn scene() -> Scene {
    let world = World::with(&system_options());
    let (admin, jane, joe) = (world.admin(), world.user("jane"), world.user("joe"));
    let other = world.session(json!({ "role": "admin", "tenant": "other" }));
    let (profile, spare) = (world.profile(&admin), world.profile(&admin));
    world.allow_users("oauth-custom", Some(&profile));
    let ended = world.begin(&jane, json!({}));
    world.come_back(&ended, "code=x");
    let connection = world.get(&format!("/transactions/{}", ended.id), &jane).text_of("connection");
    let transaction = world.begin(&jane, json!({})).id;
    let link = world.post("/links", &admin, json!({ "subject": "jane" })).json();
    let (id, url) = (link["id"].as_str().unwrap().into(), link["url"].as_str().unwrap());
    let token = url.rsplit('/').next().unwrap().into();
    Scene {
        world,
        bearers: ["".into(), "wrong-key".into(), jane, joe, admin, other, ADMIN_KEY.into()],
        places: [
            ("{profile}", profile),
            ("{spare}", spare),
            ("{connection}", connection),
            ("{transaction}", transaction),
            ("{link}", id),
            ("{token}", token),
        ],
    }
}

impl Scene {
    fn fill(&self, text: &str) -> String {
        self.places.iter().fold(text.into(), |text: String, (place, value)| text.replace(place, value))
    }
}

fn calls() -> Vec<(&'static str, &'static str, Option<Value>, [Expected; 7])> {
    let choice = json!({ "authorization": "oauth-custom", "access": "allow-users" });
    let custom = json!({ "profile": "{profile}" });
    let system = json!({ "authorization": "oauth-system", "subdomain": "acme" });
    let hand_off = json!({
        "profile": "{profile}", "code": "c", "codeVerifier": "v".repeat(43), "subdomain": "acme",
        "redirectUri": "https://app.example/callback",
    });
    let key_only = (403, "admin_key_required");
    let no_link = (404, "link_not_found");
    let link = json!({ "subject": "joe" });
    vec![
        ("GET", "/healthz", None, [OK; 7]),
        ("GET", "/openapi.json", None, [OK; 7]),
        ("GET", "/oauth/callback", None, [(400, "callback_state_missing"); 7]),
        (
            "POST",
            "/sessions",
            Some(json!({ "role": "admin" })),
            [NOBODY, WRONG, key_only, key_only, key_only, key_only, CREATED],
        ),
        ("GET", "/session", None, sessions(OK, OK, OK, OK)),
        ("GET", "/profiles", None, admins(OK, OK)),
        ("POST", "/profiles", Some(form()), admins(CREATED, CREATED)),
        ("GET", "/profiles/{profile}", None, sessions(OK, OK, OK, NO_PROFILE)),
        ("GET", "/profiles/{spare}", None, admins(OK, NO_PROFILE)),
        ("PUT", "/profiles/{spare}", Some(form()), admins(OK, NO_PROFILE)),
        ("DELETE", "/profiles/{spare}", None, admins(GONE, NO_PROFILE)),
        ("DELETE", "/profiles/{profile}", None, admins((409, "profile_in_use"), NO_PROFILE)),
        ("POST", "/profiles/{spare}/duplicate", Some(json!({ "name": "Copy" })), admins(CREATED, NO_PROFILE)),
        ("GET", "/integration", None, sessions(OK, OK, OK, OK)),
        ("PUT", "/integration", Some(choice), admins(OK, OK)),
        ("POST", "/integration/enable", None, admins(OK, (409, "integration_not_chosen"))),
        ("POST", "/integration/disable", None, admins(OK, OK)),
        ("POST", "/connections", Some(custom), sessions(OK, OK, OK, NO_PROFILE)),
        ("POST", "/connections", Some(system), sessions(OTHER_WAY, OTHER_WAY, OK, OK)),
        ("POST", "/connections", Some(basic_body()), sessions(OTHER_WAY, OTHER_WAY, CREATED, CREATED)),
        ("GET", "/connections", None, sessions(OK, OK, OK, OK)),
        ("GET", "/connections?stopping=true", None, admins(OK, OK)),
        ("GET", "/connections/{connection}", None, sessions(OK, NO_CONNECTION, OK, NO_CONNECTION)),
        ("DELETE", "/connections/{connection}", None, sessions(OK, NO_CONNECTION, OK, NO_CONNECTION)),
        ("POST", "/connections/{connection}/refresh", None, keepers()),
        ("POST", "/connections/{connection}/verify", None, keepers()),
        (
            "GET",
            "/connections/{connection}/credentials",
            None,
            [NOBODY, WRONG, key_only, key_only, key_only, key_only, OK],
        ),
        (
            "POST",
            "/connections/{connection}/migrate",
            Some(json!({ "profile": "{profile}" })),
            sessions((409, "connection_not_basic"), NO_CONNECTION, (403, "migration_other_owner"), NO_CONNECTION),
        ),
        ("GET", "/connections/{connection}/proxy/api/v2/tickets", None, proxied()),
        ("POST", "/connections/{connection}/proxy/api/v2/tickets", None, proxied()),
        ("PUT", "/connections/{connection}/proxy/api/v2/tickets", None, proxied()),
        ("PATCH", "/connections/{connection}/proxy/api/v2/tickets", None, proxied()),
        ("DELETE", "/connections/{connection}/proxy/api/v2/tickets", None, proxied()),
        ("GET", "/transactions/{transaction}", None, sessions(OK, NO_TRANSACTION, NO_TRANSACTION, NO_TRANSACTION)),
        (
            "POST",
            "/links",
            Some(link),
            [NOBODY, WRONG, NOT_ADMIN, NOT_ADMIN, CREATED, (403, "integration_not_enabled"), CREATED],
        ),
        ("GET", "/links/{link}", None, [NOBODY, WRONG, NOT_ADMIN, NOT_ADMIN, OK, no_link, OK]),
        ("DELETE", "/links/{link}", None, [NOBODY, WRONG, NOT_ADMIN, NOT_ADMIN, GONE, no_link, GONE]),
        ("GET", "/authorize/{token}", None, [OK; 7]),
        ("POST", "/authorize/{token}", None, [(403, "link_other_site"); 7]),
        ("POST", "/keys/rotate", Some(json!({})), [NOBODY, WRONG, key_only, key_only, key_only, key_only, OK]),
        ("POST", "/oauth/exchange", Some(hand_off), sessions(CREATED, CREATED, CREATED, NO_PROFILE)),
    ]
}

#[test]
fn every_role_and_every_call() {
    for (method, path, body, expected) in calls() {
        for (index, (status, code)) in expected.into_iter().enumerate() {
            // Anew for each pair, because calls change things.
            let scene = scene();
            let body = body.as_ref().map(|body| serde_json::from_str(&scene.fill(&body.to_string())).unwrap());
            let reply = scene.world.send(request(method, &scene.fill(path), &scene.bearers[index], body));
            let pair = format!("{method} {path} by {}: {}", ROLES[index], reply.text);
            assert_eq!(reply.status, status, "{pair}");
            if path == "/oauth/callback" || path.starts_with("/authorize") && status >= 400 {
                assert!(reply.text.contains(&format!("data-code=\"{code}\"")), "{pair}");
            } else if status >= 400 {
                assert_eq!(reply.code(), code, "{pair}");
            }
            if status == 401 {
                let challenge = if index == 0 { "Bearer" } else { "Bearer error=\"invalid_token\"" };
                assert_eq!(reply.header("www-authenticate"), challenge, "{pair}");
            }
        }
    }
}

/// The table leaves no call out.
#[test]
fn every_call_is_in_the_table() {
    let shape = |path: &str| {
        let end = path.find("/proxy/").map_or(path.len(), |at| at + "/proxy".len());
        path[..end]
            .split('/')
            .map(|part| if part == "x" || part.starts_with('{') { "*" } else { part })
            .collect::<Vec<_>>()
            .join("/")
    };
    for (path, methods) in ROUTES {
        for method in methods.split(", ").filter(|method| !matches!(*method, "HEAD" | "OPTIONS")) {
            let is_there = calls().iter().any(|call| call.0 == method && shape(call.1) == shape(path));
            assert!(is_there, "{method} {path}");
        }
    }
}

#[test]
fn who_may_call_is_settled_before_the_body_is_read() {
    let world = World::new();
    for path in [
        "/sessions",
        "/profiles",
        "/profiles/x/duplicate",
        "/integration/enable",
        "/connections",
        "/links",
        "/oauth/exchange",
    ] {
        let reply = world.post(path, "", json!({ "nonsense": true }));
        assert_eq!(reply.problem(), (401, "authentication_missing".into()), "{path}");
    }
    for path in ["/profiles/x", "/integration"] {
        assert_eq!(world.put(path, "", json!({ "nonsense": true })).problem().0, 401, "{path}");
    }
}
