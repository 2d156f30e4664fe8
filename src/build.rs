//! Embeds the migrations and the browser's side into the server.

use std::{
    env,
    fs::{self, File},
    io::{self, ErrorKind, Write},
    path::Path,
};

/// What is built beside what stands in `public`.
const BUILT: [&str; 3] = ["pkg/opentill.wasm", "pkg/opentill.js", "pkg/opentill.css"];

/// Stands for a file that is not built yet; an empty one would be left out.
const PLACEHOLDER: &[u8] = b"\n";

fn main() {
    println!("cargo::rerun-if-changed=src/build.rs");
    println!("cargo::rerun-if-changed=migrations");
    if env::var_os("CARGO_FEATURE_SSR").is_none() {
        return;
    }
    let site = Path::new("target/site");
    let is_release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    if !is_release {
        make_room(site).expect("target/site can be written");
    }
    println!("cargo::rerun-if-changed=target/site");
    let is_built = fs::read(site.join(BUILT[0])).is_ok_and(|wasm| wasm != PLACEHOLDER);
    assert!(
        is_built || !is_release,
        "the release holds the browser's side, which is not built yet: run `make build`; \
         with --precompress cargo-leptos builds it first, too"
    );
    memory_serve::load_directory(site);
}

/// A debug build reads the files when they are asked for and must only know which there will be:
/// cargo-leptos builds them at the same time as this, and tests can do without them.
fn make_room(site: &Path) -> io::Result<()> {
    fs::create_dir_all(site.join("pkg"))?;
    for file in BUILT.map(|file| site.join(file)) {
        match File::create_new(file) {
            Ok(mut file) => file.write_all(PLACEHOLDER)?,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    for file in fs::read_dir("public")? {
        let file = file?;
        let copy = site.join(file.file_name());
        if !copy.exists() {
            fs::copy(file.path(), copy)?;
        }
    }
    Ok(())
}
