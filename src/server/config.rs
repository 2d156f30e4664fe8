//! The settings, read once at startup from the environment.

use std::{env, net::SocketAddr, num::NonZeroU32, str::FromStr, time::Duration};

use leptos::config::LeptosOptions;

pub use super::settings::ConfigError;
use super::{
    brand::BrandSettings,
    database_url,
    limits::{LimitSettings, PerMinute},
    mail::MailSettings,
    public_url::PublicUrl,
    security_contact::SecurityContact,
    settings::{self, Settings, refuse},
    store::{Connections, SessionLimits},
    time_zone::TimeZone,
    trusted_proxies::TrustedProxies,
};
use crate::model::timestamp::{HOUR, MINUTE, Timestamp};

/// All settings. docs/operating.md lists each with its default.
#[derive(Clone, Debug)]
pub struct Config {
    /// `DATABASE_URL`.
    pub database_url: String,
    /// `OPENTILL_DATABASE_CONNECTIONS` and `OPENTILL_DATABASE_WAIT_SECONDS`.
    pub connections: Connections,
    /// `LEPTOS_SITE_ADDR`: where to listen.
    pub site_addr: SocketAddr,
    /// `OPENTILL_METRICS_ADDR`: where to listen for whoever reads metrics.
    pub metrics_addr: Option<SocketAddr>,
    /// `OPENTILL_PUBLIC_URL`: where people reach the portal.
    pub public_url: PublicUrl,
    /// `OPENTILL_HSTS`: whether browsers have to use https.
    pub hsts: Hsts,
    /// `OPENTILL_TIME_ZONE`: where it is decided which day it is.
    pub time_zone: TimeZone,
    /// `OPENTILL_TRUSTED_PROXIES`: whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: TrustedProxies,
    /// `OPENTILL_SECURITY_CONTACT`: whom `security.txt` names.
    pub security_contact: Option<SecurityContact>,
    /// `OPENTILL_ADDRESS_CONNECTIONS`: connections from one IP address.
    pub address_connections: u32,
    /// `OPENTILL_LOGIN_LIMIT` and the other rate limits.
    pub limits: LimitSettings,
    /// `OPENTILL_MAX_TOKENS`: active tokens a client may have.
    pub max_tokens: u32,
    /// `OPENTILL_SESSION_IDLE_MINUTES`, in seconds: a session that is unused for so long ends.
    pub session_idle: i64,
    /// `OPENTILL_SESSION_MAX_HOURS`, in seconds: a session of this age ends.
    pub session_max: i64,
    /// `OPENTILL_NAME` and the other settings of the operator's own look.
    pub brand: BrandSettings,
    /// `OPENTILL_SMTP_URL` and `OPENTILL_MAIL_FROM`. `None`: nothing that needs mail is offered.
    pub mail: Option<MailSettings>,
    /// Whether this is `serve --demo`.
    pub is_demo: bool,
}

const PUBLIC_URL: &str = "OPENTILL_PUBLIC_URL";
/// The database of `serve --demo`, in the working directory.
const DEMO_DATABASE_URL: &str = "sqlite://opentill-demo.db";
/// Where `serve --demo` writes its mails, in the working directory.
pub const DEMO_MAIL: &str = "opentill-demo-mail";

impl Config {
    /// Reads the settings from the environment.
    ///
    /// # Errors
    /// The first setting that is not valid, by name.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::of(&settings::environment())
    }

    /// Reads the settings through `get`.
    ///
    /// # Errors
    /// The first setting that is not valid, by name.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        Self::of(&Settings::new(get))
    }

    fn of<G: Fn(&str) -> Option<String>>(settings: &Settings<G>) -> Result<Self, ConfigError> {
        let site_addr = settings.parsed(
            "LEPTOS_SITE_ADDR",
            SocketAddr::from(([127, 0, 0, 1], 3000)),
            "an address and a port, like 127.0.0.1:3000",
        )?;
        let public_url = settings.checked(PUBLIC_URL, PublicUrl::parse)?;
        let public_url = public_url.unwrap_or_else(|| PublicUrl::of_listener(site_addr));
        let database_url = settings.text("DATABASE_URL")?;
        let database_url = database_url.unwrap_or_else(|| "sqlite://opentill.db".to_owned());
        database_url::check(&database_url).map_err(|reason| refuse("DATABASE_URL", reason))?;
        let config = Self {
            database_url,
            connections: connections(settings)?,
            site_addr,
            metrics_addr: settings.checked("OPENTILL_METRICS_ADDR", |text| {
                let wanted = "must be an address and a port, like 127.0.0.1:9464";
                text.parse().map_err(|_| wanted)
            })?,
            public_url,
            hsts: settings.parsed("OPENTILL_HSTS", Hsts::Subdomains, "subdomains, host or off")?,
            time_zone: settings.parsed(
                "OPENTILL_TIME_ZONE",
                TimeZone::default(),
                "the name of a time zone, like UTC or America/Chicago",
            )?,
            trusted_proxies: settings.parsed(
                "OPENTILL_TRUSTED_PROXIES",
                TrustedProxies::default(),
                "addresses or networks with commas between them, like 127.0.0.1,10.0.0.0/8",
            )?,
            security_contact: SecurityContact::read(settings)?,
            address_connections: settings.whole("OPENTILL_ADDRESS_CONNECTIONS", 256, 100_000)?,
            limits: LimitSettings {
                login: per_minute(settings, "OPENTILL_LOGIN_LIMIT", 10)?,
                login_address: per_minute(settings, "OPENTILL_LOGIN_ADDRESS_LIMIT", 30)?,
                login_account: per_minute(settings, "OPENTILL_LOGIN_ACCOUNT_LIMIT", 60)?,
                token: per_minute(settings, "OPENTILL_TOKEN_LIMIT", 6_000)?,
                bad_token: per_minute(settings, "OPENTILL_BAD_TOKEN_LIMIT", 120)?,
                change: per_minute(settings, "OPENTILL_CHANGE_LIMIT", 60)?,
            },
            max_tokens: settings.whole("OPENTILL_MAX_TOKENS", 50, 10_000)?,
            session_idle: MINUTE
                * i64::from(settings.whole("OPENTILL_SESSION_IDLE_MINUTES", 30, 1_440)?),
            session_max: HOUR * i64::from(settings.whole("OPENTILL_SESSION_MAX_HOURS", 8, 720)?),
            brand: BrandSettings::read(settings)?,
            mail: MailSettings::read(settings)?,
            is_demo: false,
        };
        let insecure = settings.parsed("OPENTILL_INSECURE_HTTP", false, "true or false")?;
        if config.is_insecure() && !insecure {
            return Err(config.refuse_insecure());
        }
        Ok(config)
    }

    /// Whether passwords and tokens cross a network in plain text: the public URL is not https, and it or the listener is
    /// not on loopback.
    pub fn is_insecure(&self) -> bool {
        let is_local = self.public_url.is_loopback() && self.listens_on_loopback();
        !self.public_url.is_https() && !is_local
    }

    /// What is valid and may not be meant, a sentence each.
    pub fn cautions(&self) -> Vec<String> {
        let mut cautions = Vec::new();
        if self.is_insecure() {
            cautions.push(
                "passwords and tokens cross the network readable: no https:// address is set"
                    .to_owned(),
            );
        }
        if self.public_url.is_https() && !self.trusted_proxies.are_there() {
            cautions.push(
                "OPENTILL_PUBLIC_URL is an https:// address and OPENTILL_TRUSTED_PROXIES is not set: all limits count \
                 the proxy in front as one client"
                    .to_owned(),
            );
        }
        cautions
    }

    fn refuse_insecure(&self) -> ConfigError {
        const WAYS: &str = "sends passwords and tokens readable over the network; put a proxy with TLS in front and set \
             OPENTILL_PUBLIC_URL to its https:// address, or set OPENTILL_INSECURE_HTTP=true";
        if self.listens_on_loopback() {
            refuse(PUBLIC_URL, format_args!("http {WAYS}"))
        } else {
            let reason = format_args!("listening beyond this machine {WAYS}");
            refuse("LEPTOS_SITE_ADDR", reason)
        }
    }

    fn listens_on_loopback(&self) -> bool {
        self.site_addr.ip().to_canonical().is_loopback()
    }

    /// The same settings for `serve --demo`: its own database, loopback only, mails to a folder.
    ///
    /// # Errors
    /// It can be reached from other machines, by `LEPTOS_SITE_ADDR` or through a proxy: the demo's password is public.
    pub fn into_demo(self) -> Result<Self, ConfigError> {
        if !self.listens_on_loopback() {
            return Err(refuse(
                "LEPTOS_SITE_ADDR",
                "the demo listens on loopback only",
            ));
        }
        if !self.public_url.is_loopback() {
            let reason =
                "everybody knows the demo's password, so its address is this machine's own";
            return Err(refuse(PUBLIC_URL, reason));
        }
        Ok(self.on_demo_database())
    }

    /// The same settings for a command on the demo's database.
    #[must_use]
    pub fn on_demo_database(self) -> Self {
        Self {
            database_url: DEMO_DATABASE_URL.to_owned(),
            mail: Some(MailSettings::into_folder(DEMO_MAIL.into())),
            is_demo: true,
            ..self
        }
    }

    /// The same settings with the listener's actual address: for port 0 the system has chosen a port.
    #[must_use]
    pub fn bound_to(mut self, addr: SocketAddr) -> Self {
        if self.public_url == PublicUrl::of_listener(self.site_addr) {
            self.public_url = PublicUrl::of_listener(addr);
        }
        self.site_addr = addr;
        self
    }

    /// How old and how long unused a session may be at `now`.
    pub fn session_limits(&self, now: Timestamp) -> SessionLimits {
        SessionLimits {
            created_after: now.minus(self.session_max),
            seen_after: now.minus(self.session_idle),
        }
    }

    /// The options of the framework.
    pub fn leptos_options(&self) -> LeptosOptions {
        let reload_port = env::var("LEPTOS_RELOAD_PORT")
            .ok()
            .and_then(|p| p.parse().ok());
        LeptosOptions::builder()
            .output_name("opentill")
            .site_addr(self.site_addr)
            .reload_port(reload_port.unwrap_or(3001))
            .build()
    }
}

/// Which hosts browsers reach by https only (HSTS).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hsts {
    /// The portal's host and all of its subdomains.
    Subdomains,
    /// The portal's host.
    Host,
    /// None.
    Off,
}

impl FromStr for Hsts {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "subdomains" => Ok(Self::Subdomains),
            "host" => Ok(Self::Host),
            "off" => Ok(Self::Off),
            _ => Err(()),
        }
    }
}

fn connections<G: Fn(&str) -> Option<String>>(
    settings: &Settings<G>,
) -> Result<Connections, ConfigError> {
    const MOST: &str = "OPENTILL_DATABASE_CONNECTIONS";
    let most = match settings.text(MOST)? {
        None => None,
        Some(_) => NonZeroU32::new(settings.whole(MOST, 1, 1_000)?),
    };
    let wait = settings.whole("OPENTILL_DATABASE_WAIT_SECONDS", 2, 60)?;
    Ok(Connections {
        most,
        wait: Duration::from_secs(wait.into()),
    })
}

fn per_minute<G: Fn(&str) -> Option<String>>(
    settings: &Settings<G>,
    name: &'static str,
    default: u32,
) -> Result<PerMinute, ConfigError> {
    const MAX: u32 = 60_000_000;
    let number = settings.whole(name, default, MAX)?;
    PerMinute::new(number).ok_or_else(|| refuse(name, "must be 1 or more"))
}

#[cfg(test)]
mod tests;
