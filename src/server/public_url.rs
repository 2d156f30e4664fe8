//! Where people reach the portal.

use std::net::SocketAddr;

use url::{Host, Url};

/// Where people reach the portal: scheme, host and port, no path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    is_https: bool,
    is_loopback: bool,
}

impl PublicUrl {
    /// Reads the setting; plain http beyond this machine has to be allowed.
    ///
    /// # Errors
    /// What is wrong with it, without quoting it.
    pub fn parse(text: &str, insecure_allowed: bool) -> Result<Self, &'static str> {
        let url = Url::parse(text.trim())
            .map_err(|_| "wants an address like https://portal.example.com")?;
        let is_https = url.scheme() == "https";
        if !is_https && url.scheme() != "http" {
            return Err("wants an https:// address");
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err("wants no path: the portal lives at the root of its host");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("wants no user name and no password");
        }
        let is_loopback = match url.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => return Err("wants a host"),
        };
        if !is_https && !is_loopback && !insecure_allowed {
            return Err(
                "http sends passwords and tokens readable over the network; use https, or set OPENTILL_INSECURE_HTTP=true",
            );
        }
        Ok(Self {
            origin: url.origin().ascii_serialization(),
            is_https,
            is_loopback,
        })
    }

    /// Where the listener itself is reached from this machine.
    pub fn of_listener(addr: SocketAddr) -> Self {
        let mut addr = addr;
        if addr.ip().is_unspecified() {
            addr.set_ip(match addr {
                SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
                SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
            });
        }
        Self {
            origin: format!("http://{addr}"),
            is_https: false,
            is_loopback: addr.ip().is_loopback(),
        }
    }

    /// As a browser writes it in `Origin`: `https://portal.example.com`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Whether browsers come by https.
    pub fn is_https(&self) -> bool {
        self.is_https
    }

    /// Whether passwords cross a network in the clear.
    pub fn is_insecure(&self) -> bool {
        !self.is_https && !self.is_loopback
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_beyond_this_machine_has_to_be_asked_for() {
        assert!(PublicUrl::parse("http://portal.example", false).is_err());
        let url = PublicUrl::parse("http://portal.example", true).unwrap();
        assert!(url.is_insecure());
        assert!(PublicUrl::parse("http://localhost:8080", false).is_ok());
    }

    #[test]
    fn it_is_kept_as_browsers_write_origins() {
        let url = PublicUrl::parse("HTTPS://Portal.Example:443/", false).unwrap();
        assert_eq!(url.origin(), "https://portal.example");
        assert!(url.is_https());
    }
}
