use crate::world::{ADMIN_KEY, SEALING_KEY, options};
use serde_json::{Value, json};
use zendesk_auth::edge::Edge;

fn problems(options: &Value) -> Vec<(String, String)> {
    let mut problems: Vec<_> = match Edge::new(&options.to_string()) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(|problem| (problem.field.clone(), problem.code.as_str().into())).collect(),
    };
    problems.sort();
    problems
}

fn with(field: &str, value: Value) -> Vec<(String, String)> {
    let mut options = options();
    options[field] = value;
    problems(&options)
}

#[track_caller]
fn refused(field: &str, value: Value, place: &str) {
    let found: Vec<String> = with(field, value.clone()).into_iter().map(|(field, _)| field).collect();
    assert_eq!(found, [place], "{field}: {value}");
}

#[test]
fn the_smallest_configuration() {
    let options = json!({
        "publicUrl": "https://app.example", "adminKey": ADMIN_KEY, "sealingKeys": [{ "kid": "1", "key": SEALING_KEY }],
    });
    assert_eq!(problems(&options), []);
}

#[test]
fn every_problem_is_listed_at_once() {
    let options = json!({
        "publicUrl": "http://app.example", "adminKey": "short", "sealingKeys": [{ "kid": "a b", "key": "x" }, 5, { "kid": "2" }],
        "accountTemplate": "https://evil.example", "redirectUris": ["/callback", "https://app.example/ok", 7],
        "returnTo": "https://app.example", "allowedOrigins": ["*", "https://app.example/"], "accessTokenLifetime": 300,
        "transactionMaxAge": 3601, "product": "", "adminkey": "x",
    });
    let expected: Vec<(String, String)> = [
        ("accessTokenLifetime", "field_invalid"),
        ("accountTemplate", "account_template_invalid"),
        ("adminKey", "field_invalid"),
        ("adminkey", "field_unknown"),
        ("allowedOrigins[0]", "field_invalid"),
        ("allowedOrigins[1]", "field_invalid"),
        ("product", "field_invalid"),
        ("publicUrl", "field_invalid"),
        ("redirectUris[0]", "redirect_uri_relative"),
        ("redirectUris[2]", "redirect_uri_empty"),
        ("returnTo", "field_invalid"),
        ("sealingKeys[0].key", "field_invalid"),
        ("sealingKeys[0].kid", "field_invalid"),
        ("sealingKeys[1]", "field_invalid"),
        ("sealingKeys[2].key", "field_required"),
        ("transactionMaxAge", "field_invalid"),
    ]
    .map(|(field, code)| (field.to_string(), code.to_string()))
    .to_vec();
    assert_eq!(problems(&options), expected);
    let nothing: Vec<String> = problems(&json!({})).into_iter().map(|(field, _)| field).collect();
    assert_eq!(nothing, ["adminKey", "publicUrl", "sealingKeys"]);
    for odd in ["", "[]", "null", "{"] {
        assert_eq!(Edge::new(odd).unwrap_err().len(), 1, "{odd}");
    }
}

#[test]
fn no_problem_repeats_a_value() {
    let mut options = options();
    options["adminKey"] = json!("pasted secret with spaces");
    options["sealingKeys"] = json!([{ "kid": "k", "key": "not-a-key-but-secret" }]);
    options["a secret as a name"] = json!(1);
    let shown = format!("{:?}", Edge::new(&options.to_string()).unwrap_err());
    assert!(!shown.contains("secret"), "{shown}");
}

#[test]
fn addresses_are_judged() {
    for good in [
        "https://app.example",
        "https://app.example/",
        "https://app.example/a/b/",
        "http://localhost:8787",
        "http://127.0.0.1:1/x",
    ] {
        assert_eq!(with("publicUrl", json!(good)), [], "{good}");
    }
    for bad in [
        "app.example",
        "http://app.example",
        "https://u:p@app.example",
        "https://app.example?x",
        "https://app.example#x",
        "ftp://app.example",
        "",
    ] {
        refused("publicUrl", json!(bad), "publicUrl");
    }
    for good in ["https://{subdomain}.zendesk.com", "http://{subdomain}.localhost:8788"] {
        assert_eq!(with("accountTemplate", json!(good)), [], "{good}");
    }
    refused("accountTemplate", json!("http://{subdomain}.zendesk.com"), "accountTemplate");
    refused("returnTo", json!(["https://app.example/x?y"]), "returnTo[0]");
    refused("returnTo", json!(["http://app.example/x"]), "returnTo[0]");
    refused("returnTo", json!(["/settings"]), "returnTo[0]");
    refused("redirectUris", json!(["http://app.example/callback"]), "redirectUris[0]");
    for bad in [
        "https://app.example/",
        "https://app.example/x",
        "HTTPS://app.example",
        "https://app.example:443",
        "null",
        "http://app.example",
    ] {
        refused("allowedOrigins", json!([bad]), "allowedOrigins[0]");
    }
}

#[test]
fn the_operators_own_client_is_judged_like_any_other() {
    let client = json!({ "clientId": "zdg-product", "clientSecret": "s", "scope": "read write" });
    assert_eq!(with("systemClient", client.clone()), []);
    assert_eq!(
        with("systemClient", json!({ "clientId": "zdg-product", "clientKind": "public", "scope": "read" })),
        [],
        "a public client has no secret"
    );
    let changed = |name: &str, value: Value| {
        let mut client = client.clone();
        client[name] = value;
        with("systemClient", client)
    };
    for (name, value, code) in [
        ("clientId", json!(""), "field_required"),
        ("clientId", json!(5), "field_invalid"),
        ("clientSecret", json!(null), "field_required"),
        ("clientKind", json!("secret"), "client_kind_unknown"),
        ("scope", json!(""), "scope_empty"),
        ("subdomain", json!("acme"), "field_unknown"),
    ] {
        assert_eq!(changed(name, value), [(format!("systemClient.{name}"), code.into())]);
    }
    refused("systemClient", json!("zdg-product"), "systemClient");
}

#[test]
fn keys_and_numbers_are_judged() {
    refused("adminKey", json!("x".repeat(31)), "adminKey");
    refused("adminKey", json!(["x".repeat(40)]), "adminKey");
    assert_eq!(with("adminKey", json!("x".repeat(32))), []);
    refused("sealingKeys", json!([]), "sealingKeys");
    refused("sealingKeys", json!({}), "sealingKeys");
    refused(
        "sealingKeys",
        json!([{ "kid": "1", "key": SEALING_KEY }, { "kid": "1", "key": SEALING_KEY }]),
        "sealingKeys[1].kid",
    );
    refused("sealingKeys", json!([{ "kid": "1", "key": SEALING_KEY, "alg": "dir" }]), "sealingKeys[0].alg");
    for bad in ["", "BwcH", &format!("{SEALING_KEY}="), &SEALING_KEY.replace('w', "+"), &SEALING_KEY[1..]] {
        refused("sealingKeys", json!([{ "kid": "1", "key": bad }]), "sealingKeys[0].key");
    }
    for (field, least, most) in [("accessTokenLifetime", 301, 172_799), ("transactionMaxAge", 60, 3600)] {
        assert_eq!(with(field, json!(least)), []);
        assert_eq!(with(field, json!(most)), []);
        for bad in [json!(least - 1), json!(most + 1), json!(-1), json!(1.5), json!("900"), json!(true)] {
            refused(field, bad, field);
        }
    }
    refused("product", json!("x".repeat(81)), "product");
    refused("product", json!("a\nb"), "product");
    assert_eq!(with("product", json!(null)), [], "null counts as left out");
}
