//! Generates the edge artifact's JavaScript glue with the wasm-bindgen of this workspace's Cargo.lock, so that the generator and
//! the crate it reads can never be of two versions; and the browser artifact's table of error codes.

use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use wasm_bindgen_cli_support::Bindgen;
use zendesk_auth::Code;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let outcome = match arguments.as_slice() {
        [out_dir] => write_codes(Path::new(out_dir)),
        [input, out_dir, name] => generate(&PathBuf::from(input), &PathBuf::from(out_dir), name),
        _ => {
            eprintln!(
                "usage: zendesk-auth-bindgen <in.wasm> <out-dir> <name> for the glue, <out-dir> for the table of codes"
            );
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bindgen failed: {error}");
            let mut cause = error.source();
            while let Some(inner) = cause {
                eprintln!("  caused by: {inner}");
                cause = inner.source();
            }
            ExitCode::FAILURE
        }
    }
}

fn generate(input: &PathBuf, out_dir: &PathBuf, name: &str) -> Result<(), Box<dyn Error>> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(input)
        .out_name(name)
        .bundler(true)?
        .typescript(true)
        .keep_debug(true)
        .remove_producers_section(true);
    Ok(bindgen.generate(out_dir)?)
}

/// The browser artifact knows its errors by number: as text of a script, codes and messages are smaller than in the binary,
/// which is also shipped as base64.
fn write_codes(out_dir: &Path) -> Result<(), Box<dyn Error>> {
    let known = Code::ALL.iter().take_while(|code| **code != Code::CodeVerifierInvalid);
    let rows: Vec<String> = known.map(|code| format!("{}|{}", code.as_str(), code.message())).collect();
    // A line break would make a template literal of it, in which each backtick has to be escaped.
    fs::write(out_dir.join("codes.js"), format!("export default {:?};\n", rows.join("|")))?;
    fs::write(
        out_dir.join("codes.d.ts"),
        "declare const codes: string;\nexport default codes;\nexport const roundConstants: number;\n",
    )?;
    Ok(())
}
