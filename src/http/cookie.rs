//! Cookies: those that only the server reads, and those of a visitor's preferences.

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::AppendHeaders,
};

use crate::{
    server::{public_url::PublicUrl, session::SessionCookie},
    ui::preferences::REMEMBERED,
};

/// A cookie that scripts cannot read.
pub struct Cookie {
    /// Its name over http.
    pub http: &'static str,
    /// Its name over https: with the prefix `__Host-` browsers accept it from this host only (RFC 6265bis, 4.1.3.2).
    pub https: &'static str,
}

/// The session cookie. Browsers delete it when they are closed; the server ends the session sooner.
const SESSION: Cookie = Cookie {
    http: "session",
    https: "__Host-session",
};

/// The device cookie, by which a browser is recognized at the next login.
const DEVICE: Cookie = Cookie {
    http: "device",
    https: "__Host-device",
};

impl Cookie {
    fn name(&self, public_url: &PublicUrl) -> &'static str {
        if public_url.is_https() {
            self.https
        } else {
            self.http
        }
    }

    /// Its value in a request.
    pub fn read<'h>(&self, headers: &'h HeaderMap, public_url: &PublicUrl) -> Option<&'h str> {
        value(headers, self.name(public_url))
    }

    /// `Set-Cookie` with a value of letters, digits and dots, and further attributes.
    pub fn set(&self, value: &str, extra: &str, public_url: &PublicUrl) -> HeaderValue {
        let name = self.name(public_url);
        let secure = secure(public_url);
        let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{extra}");
        HeaderValue::from_str(&text).expect("a cookie of letters and digits is a header value")
    }

    /// `Set-Cookie` that removes the cookie.
    pub fn remove(&self, public_url: &PublicUrl) -> HeaderValue {
        self.set("", "; Max-Age=0", public_url)
    }
}

/// The device cookie of a request.
pub fn read_device<'h>(headers: &'h HeaderMap, public_url: &PublicUrl) -> Option<&'h str> {
    DEVICE.read(headers, public_url)
}

/// The session cookie of a request.
pub fn read<'h>(headers: &'h HeaderMap, public_url: &PublicUrl) -> Option<&'h str> {
    SESSION.read(headers, public_url)
}

/// The value of the cookie `name`; `None` if there are two, because one of them is not ours.
pub fn value<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut values = headers
        .get_all(header::COOKIE)
        .into_iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(n, _)| *n == name)
        .map(|(_, value)| value);
    let value = values.next()?;
    values.next().is_none().then_some(value)
}

type SetCookie = (HeaderName, HeaderValue);

/// `Set-Cookie` for a new session, and for the device cookie, which outlives it.
pub fn set(cookie: &SessionCookie, public_url: &PublicUrl) -> AppendHeaders<[SetCookie; 2]> {
    let kept = format!("; Max-Age={REMEMBERED}");
    let session = SESSION.set(cookie.expose(), "", public_url);
    let device = DEVICE.set(cookie.device().expose(), &kept, public_url);
    // The session cookie comes last: a client that keeps one header of a name keeps the last.
    AppendHeaders([device, session].map(|cookie| (header::SET_COOKIE, cookie)))
}

/// `Set-Cookie` that removes the session cookie.
pub fn remove(public_url: &PublicUrl) -> HeaderValue {
    SESSION.remove(public_url)
}

/// `Set-Cookie` for a preference. Scripts may read and write it: it grants nothing.
pub fn remember(name: &str, value: &'static str, public_url: &PublicUrl) -> HeaderValue {
    let secure = secure(public_url);
    let text = format!("{name}={value}; Path=/; SameSite=Lax; Max-Age={REMEMBERED}{secure}");
    HeaderValue::from_str(&text).expect("a cookie of letters and digits is a header value")
}

fn secure(public_url: &PublicUrl) -> &'static str {
    if public_url.is_https() {
        "; Secure"
    } else {
        ""
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::server::config::Config;

    fn at(url: &str) -> PublicUrl {
        let config = Config::read(|name| (name == "OPENTILL_PUBLIC_URL").then(|| url.to_owned()));
        config.unwrap().public_url
    }

    fn sent(lines: &[&[u8]]) -> HeaderMap {
        let values = lines
            .iter()
            .map(|line| HeaderValue::from_bytes(line).unwrap());
        values.map(|value| (header::COOKIE, value)).collect()
    }

    #[test]
    fn the_one_cookie_of_the_name_is_found_among_others() {
        let plain = at("http://localhost");
        for lines in [
            &[&b"session=x"[..]][..],
            &[b"a=b; session=x; c=d"],
            &[b"a=b;session=x"],
            &[b"a=b", b"session=x"],
            &[b"session2=y; session=x"],
            &[b"\xff=b", b"session=x"],
        ] {
            assert_eq!(read(&sent(lines), &plain), Some("x"), "{lines:?}");
        }
        let secure = at("https://portal.example");
        let both = sent(&[b"session=y; __Host-session=x"]);
        assert_eq!(read(&both, &secure), Some("x"));
    }

    #[test]
    fn two_cookies_of_the_name_are_none() {
        let plain = at("http://localhost");
        for lines in [
            &[&b"session=x; session=x"[..]][..],
            &[b"session=x", b"session=y"],
            &[b"Session=x"],
            &[b"session"],
            &[b""],
        ] {
            assert_eq!(read(&sent(lines), &plain), None, "{lines:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_sent_what_is_read_was_sent_under_the_name(text in "[ -~\t]{0,200}") {
            let headers = sent(&[text.as_bytes()]);
            if let Some(value) = read(&headers, &at("http://localhost")) {
                prop_assert!(!value.contains(';'));
                let pair = format!("session={value}");
                prop_assert!(text.contains(&pair));
            }
        }
    }
}
