//! No two files need each other, not even by way of others.
//!
//! A file needs another one if it names an item that is defined there. A re-export is a signpost: whoever follows it needs
//! the file where it ends, and the file that puts it up needs nothing unless it uses the name itself.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use super::{Source, names::Names, sources};

type Module = Vec<String>;

struct Crate {
    files: BTreeMap<Module, (String, Names)>,
}

/// What a path leads to.
enum Target {
    Module(Module),
    /// An item of this module's file.
    Item(Module),
}

impl Crate {
    fn of(sources: &[Source]) -> Self {
        let files = sources.iter().map(|source| {
            let module = if source.path.ends_with("lib.rs") {
                Vec::new()
            } else {
                source.modules()
            };
            let path = source.path.display().to_string();
            (module, (path, Names::without_tests(&source.text)))
        });
        Self {
            files: files.collect(),
        }
    }

    fn resolve(&self, from: &[String], path: &[String], depth: usize) -> Option<Target> {
        let (first, rest) = path.split_first()?;
        let start = match first.as_str() {
            "crate" | "opentill" => Vec::new(),
            "self" => from.to_vec(),
            "super" => from[..from.len().saturating_sub(1)].to_vec(),
            _ => return self.find(from, path, depth),
        };
        // What is not found is made by a macro, in the last file that the path leads to.
        let mut module = start.clone();
        for name in rest {
            module.push(name.clone());
            if !self.files.contains_key(&module) {
                module.pop();
                break;
            }
        }
        let found = self.find(&start, rest, depth);
        Some(found.unwrap_or(Target::Item(module)))
    }

    /// What a path leads to from a module on.
    fn find(&self, module: &[String], path: &[String], depth: usize) -> Option<Target> {
        let Some((name, rest)) = path.split_first() else {
            return Some(Target::Module(module.to_vec()));
        };
        if name == "super" {
            return self.find(&module[..module.len().checked_sub(1)?], rest, depth);
        }
        let child: Module = module.iter().chain([name]).cloned().collect();
        if self.files.contains_key(&child) {
            return self.find(&child, rest, depth);
        }
        let (_, names) = self.files.get(module)?;
        if names.defined.contains(name) {
            return Some(Target::Item(module.to_vec()));
        }
        if depth > 8 {
            return None;
        }
        names.imports.iter().find_map(|import| {
            let (last, before) = import.path.split_last()?;
            if last == "*" {
                return match self.resolve(module, before, depth + 1)? {
                    Target::Module(all) if all != module => self.find(&all, path, depth + 1),
                    _ => None,
                };
            }
            let whole: Vec<String> = import.path.iter().chain(rest).cloned().collect();
            (import.alias == *name)
                .then(|| self.resolve(module, &whole, depth + 1))
                .flatten()
        })
    }

    /// The files that a module's file needs, and what it names of each.
    fn needs(&self, module: &Module) -> BTreeMap<Module, BTreeSet<String>> {
        let (_, names) = &self.files[module];
        let imported = names
            .imports
            .iter()
            .filter(|import| !import.is_reexport || names.mentioned.contains(&import.alias));
        let paths = imported.map(|import| &import.path).chain(&names.paths);
        let mut needs: BTreeMap<Module, BTreeSet<String>> = BTreeMap::new();
        for path in paths {
            let target = match path.split_last() {
                Some((last, before)) if last == "*" => match self.resolve(module, before, 0) {
                    Some(Target::Module(all)) => Some(Target::Item(all)),
                    other => other,
                },
                _ => self.resolve(module, path, 0),
            };
            if let Some(Target::Item(other)) = target
                && other != *module
                && self.files.contains_key(&other)
            {
                needs.entry(other).or_default().insert(path.join("::"));
            }
        }
        needs
    }

    /// Each circle: what each of its files names of the others.
    fn circles(&self) -> Vec<String> {
        let needs: BTreeMap<_, _> = self.files.keys().map(|m| (m, self.needs(m))).collect();
        let reached = |from: &Module| {
            let mut seen = BTreeSet::new();
            let mut left: Vec<&Module> = needs[from].keys().collect();
            while let Some(module) = left.pop() {
                if seen.insert(module) {
                    left.extend(needs[module].keys());
                }
            }
            seen
        };
        let reached: BTreeMap<_, _> = self.files.keys().map(|m| (m, reached(m))).collect();
        let mut circles = Vec::new();
        let mut known = BTreeSet::new();
        for module in self.files.keys() {
            let circle: Vec<_> = reached[module]
                .iter()
                .copied()
                .filter(|other| reached[other].contains(module))
                .collect();
            if !circle.contains(&module) || known.contains(module) {
                continue;
            }
            known.extend(circle.iter().copied());
            let mut text = format!("a circle of {} files:\n", circle.len());
            for from in &circle {
                for (to, names) in needs[from].iter().filter(|(to, _)| circle.contains(to)) {
                    let names = names.iter().cloned().collect::<Vec<_>>().join(", ");
                    let (from, to) = (&self.files[*from].0, &self.files[to].0);
                    writeln!(text, "  {from} -> {to}: {names}").unwrap();
                }
            }
            circles.push(text);
        }
        circles
    }
}

#[test]
fn no_files_need_each_other() {
    let sources: Vec<Source> = sources()
        .into_iter()
        .filter(|source| {
            !source.is_test()
                && !source.path.ends_with("build.rs")
                && !source.path.ends_with("tests.rs")
        })
        .collect();
    let circles = Crate::of(&sources).circles();
    assert!(circles.is_empty(), "{}", circles.join("\n"));
}

#[test]
fn a_circle_is_found_however_it_is_closed() {
    let circle = |files: &[(&str, &str)]| {
        let sources = files.iter().map(|(path, text)| Source::new(path, text));
        let sources: Vec<_> = sources.collect();
        !Crate::of(&sources).circles().is_empty()
    };
    for (a, b) in [
        ("use crate::b::B; struct A;", "use crate::a::A; struct B;"),
        (
            "use super::b; fn a() { b::b() }",
            "fn b() { crate::a::a() }",
        ),
        (
            "use crate::b::*; struct A;",
            "use super::a::A as C; struct B;",
        ),
        (
            "struct A; fn f(b: crate::m::B) {}",
            "struct B; fn f(a: crate::m::A) {}",
        ),
    ] {
        let root = ("lib.rs", "mod a; mod b; mod m;");
        let signpost = ("m/mod.rs", "pub use crate::{a::A, b::B};");
        assert!(
            circle(&[root, signpost, ("a.rs", a), ("b.rs", b)]),
            "{a} {b}"
        );
        assert!(!circle(&[
            root,
            signpost,
            ("a.rs", a),
            ("b.rs", "struct B;")
        ]));
    }
    let uses_what_it_shows = "pub use self::a::A; struct M(A);";
    assert!(circle(&[
        ("m/mod.rs", uses_what_it_shows),
        ("m/a.rs", "struct A(super::M);")
    ]));
    let shows = "pub use self::a::A; struct M;";
    assert!(!circle(&[
        ("m/mod.rs", shows),
        ("m/a.rs", "struct A(super::M);")
    ]));
}
