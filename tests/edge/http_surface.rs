use crate::world::{ADMIN_KEY, PUBLIC, World, options, request};
use http::Request;
use serde_json::json;

pub const ROUTES: [(&str, &str); 24] = [
    ("/healthz", "GET, HEAD, OPTIONS"),
    ("/openapi.json", "GET, HEAD, OPTIONS"),
    ("/sessions", "POST, OPTIONS"),
    ("/session", "GET, HEAD, OPTIONS"),
    ("/profiles", "GET, HEAD, POST, OPTIONS"),
    ("/profiles/x", "GET, HEAD, PUT, DELETE, OPTIONS"),
    ("/profiles/x/duplicate", "POST, OPTIONS"),
    ("/integration", "GET, HEAD, PUT, OPTIONS"),
    ("/integration/enable", "POST, OPTIONS"),
    ("/integration/disable", "POST, OPTIONS"),
    ("/connections", "GET, HEAD, POST, OPTIONS"),
    ("/connections/x", "GET, HEAD, DELETE, OPTIONS"),
    ("/links", "POST, OPTIONS"),
    ("/links/x", "GET, HEAD, DELETE, OPTIONS"),
    ("/authorize/x", "GET, HEAD, POST, OPTIONS"),
    ("/connections/x/refresh", "POST, OPTIONS"),
    ("/connections/x/verify", "POST, OPTIONS"),
    ("/connections/x/credentials", "GET, HEAD, OPTIONS"),
    ("/connections/x/migrate", "POST, OPTIONS"),
    ("/connections/x/proxy/y", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"),
    ("/transactions/x", "GET, HEAD, OPTIONS"),
    ("/oauth/callback", "GET, OPTIONS"),
    ("/oauth/exchange", "POST, OPTIONS"),
    ("/keys/rotate", "POST, OPTIONS"),
];

#[test]
fn every_address_takes_its_methods_and_no_other() {
    let world = World::new();
    for (path, methods) in ROUTES {
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"] {
            let reply = world.send(request(method, path, "", None));
            if methods.split(", ").any(|allowed| allowed == method) {
                assert_ne!(reply.status, 405, "{method} {path}");
            } else {
                assert_eq!(reply.status, 405, "{method} {path}");
                assert_eq!(reply.header("allow"), methods);
                assert!(method == "HEAD" || reply.code() == "method_not_allowed");
            }
        }
        let options = world.send(request("OPTIONS", path, "", None));
        assert_eq!((options.status, options.header("allow"), options.text.as_str()), (204, methods, ""));
    }
}

#[test]
fn the_description_knows_every_address_with_its_methods() {
    let document = World::new().get("/openapi.json", "").json();
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
    let paths = document["paths"].as_object().unwrap();
    assert_eq!(paths.len(), ROUTES.len());
    for (path, methods) in ROUTES {
        let parameter = if path.starts_with("/authorize") { "/{token}" } else { "/{id}" };
        let described = &paths[&path.replace("/x", parameter).replace("/y", "/{path}")];
        let mut described: Vec<String> =
            described.as_object().unwrap().keys().map(|name| name.to_uppercase()).collect();
        described.retain(|name| name != "PARAMETERS");
        let mut expected: Vec<&str> = methods.split(", ").filter(|name| !matches!(*name, "HEAD" | "OPTIONS")).collect();
        described.sort();
        expected.sort_unstable();
        assert_eq!(described, expected, "{path}");
    }
}

#[test]
fn there_is_nothing_elsewhere() {
    let world = World::new();
    for path in [
        "",
        "/",
        "//",
        "/sessions/",
        "/profiles/x/y",
        "/oauth",
        "/oauth/callback/",
        "/healthz/x",
        "/integration/",
        "/integration/enable/now",
        "/profiles/x/duplicate/",
        "/HEALTHZ",
        "/%68ealthz",
        "/transactions",
        "/connections/x/credentials/",
        "x",
        "/../healthz",
    ] {
        assert_eq!(world.get(path, "").problem(), (404, "not_found".into()), "{path}");
    }
    let outside = Request::builder().uri("https://app.example/healthz").body(Vec::new()).unwrap();
    assert_eq!(world.send(outside).problem().0, 404, "not below the mount path");
}

#[test]
fn it_works_at_the_root_too() {
    let mut options = options();
    options["publicUrl"] = json!("http://localhost:8787/");
    let world = World::with(&options);
    let health = Request::builder().uri("http://localhost:8787/healthz").body(Vec::new()).unwrap();
    assert_eq!(world.send(health).json(), json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }));
}

#[test]
fn head_is_get_without_the_body() {
    let world = World::new();
    let (get, head) = (world.get("/healthz", ""), world.send(request("HEAD", "/healthz", "", None)));
    assert_eq!((head.status, head.header("content-type"), head.text.as_str()), (200, "application/json", ""));
    assert_eq!(get.status, 200);
}

#[test]
fn every_answer_is_private_and_inert() {
    let world = World::new();
    let admin = world.admin();
    let profile = world.profile(&admin);
    let begun = world.begin(&admin, json!({ "profile": profile }));
    for reply in [
        world.get("/healthz", ""),
        world.get("/nowhere", ""),
        world.get("/profiles", &admin),
        world.post("/sessions", ADMIN_KEY, json!({})),
        world.send(request("OPTIONS", "/profiles", "", None)),
        world.come_back(&begun, "code=x"),
        world.come_back(&begun, "code=x"),
    ] {
        assert_eq!(reply.header("cache-control"), "no-store");
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert_eq!(reply.header("referrer-policy"), "no-referrer");
        assert_eq!(reply.header("access-control-allow-origin"), "");
    }
}

#[test]
fn bodies_are_json_objects_of_64_kib_at_most() {
    let world = World::new();
    let send = |content_type: &str, body: &[u8]| {
        let request = Request::builder().method("POST").uri(format!("{PUBLIC}/sessions"));
        let request = request.header("authorization", format!("Bearer {ADMIN_KEY}"));
        let request = if content_type.is_empty() { request } else { request.header("content-type", content_type) };
        world.send(request.body(body.to_vec()).unwrap())
    };
    let good = br#"{"role":"admin"}"#;
    assert_eq!(send("application/json", good).status, 201);
    assert_eq!(send("Application/JSON; charset=utf-8", good).status, 201);
    for wrong in ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonp"] {
        assert_eq!(send(wrong, good).problem(), (415, "content_type_unsupported".into()), "{wrong}");
    }
    for wrong in ["", "[]", "null", "\"x\"", "{\"role\":", "{\"role\":\"admin\"}x", "{'role':1}", "\u{feff}{}"] {
        assert_eq!(send("application/json", wrong.as_bytes()).problem(), (400, "body_invalid".into()), "{wrong}");
    }
    assert_eq!(send("application/json", b"{\"role\":\"\xff\"}").problem().1, "body_invalid");
    assert_eq!(send("application/json", &[b'['; 65_536]).problem().1, "body_invalid", "nesting does no harm");
    let mut padded = good.to_vec();
    padded.resize(65_536, b' ');
    assert_eq!(send("application/json", &padded).status, 201);
    padded.push(b' ');
    assert_eq!(send("application/json", &padded).problem(), (413, "body_too_large".into()));
}

#[test]
fn other_origins_are_answered_only_if_they_are_named() {
    let mut options = options();
    options["allowedOrigins"] = json!(["https://one.example", "http://localhost:3000"]);
    let world = World::with(&options);
    let from = |method: &str, origin: &str| {
        let mut request = request(method, "/profiles", "", None);
        request.headers_mut().insert("origin", origin.parse().unwrap());
        world.send(request)
    };
    for origin in ["https://one.example", "http://localhost:3000"] {
        let preflight = from("OPTIONS", origin);
        assert_eq!(preflight.status, 204);
        assert_eq!(preflight.header("access-control-allow-origin"), origin);
        assert_eq!(preflight.header("access-control-allow-credentials"), "true");
        assert_eq!(preflight.header("access-control-allow-methods"), "GET, HEAD, POST, OPTIONS");
        assert_eq!(preflight.header("access-control-allow-headers"), "authorization, content-type");
        assert_eq!(preflight.header("vary"), "Origin");
        let refused = from("GET", origin);
        assert_eq!((refused.status, refused.header("access-control-allow-origin")), (401, origin));
    }
    for stranger in ["https://two.example", "https://one.example.evil.example", "null", "https://ONE.example"] {
        let preflight = from("OPTIONS", stranger);
        assert_eq!(preflight.header("access-control-allow-origin"), "", "{stranger}");
        assert_eq!(preflight.header("vary"), "Origin");
    }
}
