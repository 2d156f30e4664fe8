//! What arrives by mail, and a mail server that does as it is told.

use std::{
    fs,
    net::SocketAddr,
    path::Path,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// A mail as it arrives.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// Everything.
    pub raw: String,
    /// The part of text.
    pub text: String,
    /// The part of HTML.
    pub html: String,
}

impl Arrived {
    /// Reads a message.
    pub fn read(raw: &str) -> Self {
        let mut parts = raw.split("Content-Type: text/").skip(1).map(|part| {
            let (head, body) = part.split_once("\r\n\r\n").expect("a part has a head");
            let body = body.split("\r\n--").next().expect("a part ends");
            if head.contains("quoted-printable") {
                decoded(body)
            } else {
                body.to_owned()
            }
        });
        Self {
            raw: raw.to_owned(),
            text: parts.next().expect("there is a part of text"),
            html: parts.next().expect("there is a part of HTML"),
        }
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> &str {
        let start = format!("{name}: ");
        let line = self.raw.lines().find(|line| line.starts_with(&start));
        &line.unwrap_or_else(|| panic!("{name}: {}", self.raw))[start.len()..]
    }

    /// The path of the link that lets its reader set a password.
    pub fn link(&self) -> String {
        let at = self.text.find("/set-password/").expect("there is a link");
        let path = self.text[at..].split_whitespace().next().unwrap();
        assert!(self.html.contains(path), "both parts have it");
        path.to_owned()
    }
}

/// Of quoted-printable text (RFC 2045, 6.7).
fn decoded(text: &str) -> String {
    let text = text.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        if *first == b'=' {
            let hex = std::str::from_utf8(&after[..2]).unwrap();
            bytes.push(u8::from_str_radix(hex, 16).unwrap());
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// The mails in a folder, in the order in which they were written down.
pub fn in_folder(folder: &Path) -> Vec<Arrived> {
    let Ok(files) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    let number = |path: &Path| -> i64 {
        let name = path.file_name().unwrap().to_str().unwrap();
        name.split('-').next().unwrap().parse().unwrap()
    };
    files.sort_by_key(|path| number(path));
    let read = files.iter().map(|path| fs::read_to_string(path).unwrap());
    read.map(|raw| Arrived::read(&raw)).collect()
}

/// What the mail server does with a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// It takes the message.
    Accept,
    /// It answers what begins with this with that. `.` is the end of the message, and nothing the greeting.
    Answer(&'static str, &'static str),
    /// It closes the connection at that point.
    Drop(&'static str),
    /// It takes the message, and closes the connection instead of saying so.
    AcceptSilently,
    /// It says nothing at all.
    Silent,
}

/// A mail server on loopback.
pub struct MailServer {
    /// Where it listens.
    pub addr: SocketAddr,
    manner: Arc<Mutex<Manner>>,
    accepted: Arc<Mutex<Vec<Arrived>>>,
    connections: Arc<Mutex<usize>>,
}

impl MailServer {
    /// Starts one.
    pub async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            addr: listener.local_addr().unwrap(),
            manner: Arc::new(Mutex::new(manner)),
            accepted: Arc::default(),
            connections: Arc::default(),
        };
        let (manner, accepted) = (Arc::clone(&server.manner), Arc::clone(&server.accepted));
        let connections = Arc::clone(&server.connections);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                *connections.lock().unwrap() += 1;
                let (manner, accepted) = (*manner.lock().unwrap(), Arc::clone(&accepted));
                tokio::spawn(async move { talk(stream, manner, &accepted).await });
            }
        });
        server
    }

    /// The setting that leads here.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.addr)
    }

    /// What it does from now on.
    pub fn set(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    /// What it has accepted.
    pub fn accepted(&self) -> Vec<Arrived> {
        self.accepted.lock().unwrap().clone()
    }

    /// How many connections there were.
    pub fn connections(&self) -> usize {
        *self.connections.lock().unwrap()
    }
}

/// One connection. `None`: it is over.
async fn talk(stream: TcpStream, manner: Manner, accepted: &Mutex<Vec<Arrived>>) -> Option<()> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    if manner == Manner::Silent {
        while lines.next_line().await.ok()?.is_some() {}
        return None;
    }
    let answer = |line: &str, usual: &str| match manner {
        Manner::Answer(at, with) if is_at(line, at) => Some(with.to_owned()),
        Manner::Drop(at) if is_at(line, at) => None,
        _ => Some(usual.to_owned()),
    };
    let mut say = async |text: String| {
        writer
            .write_all(format!("{text}\r\n").as_bytes())
            .await
            .ok()
    };
    say(answer("", "220 ready")?).await?;
    while let Some(line) = lines.next_line().await.ok()? {
        let usual = match line.get(..4).unwrap_or(&line) {
            "EHLO" => "250-here\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME",
            "AUTH" => "235 welcome",
            "DATA" => "354 go on",
            "QUIT" => "221 bye",
            _ => "250 ok",
        };
        let answered = answer(&line, usual)?;
        let takes_data = answered.starts_with("354");
        say(answered).await?;
        if !takes_data {
            continue;
        }
        let mut message = String::new();
        loop {
            let line = lines.next_line().await.ok()??;
            if line == "." {
                break;
            }
            // RFC 5321, 4.5.2.
            message.push_str(line.strip_prefix('.').unwrap_or(&line));
            message.push_str("\r\n");
        }
        let answered = answer(".", "250 taken")?;
        if answered.starts_with("250") {
            accepted.lock().unwrap().push(Arrived::read(&message));
        }
        if manner == Manner::AcceptSilently {
            return None;
        }
        say(answered).await?;
    }
    Some(())
}

fn is_at(line: &str, at: &str) -> bool {
    if at.is_empty() {
        line.is_empty()
    } else {
        line.starts_with(at)
    }
}
