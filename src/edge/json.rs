//! JSON objects, made from lists of their members by one function: `json!` writes the making of each member out where it stands.

use serde_json::{Map, Value};
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

/// A value as JSON.
pub fn write(value: &Value) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn objects_have_the_members_they_are_given() {
        let mut made = object([("b", text("x")), ("a", text_if_any(None))]);
        set(&mut made, "c", 7.into());
        assert_eq!(made, json!({ "a": null, "b": "x", "c": 7 }));
    }
}
