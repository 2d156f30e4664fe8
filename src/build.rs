//! Embeds the migrations and the browser's side into the server.

use std::{env, fs, path::Path};

fn main() {
    println!("cargo::rerun-if-changed=src/build.rs");
    println!("cargo::rerun-if-changed=migrations");
    if env::var_os("CARGO_FEATURE_SSR").is_none() {
        return;
    }
    let site = Path::new("target/site");
    fs::create_dir_all(site).expect("target/site can be created");
    println!("cargo::rerun-if-changed=target/site");
    let is_built = site.join("pkg/opentill.wasm").exists();
    let is_release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    assert!(
        is_built || !is_release,
        "the release holds the browser's side, which is not built yet: run `make build`"
    );
    // A debug build reads the files when they are asked for, and can do without them.
    memory_serve::load_directory(if is_built { site } else { Path::new("public") });
}
