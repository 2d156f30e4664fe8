//! Checks of the architecture, which read the source.

mod circles;
mod names;

use std::{
    fs,
    path::{Path, PathBuf},
};

use self::names::Names;

/// The layers, from the bottom up: a file may name its own layer and those before it.
const LAYERS: [&str; 7] = ["model", "server", "server_fns", "ui", "http", "cli", "main"];
const MAX_LINES: usize = 400;

struct Source {
    /// Below `src/`.
    path: PathBuf,
    text: String,
}

impl Source {
    fn new(path: &str, text: &str) -> Self {
        Self {
            path: path.into(),
            text: text.to_owned(),
        }
    }

    /// Its modules, from the crate down: `http`, `api`, `error`.
    fn modules(&self) -> Vec<String> {
        let mut parts: Vec<String> = self
            .path
            .with_extension("")
            .iter()
            .map(|part| part.to_string_lossy().into_owned())
            .collect();
        if parts.last().is_some_and(|last| last == "mod") {
            parts.pop();
        }
        parts
    }

    fn is_test(&self) -> bool {
        self.path.starts_with("tests")
    }

    /// The build script and the root of the crate.
    fn is_outside_layers(&self) -> bool {
        self.path == Path::new("build.rs") || self.path == Path::new("lib.rs")
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                sources.push(Source {
                    text: fs::read_to_string(&path).unwrap(),
                    path: path.strip_prefix(&root).unwrap().to_owned(),
                });
            }
        }
    }
    assert!(sources.len() > 50, "the source was found");
    sources
}

fn layer(name: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| *layer == name)
}

/// The text without comments; what stands in a `//` of a string is cut, which hides no path.
fn code(text: &str) -> String {
    text.lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

/// The modules of the crate's root that the source names.
fn named_layers(source: &Source) -> Vec<String> {
    let names = Names::of(&source.text);
    let imports = names.imports.into_iter().map(|import| import.path);
    let paths = imports.chain(names.paths);
    let modules = source.modules();
    let layers = paths.filter_map(|path| {
        let steps = path.iter().take_while(|name| *name == "super").count();
        let is_crate = ["crate", "opentill"].contains(&path[0].as_str());
        let is_above = steps > 0 && steps >= modules.len();
        path.get(if is_crate { 1 } else { steps })
            .filter(|_| is_crate || is_above)
            .cloned()
    });
    layers.collect()
}

/// The layers above the source that it names.
fn named_above(source: &Source) -> Vec<String> {
    let modules = source.modules();
    let own = layer(&modules[0])
        .unwrap_or_else(|| panic!("{} belongs to a layer", source.path.display()));
    named_layers(source)
        .into_iter()
        .filter(|named| layer(named).is_some_and(|named| named > own))
        .collect()
}

#[test]
fn every_file_is_part_of_the_program_or_its_tests() {
    let sources = sources();
    let roots = ["lib.rs", "main.rs", "build.rs", "tests/main.rs"].map(Path::new);
    for source in &sources {
        if roots.contains(&source.path.as_path()) {
            continue;
        }
        let mut parent = source.modules();
        let name = parent.pop().expect("it has a name");
        let declaration = format!("mod {name};");
        let is_declared = sources.iter().any(|other| {
            let is_root = roots.contains(&other.path.as_path());
            let folder = other.path.parent().map(PathBuf::from);
            let is_parent = if is_root {
                folder == Some(parent.iter().collect())
            } else {
                other.modules() == parent
            };
            is_parent && code(&other.text).contains(&declaration)
        });
        assert!(is_declared, "nothing declares {}", source.path.display());
    }
}

#[test]
fn no_arrow_points_up() {
    for source in sources() {
        if source.is_test() || source.is_outside_layers() {
            continue;
        }
        let up = named_above(&source);
        assert!(up.is_empty(), "{} names {up:?}", source.path.display());
    }
}

#[test]
fn an_arrow_that_points_up_is_found_however_it_is_written() {
    for (path, text, up) in [
        ("model/token.rs", "use crate::server::tokens;", "server"),
        ("server/mod.rs", "use crate::{model::x, http::y};", "http"),
        (
            "server/store/mod.rs",
            "use crate::{\n    model::{a, b},\n    ui,\n};",
            "ui",
        ),
        ("model/token.rs", "use super::super::server;", "server"),
        ("ui/login.rs", "fn f() { crate::cli::run() }", "cli"),
        (
            "server_fns/tokens.rs",
            "use super::super::{ui::Site};",
            "ui",
        ),
    ] {
        assert_eq!(named_above(&Source::new(path, text)), [up], "{text}");
    }
    for (path, text) in [
        ("http/mod.rs", "use crate::{server, ui};"),
        ("http/api/mod.rs", "use super::render::Renderer;"),
        ("server/store/mod.rs", "// crate::http may read this"),
        ("main.rs", "opentill::cli::run()"),
        ("model/token.rs", "use super::secret::PREFIX;"),
        ("model/token.rs", "mod tests { use super::*; }"),
    ] {
        assert!(named_above(&Source::new(path, text)).is_empty(), "{text}");
    }
}

#[test]
fn server_functions_name_the_server_in_their_bodies_alone() {
    // The signatures are built for the browser too, where there is no server.
    for source in sources() {
        if !source.path.starts_with("server_fns") {
            continue;
        }
        for line in code(&source.text).lines() {
            let is_inside = line.starts_with(' ');
            assert!(
                is_inside || !line.contains("server::"),
                "{}: {line}",
                source.path.display()
            );
        }
    }
}

#[test]
fn the_crate_features_are_known_to_the_root_alone() {
    for source in sources() {
        let is_root = source.path == Path::new("lib.rs");
        let knows = Names::of(&source.text).asks_for_feature;
        assert_eq!(knows, is_root, "{}", source.path.display());
    }
}

#[test]
fn all_sql_is_in_the_store_and_the_operations() {
    let mut seen = 0;
    for source in sources() {
        let may_name_it =
            source.path.starts_with("server/store") || source.path.starts_with("server/operations");
        if source.is_test() || source.path == Path::new("build.rs") {
            continue;
        }
        let code = code(&source.text);
        let names_it = code.contains("sqlx") || code.contains("rusqlite");
        assert!(may_name_it || !names_it, "{}", source.path.display());
        seen += usize::from(names_it);
    }
    assert!(seen > 0, "the store was read");
}

#[test]
fn no_file_is_too_long_to_read_in_one_go() {
    let long: Vec<_> = sources()
        .into_iter()
        .map(|source| (source.path, source.text.lines().count()))
        .filter(|(_, lines)| *lines > MAX_LINES)
        .collect();
    assert!(long.is_empty(), "{long:?}");
}

#[test]
fn no_module_hides_from_the_reader() {
    // Such an attribute would put a file into another layer than its folder.
    for source in sources() {
        let mark = concat!("#[", "path");
        assert!(!source.text.contains(mark), "{}", source.path.display());
    }
}
