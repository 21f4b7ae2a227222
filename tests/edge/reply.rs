//! What the service answered, read.

use http::HeaderMap;
use serde_json::Value;

/// An answer, read.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    pub fn text_of(&self, name: &str) -> String {
        self.json()[name].as_str().unwrap_or_else(|| panic!("no {name}: {}", self.text)).into()
    }

    /// The problem's code, after checking that the document is whole.
    #[track_caller]
    pub fn code(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text);
        let json = self.json();
        let code = json["code"].as_str().unwrap();
        assert_eq!(json["type"], format!("urn:zendesk-auth:error:{code}"));
        assert_eq!(json["status"], self.status);
        assert!(json["title"].is_string() && json["detail"].is_string());
        code.into()
    }

    /// Status and code in one.
    #[track_caller]
    pub fn problem(&self) -> (u16, String) {
        (self.status, self.code())
    }

    /// The wrong fields with their codes.
    pub fn fields(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap().to_string();
        let problems = self.json()["problems"].as_array().cloned().unwrap_or_default();
        problems.iter().map(|problem| (text(&problem["field"]), text(&problem["code"]))).collect()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn cookies(&self) -> Vec<String> {
        self.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap().into()).collect()
    }
}
