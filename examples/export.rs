//! Writes what the npm package ships as data: `cargo run --example export --features edge -- <folder>` makes a JSON
//! Schema for each form and `forms.json` with all of them.

use std::error::Error;
use std::fs;
use std::path::Path;
use zendesk_auth::form_fields::FORMS;
use zendesk_auth::form_schema::{forms, schema};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("say into which folder")?;
    let folder = Path::new(&folder);
    fs::create_dir_all(folder)?;
    for (kind, name) in FORMS {
        write(&folder.join(format!("{name}.json")), &schema(kind))?;
    }
    write(&folder.join("forms.json"), &forms())
}

fn write(path: &Path, value: &serde_json::Value) -> Result<(), Box<dyn Error>> {
    Ok(fs::write(path, serde_json::to_string_pretty(value)? + "\n")?)
}
