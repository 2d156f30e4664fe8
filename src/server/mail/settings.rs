//! The settings of mail: the server that takes it, and whom it comes from.

use std::{fmt, net::IpAddr, path::PathBuf};

use lettre::{Address, message::Mailbox};
use percent_encoding::percent_decode_str;
use url::{Host, Url};

use crate::{
    model::client::Email,
    server::settings::{ConfigError, Settings, refuse},
};

const SMTP_URL: &str = "OPENTILL_SMTP_URL";
const MAIL_FROM: &str = "OPENTILL_MAIL_FROM";
const URL_SHAPE: &str =
    "wants an address like smtps://user:password@mail.example.com or smtp://localhost";
const FROM_SHAPE: &str = "wants an email address, like portal@example.com";

/// Where mails go, and whom they come from.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// Where they go.
    pub to: Destination,
    /// `OPENTILL_MAIL_FROM`.
    pub from: Address,
}

/// Where mails go.
#[derive(Clone, Debug)]
pub enum Destination {
    /// `OPENTILL_SMTP_URL`: a mail server.
    Server(MailServer),
    /// A folder, with a file for each mail.
    Folder(PathBuf),
}

/// A mail server. Its `Debug` prints no password.
#[derive(Clone)]
pub struct MailServer {
    /// Its name or IP address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub encryption: Encryption,
    /// The user to log in as.
    pub user: Option<String>,
    /// The user's password.
    pub password: Option<String>,
}

/// How a connection to a mail server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// By TLS from its beginning.
    Tls,
    /// By STARTTLS. A server that does not offer it gets nothing.
    StartTls,
    /// Not at all: it does not leave this machine.
    Loopback,
}

impl fmt::Debug for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            host,
            port,
            encryption,
            ..
        } = self;
        write!(f, "MailServer({host}:{port}, {encryption:?})")
    }
}

impl MailSettings {
    /// Reads the settings. `None`: no mail is sent.
    ///
    /// # Errors
    /// One is not valid, or missing where the other is set.
    pub fn read<G: Fn(&str) -> Option<String>>(
        settings: &Settings<G>,
    ) -> Result<Option<Self>, ConfigError> {
        let server = settings.checked(SMTP_URL, MailServer::parse)?;
        let from = settings.checked(MAIL_FROM, sender)?;
        match (server, from) {
            (None, None) => Ok(None),
            (Some(server), Some(from)) => Ok(Some(Self {
                to: Destination::Server(server),
                from,
            })),
            (Some(_), None) => Err(refuse(
                MAIL_FROM,
                "is needed where OPENTILL_SMTP_URL is set",
            )),
            (None, Some(_)) => Err(refuse(
                SMTP_URL,
                "is needed where OPENTILL_MAIL_FROM is set",
            )),
        }
    }

    /// Settings with which mails are written to a folder.
    ///
    /// # Panics
    /// Never: the sender's address is valid.
    pub fn into_folder(folder: PathBuf) -> Self {
        Self {
            to: Destination::Folder(folder),
            from: Address::new("portal", "localhost").expect("it is valid"),
        }
    }

    /// The sender, with the name of the installation.
    pub fn sender(&self, name: &str) -> Mailbox {
        Mailbox::new(Some(name.to_owned()), self.from.clone())
    }
}

impl MailServer {
    /// Parses the URL. No error quotes it: there may be a password in it.
    fn parse(text: &str) -> Result<Self, &'static str> {
        let url = Url::parse(text).map_err(|_| URL_SHAPE)?;
        let is_tls = match url.scheme() {
            "smtps" => true,
            "smtp" => false,
            _ => return Err(URL_SHAPE),
        };
        if !["", "/"].contains(&url.path()) || url.query().is_some() || url.fragment().is_some() {
            return Err("wants nothing after the host and the port");
        }
        let host = url.host_str().filter(|host| !host.is_empty());
        let host = host.ok_or("wants a host")?.to_owned();
        let is_loopback = is_loopback(&host);
        let (encryption, port) = match (is_tls, is_loopback) {
            (true, _) => (Encryption::Tls, 465),
            (false, true) => (Encryption::Loopback, 25),
            (false, false) => (Encryption::StartTls, 587),
        };
        let user = decoded(url.username())?;
        let (user, password) = match (user.is_empty(), url.password()) {
            (false, Some(password)) => (Some(user), Some(decoded(password)?)),
            (true, None) => (None, None),
            _ => return Err("wants both a user and a password, or neither"),
        };
        Ok(Self {
            // URLs have IPv6 addresses in brackets.
            host: host.trim_matches(['[', ']']).to_owned(),
            port: url.port().unwrap_or(port),
            encryption,
            user,
            password,
        })
    }
}

fn is_loopback(host: &str) -> bool {
    // The scheme is not one whose hosts `url` parses.
    match Host::parse(host) {
        Ok(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Ok(Host::Ipv4(ip)) => ip.is_loopback(),
        Ok(Host::Ipv6(ip)) => IpAddr::from(ip).to_canonical().is_loopback(),
        Err(_) => false,
    }
}

fn decoded(part: &str) -> Result<String, &'static str> {
    let text = percent_decode_str(part).decode_utf8();
    let text = text.map_err(|_| "wants user and password in UTF-8, percent-encoded")?;
    if text.chars().any(char::is_control) {
        return Err("wants no control characters in user and password");
    }
    Ok(text.into_owned())
}

fn sender(text: &str) -> Result<Address, &'static str> {
    let email = Email::new(text).map_err(|_| FROM_SHAPE)?;
    email.deliverable().parse().map_err(|_| FROM_SHAPE)
}

#[cfg(test)]
mod tests;
