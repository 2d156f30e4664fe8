//! The session's cookie.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::server::{public_url::PublicUrl, session::SessionCookie};

/// Its name. Over https the prefix makes browsers refuse it from anybody else (RFC 6265bis, 4.1.3.2).
fn name(public_url: &PublicUrl) -> &'static str {
    if public_url.is_https() {
        "__Host-session"
    } else {
        "session"
    }
}

/// The value that the browser sent. Two cookies of the name are none: one of them is not ours.
pub fn read<'h>(headers: &'h HeaderMap, public_url: &PublicUrl) -> Option<&'h str> {
    let name = name(public_url);
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

/// `Set-Cookie` for a new session. The browser forgets it when it is closed; the server, sooner.
pub fn set(cookie: &SessionCookie, public_url: &PublicUrl) -> HeaderValue {
    header(cookie.expose(), "", public_url)
}

/// `Set-Cookie` that takes the cookie away.
pub fn remove(public_url: &PublicUrl) -> HeaderValue {
    header("", "; Max-Age=0", public_url)
}

fn header(value: &str, extra: &str, public_url: &PublicUrl) -> HeaderValue {
    let name = name(public_url);
    let secure = if public_url.is_https() {
        "; Secure"
    } else {
        ""
    };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{extra}");
    HeaderValue::from_str(&text).expect("a cookie of letters and digits is a header value")
}
