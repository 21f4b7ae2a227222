//! JSON objects, made from lists of their members by one function (`json!` writes the making of each member out where it
//! stands), and written by another, which knows whole numbers only: what writes fractions would be 1 kB of the artifact,
//! compressed.

use serde_json::{Map, Value};
use std::format;
use std::mem::ManuallyDrop;
use std::prelude::v1::*;

/// An object of these members.
pub fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    // Their values are moved out.
    let mut members = ManuallyDrop::new(members);
    collect(&mut *members)
}

#[inline(never)]
fn collect(members: &mut [(&str, Value)]) -> Value {
    let mut map = Map::new();
    for (name, value) in members {
        map.insert((*name).into(), value.take());
    }
    Value::Object(map)
}

/// Adds a member to an object.
pub fn set(object: &mut Value, name: &str, value: Value) {
    if let Value::Object(members) = object {
        members.insert(name.into(), value);
    }
}

/// A text.
#[inline(never)]
pub fn text(text: &str) -> Value {
    Value::String(text.into())
}

/// A text, or `null`.
pub fn text_if_any(value: Option<&str>) -> Value {
    value.map_or(Value::Null, text)
}

/// A value as JSON. A number with a fraction, of which there is none in what this service says, would be `null`.
pub fn write(value: &Value) -> String {
    let mut out = Vec::new();
    put(value, &mut out);
    String::from_utf8(out).unwrap_or_default()
}

fn put(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => out.extend_from_slice(format!("{number}").as_bytes()),
            (_, Some(number)) => out.extend_from_slice(format!("{number}").as_bytes()),
            _ => out.extend_from_slice(b"null"),
        },
        Value::String(text) => put_text(text, out),
        Value::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                put(item, out);
            }
            out.push(b']');
        }
        Value::Object(members) => {
            out.push(b'{');
            for (index, (name, member)) in members.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                put_text(name, out);
                out.push(b':');
                put(member, out);
            }
            out.push(b'}');
        }
    }
}

fn put_text(text: &str, out: &mut Vec<u8>) {
    let _a_text_always_serializes = serde_json::to_writer(out, text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_written_as_serde_writes_them() {
        for value in [
            json!(null),
            json!({ "a": [], "b": {}, "c": [1, -2, u64::MAX, i64::MIN, true, false, null] }),
            json!(["\"\\\n\u{1}\u{7f}\u{2028}é", { "\"": { "x": "y", "z": [[]] } }]),
        ] {
            assert_eq!(write(&value), value.to_string());
        }
        assert_eq!(write(&json!(0.5)), "null");
    }

    #[test]
    fn objects_have_the_members_they_are_given() {
        let mut made = object([("b", text("x")), ("a", text_if_any(None))]);
        set(&mut made, "c", 7.into());
        assert_eq!(made, json!({ "a": null, "b": "x", "c": 7 }));
    }
}
