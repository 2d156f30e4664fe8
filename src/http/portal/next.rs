//! The path to go to after logging in.

use url::Url;

use crate::model::field;

const DASHBOARD: &str = "/";

/// A path of this server, which leads to no other host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next(String);

impl Next {
    /// Parses a path. Anything that may lead elsewhere becomes the dashboard.
    pub fn parse(asked: &str) -> Self {
        Self(own_path(asked).unwrap_or_else(|| DASHBOARD.to_owned()))
    }

    /// The path, with query and fragment.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path by way of the login page, which leads on if there is a session by then.
    pub fn by_login(&self) -> String {
        const LOGIN: &str = "/login?";
        let mut query = form_urlencoded::Serializer::for_suffix(LOGIN.to_owned(), LOGIN.len());
        if self.0 != DASHBOARD {
            query.append_pair(field::NEXT, &self.0);
        }
        query.append_pair(field::BEGAN, "1").finish()
    }

    /// The value of a form field: empty for the dashboard, which is the default.
    pub fn to_field(&self) -> String {
        if self.0 == DASHBOARD {
            String::new()
        } else {
            self.0.clone()
        }
    }
}

fn own_path(asked: &str) -> Option<String> {
    let mut chars = asked.chars();
    // Browsers read \ as / and drop tabs and line ends when they parse a URL.
    let is_path = chars.next() == Some('/') && !matches!(chars.next(), Some('/' | '\\'));
    let is_plain = !asked.contains('\\') && !asked.chars().any(char::is_control);
    if !is_path || !is_plain {
        return None;
    }
    let base = Url::parse("http://own.invalid").ok()?;
    let url = base.join(asked).ok()?;
    // `/.//host` is a path before it is normalized, and `//host` is another host.
    if url.origin() != base.origin() || url.path().starts_with("//") {
        return None;
    }
    Some(url[url::Position::BeforePath..].to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn own_paths_are_kept_with_query_and_fragment() {
        for path in [
            "/profile",
            "/profile?x=y",
            "/profile#api-tokens",
            "/a/b",
            "/?x=//y",
        ] {
            assert_eq!(Next::parse(path).as_str(), path);
        }
    }

    #[test]
    fn everything_else_leads_to_the_dashboard() {
        for asked in [
            "",
            "profile",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "\t//evil.example",
            "/a\\b",
            "https:evil.example",
            "https://evil.example",
            "HTTPS://evil.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "/.//evil.example",
            "/..//evil.example",
            "/a/..//evil.example",
            "/%2e//evil.example",
            "/a\r\nSet-Cookie: x=y",
            "/\u{0}",
            " /profile",
            "?x",
            "#x",
            "//",
            "/\\",
            ".//evil.example",
            "ftp://evil.example",
        ] {
            assert_eq!(Next::parse(asked).as_str(), "/", "{asked:?}");
        }
    }

    proptest! {
        #[test]
        fn it_always_stays_on_the_own_origin(asked in any::<String>()) {
            let next = Next::parse(&asked);
            let base = Url::parse("https://portal.example").unwrap();
            prop_assert_eq!(base.join(next.as_str()).unwrap().origin(), base.origin());
            prop_assert!(next.as_str().is_ascii() && !next.as_str().contains(char::is_control));
        }
    }
}
