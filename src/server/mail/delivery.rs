//! Sending one message.

use std::{fs, io, net::IpAddr, path::PathBuf, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    transport::smtp::{
        Error,
        authentication::Credentials,
        client::{Tls, TlsParameters},
        extension::ClientId,
    },
};
use tokio::time::timeout;

use super::settings::{Destination, Encryption, MailServer, MailSettings};
use crate::server::{config::Config, error::chain};

/// How long a mail server may take for one answer, and for the whole message.
const ANSWER: Duration = Duration::from_mins(1);
pub const PATIENCE: Duration = Duration::from_mins(4);
/// Characters of a mail server's answer that are kept.
const MAX_ANSWER: usize = 200;

/// Why a message was not sent.
#[derive(Debug)]
pub struct Undelivered {
    /// In words, on one line.
    pub why: String,
    /// Whether it is certain that nobody got it.
    pub is_certain: bool,
    /// Whether there is no use in trying again: the recipient's mailbox is refused for good.
    pub is_final: bool,
}

/// Sends a message. `id` is the name of its file, where it goes to a folder.
pub async fn deliver(
    config: &Config,
    settings: &MailSettings,
    message: Message,
    id: String,
) -> Result<(), Undelivered> {
    match &settings.to {
        Destination::Server(server) => send(config, server, message).await,
        Destination::Folder(folder) => {
            let folder = folder.clone();
            let written = tokio::task::spawn_blocking(move || write(folder, &id, &message));
            match written.await {
                Ok(Ok(())) => Ok(()),
                Ok(Err(error)) => Err(not_sent(format!("the file was not written: {error}"))),
                Err(error) => Err(not_sent(error.to_string())),
            }
        }
    }
}

fn not_sent(why: String) -> Undelivered {
    Undelivered {
        why,
        is_certain: true,
        is_final: false,
    }
}

/// Writes a message to a file, whole or not at all. Links in it let whoever reads it in.
fn write(folder: PathBuf, id: &str, message: &Message) -> io::Result<()> {
    fs::create_dir_all(&folder)?;
    let mut file = tempfile::NamedTempFile::new_in(&folder)?;
    io::Write::write_all(&mut file, &message.formatted())?;
    file.persist(folder.join(format!("{id}.eml")))
        .map_err(|error| error.error)?;
    Ok(())
}

async fn send(config: &Config, server: &MailServer, message: Message) -> Result<(), Undelivered> {
    let transport = transport(config, server).map_err(|error| of(&error, server))?;
    match timeout(PATIENCE, transport.send(message)).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(of(&error, server)),
        Err(_) => Err(Undelivered {
            why: format!("no answer within {} s", PATIENCE.as_secs()),
            is_certain: false,
            is_final: false,
        }),
    }
}

/// One connection for each message: there are few, and none is sent over a connection that has died.
fn transport(
    config: &Config,
    server: &MailServer,
) -> Result<AsyncSmtpTransport<Tokio1Executor>, Error> {
    let tls = || TlsParameters::new(server.host.clone());
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host)
        .port(server.port)
        .hello_name(own_name(config.public_url.host()))
        .timeout(Some(ANSWER))
        .tls(match server.encryption {
            Encryption::Tls => Tls::Wrapper(tls()?),
            Encryption::StartTls => Tls::Required(tls()?),
            Encryption::Loopback => Tls::None,
        });
    if let (Some(user), Some(password)) = (&server.user, &server.password) {
        builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
    }
    Ok(builder.build())
}

/// How we introduce ourselves (RFC 5321, 4.1.4).
fn own_name(host: &str) -> ClientId {
    match host.trim_matches(['[', ']']).parse() {
        Ok(IpAddr::V4(ip)) => ClientId::Ipv4(ip),
        Ok(IpAddr::V6(ip)) => ClientId::Ipv6(ip),
        Err(_) => ClientId::Domain(host.to_owned()),
    }
}

fn of(error: &Error, server: &MailServer) -> Undelivered {
    let code = error.status();
    // 550 to 553 are about the mailbox (RFC 5321, 4.2.3). Others may be a mistake in the settings, which somebody corrects.
    let is_final = code.is_some_and(|code| (550..=553).contains(&u16::from(code)));
    // A server may repeat in its answer what it was sent.
    let why = match &server.password {
        Some(password) => chain(error).replace(password, "…"),
        None => chain(error),
    };
    let why = why.chars().take(MAX_ANSWER).collect();
    Undelivered {
        why,
        is_certain: code.is_some() || error.is_client() || error.is_tls(),
        is_final,
    }
}
