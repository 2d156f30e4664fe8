//! What a browser without JavaScript does, and no more: it keeps cookies and follows nothing.

use std::{net::SocketAddr, sync::Arc};

use opentill::server::config::Config;
use reqwest::{
    Client, Method, RequestBuilder,
    header::{HeaderMap, SET_COOKIE},
    redirect::Policy,
};

use super::find_token;

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: String,
}

impl Answer {
    /// A header's text, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap_or("(not text)"))
    }

    /// No answer is kept anywhere, and no proxy may change a page on its way.
    pub fn assert_kept_nowhere(&self) {
        let is_page = self.header("content-type").starts_with("text/html");
        let expected = if is_page {
            "no-store, no-transform"
        } else {
            "no-store"
        };
        assert_eq!(self.header("cache-control"), expected, "{self:?}");
    }

    /// The `Set-Cookie` of the cookie `name`, or nothing.
    pub fn set_cookie(&self, name: &str) -> &str {
        let cookies = self.headers.get_all(SET_COOKIE).iter();
        let mut cookies = cookies.map(|cookie| cookie.to_str().unwrap_or("(not text)"));
        let is_it = |cookie: &&str| cookie.split('=').next() == Some(name);
        cookies.find(is_it).unwrap_or_default()
    }

    /// The exact 401 that is promised.
    pub fn is_exact_401(&self) -> bool {
        self.status == 401
            && self.body == r#"{"message":"Unauthenticated."}"#
            && self.header("content-type") == "application/json"
            && self.header("cache-control") == "no-store"
            && self.headers.get_all("www-authenticate").iter().count() == 1
            && self.header("www-authenticate").starts_with("Bearer ")
    }

    /// The value of a hidden field in a page, or of a list's chosen option.
    pub fn field(&self, name: &str) -> String {
        let at = self
            .body
            .find(&format!("name=\"{name}\""))
            .expect("the page has the field");
        let mut tag = &self.body[self.body[..at].rfind('<').unwrap()..];
        if tag.starts_with("<select") {
            let chosen = tag.find(" selected>").expect("one is chosen");
            tag = &tag[tag[..chosen].rfind('<').unwrap()..];
        }
        let tag = &tag[..tag.find('>').unwrap()];
        let value = &tag[tag.find("value=\"").expect("the field has a value") + 7..];
        value[..value.find('"').unwrap()].to_owned()
    }
}

/// A browser of one person.
pub struct Browser {
    addr: SocketAddr,
    config: Arc<Config>,
    client: Client,
    /// The session's cookie, as `name=value`.
    pub cookie: Option<String>,
    /// What is to be said on the next page, as `name=value`.
    pub said: Option<String>,
}

impl Browser {
    /// A fresh one.
    pub fn new(addr: SocketAddr, config: Arc<Config>) -> Self {
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        Self {
            addr,
            config,
            client,
            cookie: None,
            said: None,
        }
    }

    /// `GET`.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.get_with(path, &[]).await
    }

    /// `GET` with further headers.
    pub async fn get_with(&mut self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let request = self.request(Method::GET, path, headers);
        self.send(request).await
    }

    /// Goes where a redirect leads, as browsers do: without the fragment.
    pub async fn follow(&mut self, answer: &Answer) -> Answer {
        assert_eq!(answer.status, 303, "{}", answer.body);
        let path = answer.header("location").split('#').next().unwrap();
        self.get(path).await
    }

    /// Sends a form, as a page of ours would.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let origin = self.config.public_url.origin().to_owned();
        self.post_with(
            path,
            fields,
            &[("origin", &origin), ("sec-fetch-site", "same-origin")],
        )
        .await
    }

    /// Sends a form with these headers and no others.
    pub async fn post_with(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Answer {
        let request = self.request(Method::POST, path, headers).form(fields);
        self.send(request).await
    }

    /// Logs in and keeps the cookie.
    pub async fn log_in(&mut self, email: &str, password: &str) -> Answer {
        self.post("/login", &[("email", email), ("password", password)])
            .await
    }

    /// Creates a token through the form and returns it.
    pub async fn create_token(&mut self, name: &str) -> String {
        let answer = self.post("/profile/tokens", &[("name", name)]).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        find_token(&answer.body).expect("the answer shows the token")
    }

    /// Lets a token revoke itself, as a program does.
    pub async fn revoke_itself(&mut self, token: &str) -> Answer {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str())];
        let request = self.request(Method::DELETE, "/api/v1/token", &headers);
        self.send(request).await
    }

    /// Calls a server function as the browser's side does.
    pub async fn rpc(&mut self, function: &str, fields: &[(&str, &str)]) -> Answer {
        self.post(&format!("/rpc/{function}"), fields).await
    }

    /// A request with the cookie and these headers.
    pub fn request(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> RequestBuilder {
        let mut request = self
            .client
            .request(method, format!("http://{}{path}", self.addr));
        // Wherever it is led to, it asks for the portal by its name.
        if !headers.iter().any(|(name, _)| *name == "host") {
            let origin = self.config.public_url.origin();
            let (_, host) = origin.split_once("://").unwrap();
            request = request.header("host", host);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let cookies: Vec<&str> = [&self.cookie, &self.said]
            .into_iter()
            .filter_map(Option::as_deref)
            .collect();
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        request
    }

    /// Sends it and keeps the cookie that comes back.
    pub async fn send(&mut self, request: RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        for cookie in headers.get_all(SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let kept = match pair.split_once('=').map(|(name, _)| name) {
                Some("session" | "__Host-session") => &mut self.cookie,
                Some("said" | "__Host-said") => &mut self.said,
                // Preferences are nothing to be logged in with.
                _ => continue,
            };
            let is_removed = pair.ends_with('=');
            *kept = (!is_removed).then(|| pair.to_owned());
        }
        Answer {
            status,
            headers,
            body: response.text().await.unwrap(),
        }
    }
}
