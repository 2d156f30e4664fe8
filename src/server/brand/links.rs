//! The operator's support contact and links.

use url::Url;

use crate::model::{brand::Link, client::Email};

/// Most links, and most characters of the text of each.
const MAX_LINKS: usize = 8;
const MAX_TITLE: usize = 40;
const SUPPORT: &str = "must be an https:// URL or a mailto: address, \
    like https://example.com/support or mailto:support@example.com";
const LEGAL: &str = "must be titles with https:// URLs, \
    like Terms=https://example.com/terms, Privacy=https://example.com/privacy";

/// Parses the URL of the support.
pub fn support(text: &str) -> Result<String, String> {
    let url = Url::parse(text).map_err(|_| SUPPORT)?;
    let is_valid = match url.scheme() {
        "mailto" => url.path().parse::<Email>().is_ok(),
        _ => is_https(&url),
    };
    if is_valid {
        Ok(url.into())
    } else {
        Err(SUPPORT.to_owned())
    }
}

/// Parses the links for the footer. A comma within a URL is written as `%2C`.
pub fn legal(text: &str) -> Result<Vec<Link>, String> {
    let links: Vec<_> = text
        .split(',')
        .map(link)
        .collect::<Option<_>>()
        .ok_or(LEGAL)?;
    if links.len() > MAX_LINKS {
        return Err(format!("must be at most {MAX_LINKS} links"));
    }
    Ok(links)
}

fn link(text: &str) -> Option<Link> {
    let (title, url) = text.split_once('=')?;
    let title = title.trim();
    let url = Url::parse(url.trim()).ok().filter(is_https)?;
    let is_titled = (1..=MAX_TITLE).contains(&title.chars().count());
    is_titled.then(|| Link {
        title: title.to_owned(),
        url: url.into(),
    })
}

fn is_https(url: &Url) -> bool {
    url.scheme() == "https" && url.username().is_empty() && url.password().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn support_is_a_page_or_a_mailbox() {
        for text in [
            "https://example.com/support?from=portal#form",
            "mailto:support@example.com",
            "MAILTO:support@example.com?subject=Portal",
        ] {
            assert!(support(text).is_ok(), "{text}");
        }
        for text in [
            "support@example.com",
            "http://example.com",
            "javascript:alert(1)",
            "data:text/html,hunter2",
            "mailto:",
            "mailto:nobody",
            "https://",
            "https://user:hunter2@example.com",
            "/support",
        ] {
            assert_eq!(support(text), Err(SUPPORT.to_owned()), "{text}");
        }
    }

    #[test]
    fn links_have_a_title_and_lead_to_https() {
        let links = legal("Terms = https://example.com/terms?a=b,Privacy=https://example.com/p");
        let links: Vec<_> = links
            .unwrap()
            .into_iter()
            .map(|l| (l.title, l.url))
            .collect();
        let expected = [
            ("Terms", "https://example.com/terms?a=b"),
            ("Privacy", "https://example.com/p"),
        ];
        assert_eq!(links, expected.map(|(t, u)| (t.to_owned(), u.to_owned())));
        for text in [
            "",
            "Terms",
            "=https://example.com",
            "Terms=javascript:alert(1)",
            "Terms=http://example.com",
            "Terms=https://example.com,",
            "A title of more than forty characters, ever=https://example.com",
        ] {
            assert!(legal(text).is_err(), "{text}");
        }
        assert!(legal(&["T=https://example.com"; 9].join(",")).is_err());
    }
}
