//! How a mail looks: as text and as simple HTML, from the same parts.

use std::fmt::Write;

use lettre::{
    Message,
    error::Error,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};

use crate::model::text;

/// Automatic replies are not sent to mails with it (RFC 3834, 5).
const AUTO_SUBMITTED: HeaderName = HeaderName::new_from_ascii_str("Auto-Submitted");

/// What a mail says. All of it is text; the renderers escape it.
#[derive(Clone, Debug, Default)]
pub struct Letter {
    /// The subject.
    pub subject: String,
    /// The first line.
    pub greeting: String,
    /// What happened.
    pub paragraphs: Vec<String>,
    /// The link to follow, and its text.
    pub action: Option<(String, &'static str)>,
    /// Facts, with their names: when, from where.
    pub facts: Vec<(&'static str, String)>,
    /// What to do, or that there is nothing to do.
    pub advice: Vec<String>,
    /// The name of the installation, and its URL.
    pub from: (String, String),
    /// URL of the operator's support.
    pub support: Option<String>,
}

impl Letter {
    /// As text.
    pub fn text(&self) -> String {
        let mut parts = vec![line(&self.greeting)];
        parts.extend(self.paragraphs.iter().map(|text| line(text)));
        parts.extend(
            self.action
                .iter()
                .map(|(url, label)| format!("{label}:\n{}", line(url))),
        );
        let facts: Vec<_> = self
            .facts
            .iter()
            .map(|(name, value)| format!("{name}: {}", line(value)))
            .collect();
        if !facts.is_empty() {
            parts.push(facts.join("\n"));
        }
        parts.extend(self.advice.iter().map(|text| line(text)));
        let (name, url) = &self.from;
        let mut end = format!("-- \n{}\n{}", line(name), line(url));
        if let Some(support) = &self.support {
            let _ = write!(end, "\nSupport: {}", line(support));
        }
        parts.push(end);
        parts.join("\n\n") + "\n"
    }

    /// As HTML. Without colors but for the button's, so that light and dark mail programs show it in theirs.
    pub fn html(&self) -> String {
        let mut body = String::new();
        let mut add = |style: &str, html: &str| {
            let _ = write!(body, "<p style=\"margin:0 0 16px;{style}\">{html}</p>");
        };
        add("", &escaped(&self.greeting));
        for text in &self.paragraphs {
            add("", &escaped(text));
        }
        if let Some((url, label)) = &self.action {
            let button = format!(
                "<a href=\"{}\" style=\"display:inline-block;padding:10px 18px;border-radius:6px;\
                 background:#0b5c45;color:#ffffff;font-weight:600;text-decoration:none\">{}</a>",
                escaped(url),
                escaped(label),
            );
            add("", &button);
            let shown = format!("Or open this address: {}", escaped(url));
            add("font-size:14px;overflow-wrap:anywhere", &shown);
        }
        for (name, value) in &self.facts {
            let fact = format!("<strong>{}:</strong> {}", escaped(name), escaped(value));
            add("margin:0 0 4px;overflow-wrap:anywhere", &fact);
        }
        for (n, text) in self.advice.iter().enumerate() {
            let above = if n == 0 { "margin-top:16px" } else { "" };
            add(above, &escaped(text));
        }
        let (name, url) = &self.from;
        let link =
            |url: &str, text: &str| format!("<a href=\"{}\">{}</a>", escaped(url), escaped(text));
        let mut end = format!("{} · {}", escaped(name), link(url, url));
        if let Some(support) = &self.support {
            let _ = write!(end, " · {}", link(support, "Support"));
        }
        add(
            "margin-top:32px;font-size:14px;overflow-wrap:anywhere",
            &end,
        );
        format!(
            "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <meta name=\"color-scheme\" content=\"light dark\"><title>{}</title></head>\
             <body style=\"margin:0;padding:24px 16px;font-family:system-ui,sans-serif;font-size:16px;line-height:1.5\">\
             <div style=\"max-width:560px;margin:0 auto\">{body}</div></body></html>",
            escaped(&self.subject)
        )
    }

    /// The message as it is sent.
    ///
    /// # Errors
    /// It cannot be made; that would be a bug.
    pub fn message(&self, from: Mailbox, to: Mailbox, id: &str) -> Result<Message, Error> {
        let on_a_line =
            |mailbox: Mailbox| Mailbox::new(mailbox.name.map(|name| line(&name)), mailbox.email);
        Message::builder()
            .from(on_a_line(from))
            .to(on_a_line(to))
            .subject(line(&self.subject))
            .message_id(Some(format!("<{id}>")))
            .raw_header(HeaderValue::new(
                AUTO_SUBMITTED,
                "auto-generated".to_owned(),
            ))
            .multipart(MultiPart::alternative_plain_html(self.text(), self.html()))
    }
}

/// A text without characters that would end its line, be invisible, or reorder what is around it.
fn line(text: &str) -> String {
    text::escaped(text).into_owned()
}

/// The same for HTML, in text and in attributes.
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in line(text).chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str =
        "Jane\r\nBcc: all@example.com\r\n\r\n<script>alert('1')</script>\"\u{202e}&";

    fn hostile() -> Letter {
        let text = || HOSTILE.to_owned();
        Letter {
            subject: text(),
            greeting: text(),
            paragraphs: vec![text()],
            action: Some((format!("https://example.com/{HOSTILE}"), "Open")),
            facts: vec![("Token", text())],
            advice: vec![text()],
            from: (text(), text()),
            support: Some(text()),
        }
    }

    #[test]
    fn no_value_gets_out_of_its_place_in_either_part() {
        let letter = hostile();
        let html = letter.html();
        assert!(
            !html.contains("<script") && !html.contains('\u{202e}'),
            "{html}"
        );
        assert!(!html.contains("alert('1')"), "{html}");
        assert!(!html.contains('\n') && !html.contains('\r'), "{html}");
        for line in letter.text().lines() {
            assert!(!line.starts_with("Bcc"), "{line}");
        }
    }

    #[test]
    fn no_value_adds_a_header() {
        let mailbox =
            |name: &str| Mailbox::new(Some(name.to_owned()), "a@example.com".parse().unwrap());
        let message = hostile().message(mailbox(HOSTILE), mailbox(HOSTILE), "id@example.com");
        let bytes = message.unwrap().formatted();
        let text = String::from_utf8(bytes).unwrap();
        let (head, _) = text.split_once("\r\n\r\n").unwrap();
        let names: Vec<_> = head
            .split("\r\n")
            .filter(|line| !line.starts_with([' ', '\t']))
            .map(|line| line.split(':').next().unwrap())
            .collect();
        let mut expected = vec![
            "From",
            "To",
            "Subject",
            "Message-ID",
            "Auto-Submitted",
            "MIME-Version",
            "Date",
            "Content-Type",
        ];
        let mut sorted = names.clone();
        sorted.sort_unstable();
        expected.sort_unstable();
        assert_eq!(sorted, expected, "{head}");
    }
}
