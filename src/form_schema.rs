//! The forms as JSON Schema 2020-12, for whoever draws or checks them in another language than ours. A schema accepts
//! what [`crate::form::validate`] accepts under the default account template; what it cannot say is in its `$comment`.

use crate::form::FormKind;
use crate::form_fields::{FORMS, Field, Input, Need, fields, title};
use crate::subdomain::RESERVED;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Map, Value, json};

/// What is trimmed at both ends (`text::is_space`).
const SPACE: &str = r"\t-\r \u0085\u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff";
/// What no field may hold (`text::is_control`).
const CONTROL: &str = r"\u0000-\u001f\u007f-\u009f\u2028\u2029";
/// Characters that stand in a URL as they are (`endpoint::is_url_text`), without the fragment's.
const URL: &str = r"[!$-;=?-\[\]_a-z~]";

/// The schema of a form.
pub fn schema(kind: FormKind) -> Value {
    let (title, help) = title(kind);
    let properties: Map<String, Value> = fields(kind).map(|field| (field.name.to_string(), property(&field))).collect();
    let required: Vec<&str> = fields(kind).filter(|field| field.need == Need::Always).map(|field| field.name).collect();
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("urn:zendesk-auth:schema:{}", name(kind)),
        "$comment": comment(kind),
        "title": title,
        "description": help,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
        "x-order": kind.fields().collect::<Vec<_>>(),
    });
    if fields(kind).any(|field| field.need == Need::UnlessPublicOrSet) {
        let given = |field: &str, pattern: String| json!({ "properties": { field: { "type": "string", "pattern": pattern } }, "required": [field] });
        let any_of = json!([
            given("clientKind", trimmed("public")),
            given("clientSecretSet", trimmed("true")),
            given("clientSecret", format!("[^{SPACE}]")),
        ]);
        if let Some(schema) = schema.as_object_mut() {
            schema.insert("anyOf".into(), any_of);
        }
    }
    schema
}

/// Every form with its fields in order, for whoever draws them without reading schemas.
pub fn forms() -> Value {
    let form = |(kind, name): (FormKind, &str)| {
        let (title, help) = title(kind);
        let fields: Vec<Value> = fields(kind).map(|field| described(&field)).collect();
        json!({ "name": name, "title": title, "help": help, "fields": fields })
    };
    json!({ "forms": FORMS.map(form) })
}

fn name(kind: FormKind) -> &'static str {
    FORMS.iter().find(|(known, _)| *known == kind).map_or("", |(_, name)| name)
}

fn comment(kind: FormKind) -> &'static str {
    match kind {
        FormKind::OauthCustom => {
            "White space at both ends of a value does not count. Rules that a schema cannot say: a host that is \
             written out in authorizationUrl or tokenUrl must be the account's own, the one of the field subdomain \
             (endpoint_other_host); {subdomain} may stand for parts of the host only as its whole first label. The URLs \
             are judged for accounts under zendesk.com; a worker with another accountTemplate judges them for that."
        }
        _ => "White space at both ends of a value does not count.",
    }
}

fn property(field: &Field) -> Value {
    let mut property = Map::from_iter([("type".to_string(), json!("string"))]);
    if let Some(pattern) = pattern(field) {
        property.insert("pattern".into(), pattern.into());
    }
    for (name, text) in [("title", field.label), ("description", field.help), ("default", field.default)] {
        if !text.is_empty() {
            property.insert(name.into(), text.into());
        }
    }
    if field.input == Input::Secret {
        property.insert("writeOnly".into(), true.into());
    }
    let hints = described(field);
    for (hint, name) in [("x-input", "input"), ("x-limit", "limit"), ("x-find", "find"), ("x-options", "options")] {
        if let Some(value) = hints.get(name) {
            property.insert(hint.into(), value.clone());
        }
    }
    property.into()
}

/// A field's own words and limits; what it does not have is left out.
fn described(field: &Field) -> Value {
    let required = match field.need {
        Need::Always => json!(true),
        Need::Never => json!(false),
        Need::UnlessPublicOrSet => json!({ "unless": { "clientKind": "public", "clientSecretSet": "true" } }),
    };
    let options: Vec<Value> = field
        .options
        .iter()
        .map(|option| json!({ "value": option.value, "label": option.label, "help": option.help }))
        .collect();
    let all = [
        ("name", json!(field.name)),
        ("input", json!(field.input.as_str())),
        ("required", required),
        ("secret", json!(field.input == Input::Secret)),
        ("limit", json!(field.limit)),
        ("default", json!(field.default)),
        ("options", json!(options)),
        ("label", json!(field.label)),
        ("help", json!(field.help)),
        ("find", json!(field.find)),
    ];
    let is_there = |value: &Value| !(value.is_null() || value == "" || value.as_array().is_some_and(Vec::is_empty));
    all.into_iter().filter(|(_, value)| is_there(value)).map(|(name, value)| (name.to_string(), value)).collect()
}

/// What a value must look like, in the regular expressions of ECMA-262 with the flag `u`.
fn pattern(field: &Field) -> Option<String> {
    let optional = if field.need == Need::Always { "" } else { "?" };
    let limit = field.limit.unwrap_or_default();
    Some(match field.input {
        Input::Flag => return None,
        Input::Text if field.name == "name" => {
            // Both ends are counted apart: they are no white space.
            let (edge, middle) = (format!("[^{SPACE}{CONTROL}]"), limit.saturating_sub(2));
            trimmed(&format!("{edge}(?:[^{CONTROL}]{{0,{middle}}}{edge})?"))
        }
        Input::Text | Input::Secret => trimmed(&format!("(?:[^{SPACE}{CONTROL}]{{1,{limit}}}){optional}")),
        Input::Choice => {
            let values: Vec<&str> = field.options.iter().map(|option| option.value).collect();
            trimmed(&format!("(?:{}){optional}", values.join("|")))
        }
        Input::Scopes => {
            let scope = r#"[!#-+\--\[\]-~]+"#;
            let (most, any) = (limit.saturating_sub(1), r"[\t\n\f\r -~]");
            let length = format!("(?={any}{{0,{most}}}[!-~][{SPACE}]*$)");
            trimmed(&format!(r"{length}{scope}(?:[\t\n\f\r ]+{scope})*"))
        }
        Input::Email => {
            let any = format!("[^{SPACE}{CONTROL}:]");
            let local = format!("[^{SPACE}{CONTROL}:@]+");
            let label = format!("[^{SPACE}{CONTROL}:@.]+");
            let length = format!("(?={any}{{1,{limit}}}[{SPACE}]*$)");
            // The suffix that API tokens are used with is no part of the address.
            let suffix = format!(r"(?!{any}*\./token[{SPACE}]*$)");
            trimmed(&format!(r"{length}{suffix}{local}@{label}(?:\.{label})+"))
        }
        Input::Url => {
            let length = format!("(?=[^{SPACE}]{{0,{limit}}}[{SPACE}]*$)");
            let host = r"(?:\{subdomain\}|[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)\.zendesk\.com";
            trimmed(&format!(r"{length}(?:https://{host}/(?:{URL}|\{{subdomain\}})*){optional}"))
        }
        Input::Subdomain => {
            let label = label();
            let (scheme, domain) = (in_any_case("http"), in_any_case("zendesk.com"));
            let end = r"\.?(?::443)?";
            let tail = r"(?:[/?#][!-\[\]-~]*)?";
            let host = format!("(?:(?:{scheme}[sS]?:)?//)?{label}[.]{domain}{end}{tail}");
            trimmed(&format!("(?:{label}{end}|{host}){optional}"))
        }
    })
}

fn trimmed(pattern: &str) -> String {
    format!("^[{SPACE}]*{pattern}[{SPACE}]*$")
}

/// The account's name: a DNS label that is neither Punycode nor Zendesk's own.
fn label() -> String {
    let reserved = core::str::from_utf8(RESERVED).unwrap_or_default();
    let reserved: Vec<String> = reserved.split(' ').map(in_any_case).collect();
    let reserved = format!("(?!(?:{})(?![A-Za-z0-9-]))", reserved.join("|"));
    format!("(?![xX][nN]--){reserved}[A-Za-z0-9](?:[A-Za-z0-9-]{{0,61}}[A-Za-z0-9])?")
}

fn in_any_case(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            'a'..='z' => format!("[{character}{}]", character.to_ascii_uppercase()),
            '.' => "[.]".into(),
            other => other.to_string(),
        })
        .collect()
}
