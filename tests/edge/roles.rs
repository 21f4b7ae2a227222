use crate::world::{ADMIN_KEY, World, form};
use serde_json::{Value, json};

/// Every call with every caller: nobody, the backend, an end user, an admin, an admin of another tenant.
#[test]
fn every_role_and_every_call() {
    let world = World::new();
    let admin = world.admin();
    let user = world.user("jane");
    let other = world.session(json!({ "role": "admin", "tenant": "other" }));
    let profile = world.profile(&admin);
    world.allow_users("oauth-custom", Some(&profile));
    let begun = world.begin(&admin, json!({ "profile": profile }));
    world.come_back(&begun, "code=x");
    let connection = world.get(&format!("/transactions/{}", begun.id), &admin).text_of("connection");
    let hand_off = json!({
        "profile": profile, "code": "c", "codeVerifier": "v".repeat(43), "subdomain": "acme",
        "redirectUri": "https://app.example/callback",
    });
    let begin = json!({ "profile": profile });
    let calls: [(&str, String, Option<Value>, [u16; 5]); 11] = [
        //                                                        nobody backend user admin other
        ("GET", "/healthz".into(), None, [200, 200, 200, 200, 200]),
        ("POST", "/sessions".into(), Some(json!({ "role": "admin" })), [401, 201, 403, 403, 403]),
        ("GET", "/profiles".into(), None, [401, 403, 403, 200, 200]),
        ("POST", "/profiles".into(), Some(form()), [401, 403, 403, 201, 201]),
        ("GET", format!("/profiles/{profile}"), None, [401, 403, 200, 200, 404]),
        ("PUT", format!("/profiles/{profile}"), Some(form()), [401, 403, 403, 200, 404]),
        ("POST", "/connections".into(), Some(begin), [401, 403, 200, 200, 404]),
        ("GET", "/connections".into(), None, [401, 403, 200, 200, 200]),
        ("GET", format!("/connections/{connection}"), None, [401, 403, 404, 200, 404]),
        ("GET", format!("/transactions/{}", begun.id), None, [401, 403, 404, 200, 404]),
        ("POST", "/oauth/exchange".into(), Some(hand_off), [401, 403, 201, 201, 404]),
    ];
    let callers = ["", ADMIN_KEY, &user, &admin, &other];
    for (method, path, body, expected) in calls {
        for (caller, expected) in callers.iter().zip(expected) {
            let reply = world.send(crate::world::request(method, &path, caller, body.clone()));
            let who = callers.iter().position(|each| each == caller);
            assert_eq!(reply.status, expected, "{method} {path} by {who:?}: {}", reply.text);
            match expected {
                401 => assert_eq!(
                    (reply.code().as_str(), reply.header("www-authenticate")),
                    ("authentication_missing", "Bearer")
                ),
                403 => assert!(
                    ["session_required", "admin_key_required", "role_insufficient"].contains(&reply.code().as_str())
                ),
                _ => {}
            }
        }
    }
}

#[test]
fn who_may_call_is_settled_before_the_body_is_read() {
    let world = World::new();
    for path in ["/sessions", "/profiles", "/connections", "/oauth/exchange"] {
        let reply = world.post(path, "", json!({ "nonsense": true }));
        assert_eq!(reply.problem(), (401, "authentication_missing".into()), "{path}");
    }
}
