//! The names that a source file imports, defines and uses, read from its tokens.

use std::collections::BTreeSet;

/// One name that a `use` declaration brings in.
#[derive(Debug, Eq, PartialEq)]
pub struct Import {
    pub path: Vec<String>,
    /// The name here; `*` for all of them.
    pub alias: String,
    pub is_reexport: bool,
}

#[derive(Debug, Default)]
pub struct Names {
    pub imports: Vec<Import>,
    /// Paths outside `use` declarations, from their first segment on.
    pub paths: Vec<Vec<String>>,
    pub defined: BTreeSet<String>,
    /// Single names outside `use` declarations.
    pub mentioned: BTreeSet<String>,
    /// Whether it asks for a feature of the crate, in whatever form of `cfg`.
    pub asks_for_feature: bool,
}

impl Names {
    /// Of all that is in a file.
    pub fn of(text: &str) -> Self {
        Self::in_tokens(&tokens(text))
    }

    /// The same without inline modules of unit tests.
    pub fn without_tests(text: &str) -> Self {
        Self::in_tokens(&without_tests(&tokens(text)))
    }

    fn in_tokens(tokens: &[String]) -> Self {
        let mut names = Self::default();
        let mut at = 0;
        while at < tokens.len() {
            let before = at.checked_sub(1).map_or("", |at| &tokens[at]);
            let next = tokens.get(at + 1).map_or("", String::as_str);
            match tokens[at].as_str() {
                "use" if next != "<" => {
                    let is_reexport = before == "pub" || before == ")";
                    at = names.import(tokens, at + 1, &[], is_reexport);
                }
                "fn" | "struct" | "enum" | "trait" | "type" | "const" | "static" => {
                    names.defined.insert(next.to_owned());
                }
                "macro_rules" => {
                    names.defined.insert(tokens[at + 2].clone());
                    at += 2;
                }
                "mod" => at += 1,
                "feature" if next == "=" => names.asks_for_feature = true,
                name if is_name(name) && before != "::" && before != "." => {
                    let mut path = vec![name.to_owned()];
                    while tokens.get(at + 1).is_some_and(|token| token == "::")
                        && tokens.get(at + 2).is_some_and(|token| is_name(token))
                    {
                        path.push(tokens[at + 2].clone());
                        at += 2;
                    }
                    names.mentioned.insert(path[0].clone());
                    if path.len() > 1 {
                        names.paths.push(path);
                    }
                }
                _ => {}
            }
            at += 1;
        }
        names
    }

    /// Reads one branch of a `use` tree, and returns where it ends.
    fn import(
        &mut self,
        tokens: &[String],
        mut at: usize,
        prefix: &[String],
        is_reexport: bool,
    ) -> usize {
        let mut path = prefix.to_vec();
        while at < tokens.len() {
            match tokens[at].as_str() {
                "::" => {}
                "{" => {
                    at += 1;
                    while tokens[at] != "}" {
                        at = self.import(tokens, at, &path, is_reexport);
                        at += usize::from(tokens[at] == ",");
                    }
                    return at + 1;
                }
                "as" => {
                    let alias = tokens[at + 1].clone();
                    self.add(path, Some(alias), is_reexport);
                    return at + 2;
                }
                "," | "}" | ";" => break,
                name => path.push(name.to_owned()),
            }
            at += 1;
        }
        self.add(path, None, is_reexport);
        at
    }

    fn add(&mut self, mut path: Vec<String>, alias: Option<String>, is_reexport: bool) {
        if path.len() > 1 {
            path.pop_if(|last| last == "self");
        }
        let Some(alias) = alias.or_else(|| path.last().cloned()) else {
            return;
        };
        self.imports.push(Import {
            path,
            alias,
            is_reexport,
        });
    }
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Without inline modules of unit tests.
fn without_tests(tokens: &[String]) -> Vec<String> {
    const MARK: [&str; 8] = ["#", "[", "cfg", "(", "test", ")", "]", "mod"];
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at..].iter().take(MARK.len()).eq(&MARK) && tokens[at + 9] == "{" {
            let mut depth = 0;
            at += 9;
            loop {
                depth += i32::from(tokens[at] == "{");
                depth -= i32::from(tokens[at] == "}");
                at += 1;
                if depth == 0 {
                    break;
                }
            }
        } else {
            kept.push(tokens[at].clone());
            at += 1;
        }
    }
    kept
}

/// Words, `::`, and every other character; no comments, and nothing of a string but its quotes.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let word = rest
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        let is_raw = word > 0 && rest[..word].ends_with('r') && word <= 2;
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if is_raw && let Some(length) = raw_string(&rest[word..]) {
            tokens.push("\"".to_owned());
            word + length
        } else if word > 0 {
            tokens.push(rest[..word].to_owned());
            word
        } else if c == '"' {
            tokens.push("\"".to_owned());
            string(rest)
        } else if c == '\'' {
            character(rest)
        } else if rest.starts_with("::") {
            tokens.push("::".to_owned());
            2
        } else {
            // `$crate` is the crate.
            if !c.is_whitespace() && c != '$' {
                tokens.push(c.to_string());
            }
            c.len_utf8()
        };
        rest = &rest[skipped..];
    }
    tokens
}

/// Where a string ends that begins here.
fn string(text: &str) -> usize {
    let mut is_escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        let ends = *c == '"' && !is_escaped;
        is_escaped = *c == '\\' && !is_escaped;
        ends
    });
    end.map_or(text.len(), |(at, _)| at + 1)
}

fn raw_string(text: &str) -> Option<usize> {
    let hashes = text.len() - text.trim_start_matches('#').len();
    let content = text[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(hashes + 1 + content.find(&end)? + end.len())
}

/// Where a character ends that begins here, or the quote of a lifetime.
fn character(text: &str) -> usize {
    let mut inside = text[1..].char_indices();
    match inside.next() {
        Some((_, '\\')) => text[3..].find('\'').map_or(1, |at| at + 4),
        Some(_) => match inside.next() {
            Some((at, '\'')) => at + 2,
            _ => 1,
        },
        None => 1,
    }
}

#[test]
fn names_are_found_in_whatever_form_they_are_written() {
    let names = Names::without_tests(
        r##"
        // use not::this;
        pub(super) use self::a::{B, c::{self, D as E}, f::*};
        use crate::g::H;
        const TEXT: &str = "use not::this; \" use not::that";
        const RAW: &str = r#"use "not" ::this"#;
        fn one<'a>(c: char) -> bool { c == '"' || c == '\'' || crate::i::j::<u8>(H::K) }
        #[cfg(test)]
        mod tests { use not::this; fn f() { {} } }
        macro_rules! two { () => { $crate::l::M } }
        "##,
    );
    let imported: Vec<_> = names
        .imports
        .iter()
        .map(|i| format!("{} {} {}", i.path.join("::"), i.alias, i.is_reexport))
        .collect();
    assert_eq!(
        imported,
        [
            "self::a::B B true",
            "self::a::c c true",
            "self::a::c::D E true",
            "self::a::f::* * true",
            "crate::g::H H false",
        ]
    );
    let paths: Vec<_> = names.paths.iter().map(|path| path.join("::")).collect();
    assert_eq!(paths, ["crate::i::j", "H::K", "crate::l::M"]);
    assert!(
        ["TEXT", "one", "two"]
            .iter()
            .all(|n| names.defined.contains(*n))
    );
}
