//! The URL at which people reach the portal.

use std::net::SocketAddr;

use url::{Host, Url};

/// The portal's public URL: scheme, host and port, no path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    host: String,
    port: u16,
    is_https: bool,
    is_loopback: bool,
    is_known: bool,
}

impl PublicUrl {
    /// Parses the setting.
    ///
    /// # Errors
    /// What is wrong with it, without quoting it.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let url =
            Url::parse(text).map_err(|_| "must be an address like https://portal.example.com")?;
        let is_https = url.scheme() == "https";
        if !is_https && url.scheme() != "http" {
            return Err("must be an https:// address");
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err("must have no path: the portal lives at the root of its host");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("must have no user name and no password");
        }
        let (is_loopback, is_unspecified) = match url.host() {
            Some(Host::Domain(name)) => {
                (name == "localhost" || name.ends_with(".localhost"), false)
            }
            Some(Host::Ipv4(ip)) => (ip.is_loopback(), ip.is_unspecified()),
            Some(Host::Ipv6(ip)) => (ip.is_loopback(), ip.is_unspecified()),
            None => return Err("must have a host"),
        };
        if is_unspecified {
            return Err("must be the address that people use, not the one of all networks");
        }
        Ok(Self {
            origin: url.origin().ascii_serialization(),
            host: url.host_str().unwrap_or_default().to_owned(),
            port: url.port_or_known_default().unwrap_or_default(),
            is_https,
            is_loopback,
            is_known: true,
        })
    }

    /// The URL of the listener itself. If it listens on all IP addresses, that of loopback: which of the others people use
    /// is unknown.
    pub fn of_listener(addr: SocketAddr) -> Self {
        let mut from_here = addr;
        if addr.ip().is_unspecified() {
            from_here.set_ip(match addr {
                SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
                SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
            });
        }
        // URLs have IPv6 addresses in brackets.
        let host = match from_here {
            SocketAddr::V4(addr) => addr.ip().to_string(),
            SocketAddr::V6(addr) => format!("[{}]", addr.ip()),
        };
        let origin = match addr.port() {
            // Browsers leave out the default port.
            80 => format!("http://{host}"),
            port => format!("http://{host}:{port}"),
        };
        Self {
            origin,
            host,
            port: addr.port(),
            is_https: false,
            is_loopback: addr.ip().to_canonical().is_loopback(),
            is_known: !addr.ip().is_unspecified(),
        }
    }

    /// The origin, as browsers send it: `https://portal.example.com`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Whether the scheme is https.
    pub fn is_https(&self) -> bool {
        self.is_https
    }

    /// The host, an IPv6 address in brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, also if it is the default one.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Whether only this machine can reach it.
    pub fn is_loopback(&self) -> bool {
        self.is_loopback
    }

    /// Whether it is set, or that of the one IP address that is listened on.
    pub fn is_known(&self) -> bool {
        self.is_known
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::config::Config;

    #[test]
    fn it_is_kept_as_browsers_write_origins() {
        for (text, origin, host, port) in [
            (
                "HTTPS://Portal.Example:443/",
                "https://portal.example",
                "portal.example",
                443,
            ),
            (
                "http://portal.example:8080",
                "http://portal.example:8080",
                "portal.example",
                8080,
            ),
            ("http://[::1]:80", "http://[::1]", "[::1]", 80),
            (
                "https://m\u{fc}ller.example",
                "https://xn--mller-kva.example",
                "xn--mller-kva.example",
                443,
            ),
        ] {
            let url = PublicUrl::parse(text).unwrap();
            assert_eq!((url.origin(), url.host(), url.port()), (origin, host, port));
        }
        for (addr, origin) in [
            ("127.0.0.1:3000", "http://127.0.0.1:3000"),
            ("127.0.0.1:80", "http://127.0.0.1"),
            ("[::1]:3000", "http://[::1]:3000"),
            ("0.0.0.0:3000", "http://127.0.0.1:3000"),
            ("[::]:80", "http://[::1]"),
        ] {
            assert_eq!(
                PublicUrl::of_listener(addr.parse().unwrap()).origin(),
                origin
            );
        }
    }

    #[test]
    fn the_address_of_all_networks_is_nobodys() {
        for url in ["http://0.0.0.0:3000", "https://[::]"] {
            assert!(PublicUrl::parse(url).is_err(), "{url}");
        }
        assert!(!PublicUrl::of_listener("0.0.0.0:3000".parse().unwrap()).is_known());
        assert!(!PublicUrl::of_listener("0.0.0.0:3000".parse().unwrap()).is_loopback());
    }

    #[test]
    fn plain_http_beyond_this_machine_has_to_be_asked_for() {
        fn read(settings: &[(&str, &str)]) -> Result<Config, String> {
            let get = |name: &str| settings.iter().find(|(known, _)| *known == name);
            Config::read(|name| get(name).map(|(_, value)| (*value).to_owned()))
                .map_err(|error| error.to_string())
        }
        fn both<'a>(addr: &'a str, url: &'a str) -> Vec<(&'a str, &'a str)> {
            let all = [("LEPTOS_SITE_ADDR", addr), ("OPENTILL_PUBLIC_URL", url)];
            all.into_iter()
                .filter(|(_, value)| !value.is_empty())
                .collect()
        }
        for addr in [
            "127.0.0.1:0",
            "127.9.9.9:3000",
            "[::1]:3000",
            "[::ffff:127.0.0.1]:3000",
        ] {
            for url in [
                "",
                "http://localhost:8080",
                "http://[::1]",
                "https://portal.example",
            ] {
                assert!(
                    !read(&both(addr, url)).unwrap().is_insecure(),
                    "{addr} {url}"
                );
            }
        }
        for (addr, url, setting) in [
            ("0.0.0.0:3000", "", "LEPTOS_SITE_ADDR"),
            ("0.0.0.0:0", "", "LEPTOS_SITE_ADDR"),
            ("[::]:3000", "", "LEPTOS_SITE_ADDR"),
            ("192.0.2.1:3000", "", "LEPTOS_SITE_ADDR"),
            ("0.0.0.0:3000", "http://localhost:3000", "LEPTOS_SITE_ADDR"),
            ("0.0.0.0:3000", "http://portal.example", "LEPTOS_SITE_ADDR"),
            (
                "127.0.0.1:3000",
                "http://portal.example",
                "OPENTILL_PUBLIC_URL",
            ),
        ] {
            let mut settings = both(addr, url);
            let refused = read(&settings).unwrap_err();
            assert!(refused.starts_with(setting), "{addr} {url}: {refused}");
            assert!(refused.contains("OPENTILL_INSECURE_HTTP"), "{refused}");
            settings.push(("OPENTILL_INSECURE_HTTP", "true"));
            let allowed = read(&settings).unwrap();
            assert!(allowed.is_insecure(), "{addr} {url}");
            let bound = allowed.site_addr.ip();
            assert!(
                allowed.bound_to((bound, 4711).into()).is_insecure(),
                "{addr} {url}"
            );
        }
        assert!(read(&both("0.0.0.0:3000", "https://portal.example")).is_ok());
    }
}
