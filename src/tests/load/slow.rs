//! Clients that send or read as slowly as they are let.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, Interest},
    net::TcpStream,
    time::{sleep, timeout},
};

use super::{Background, http2, probe, probe_for};
use crate::support::{EMAIL, process::Workplace, rounds};

/// Nobody is kept for longer than this; the deadlines are 10, 15 and 30 s.
const PATIENCE: Duration = Duration::from_mins(1);

/// What a slow client does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slow {
    /// Connects and says nothing.
    Silent,
    /// Begins to say which HTTP it speaks.
    Preface,
    /// A letter of a head each second.
    Head,
    /// A whole request, then a letter of the next head each second.
    SecondHead,
    /// A whole request, then nothing.
    Kept,
    /// HTTP/2, and no request at all.
    Http2,
    /// A letter of a body each second.
    Body,
    /// Asks for page after page and reads none of them.
    Reader,
    /// HTTP/2, asks for as much as it may, takes nothing of it, and always has something else under way.
    Http2Reader,
    /// The same, but takes one byte of each answer.
    Http2Taster,
}

const ALL: [Slow; 10] = [
    Slow::Silent,
    Slow::Preface,
    Slow::Head,
    Slow::SecondHead,
    Slow::Kept,
    Slow::Http2,
    Slow::Body,
    Slow::Reader,
    Slow::Http2Reader,
    Slow::Http2Taster,
];

impl Slow {
    /// What it sends at once.
    fn words(self, addr: SocketAddr) -> Vec<u8> {
        let whole = format!("GET /api/v1/me HTTP/1.1\r\nhost: {addr}\r\n\r\n");
        let body = format!(
            "POST /login HTTP/1.1\r\nhost: {addr}\r\norigin: http://{addr}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: 1000\r\n\r\nemail="
        );
        match self {
            Self::Silent => Vec::new(),
            Self::Preface => http2::PREFACE[..8].to_vec(),
            Self::Head => b"GET /api/v1/me HTTP/1.1\r\nx: ".to_vec(),
            Self::SecondHead => (whole + "GET /api").into_bytes(),
            Self::Kept => whole.into_bytes(),
            Self::Http2 => [http2::PREFACE, &http2::SETTINGS].concat(),
            Self::Body => body.into_bytes(),
            Self::Reader => {
                let page = format!("GET /docs/api HTTP/1.1\r\nhost: {addr}\r\n\r\n");
                page.repeat(500).into_bytes()
            }
            Self::Http2Reader => http2::asking(addr, 0),
            Self::Http2Taster => http2::asking(addr, 1),
        }
    }

    /// What it sends after so many seconds.
    fn more(self, second: u32, addr: SocketAddr) -> Vec<u8> {
        match self {
            Self::Head | Self::SecondHead | Self::Body => b"a".to_vec(),
            Self::Http2Reader | Self::Http2Taster if second.is_multiple_of(5) => {
                http2::busy(addr, second / 5)
            }
            _ => Vec::new(),
        }
    }

    /// How long a client like this is put up with, at least; a second less for clocks that differ.
    fn is_kept_for(self) -> Duration {
        Duration::from_secs(match self {
            Self::Body => 14,
            Self::Reader => 29,
            _ => 9,
        })
    }

    /// Is slow until the server has had enough; what it said, and when that was.
    async fn run(self, addr: SocketAddr) -> (Vec<u8>, Duration) {
        let (mut reader, mut writer) = TcpStream::connect(addr).await.unwrap().into_split();
        let began = Instant::now();
        let words = self.words(addr);
        let write = async {
            // Whoever reads nothing may not get rid of everything.
            if writer.write_all(&words).await.is_err() {
                return std::future::pending().await;
            }
            for second in 1.. {
                sleep(Duration::from_secs(1)).await;
                if writer.write_all(&self.more(second, addr)).await.is_err() {
                    return;
                }
            }
        };
        let mut said = Vec::new();
        let end = async {
            if self == Self::Reader {
                // The end shows without reading, as an error of the connection.
                let is_over = async || reader.ready(Interest::ERROR).await.unwrap().is_error();
                while !is_over().await {}
                return;
            }
            // A reset is an end too.
            let _ = reader.read_to_end(&mut said).await;
        };
        let both = async {
            tokio::select! {
                () = write => {}
                () = end => {}
            }
        };
        timeout(PATIENCE, both)
            .await
            .unwrap_or_else(|_| panic!("{self:?} is kept for ever"));
        (said, began.elapsed())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_clients_are_put_up_with_for_seconds_and_nobody_else_notices() {
    let workplace = Workplace::new().set("OPENTILL_LOG", "warn");
    workplace.add_client(EMAIL);
    let server = workplace.serve();
    let addr = server.addr;
    let token = server.logged_in().await.create_token("Reader").await;
    let mut idle = probe_for(addr, &token, Duration::from_secs(1)).await;
    let busy = probe(addr, &token);
    let clients = rounds("SLOW_CLIENTS", 80);
    let slow = Background::start(clients, |n, _| async move {
        // All in the same moment would be more than the system lets wait to be accepted, and whoever says nothing never
        // learns that nobody has accepted it.
        sleep(Duration::from_millis(n as u64 / 5)).await;
        let slow = ALL[n % ALL.len()];
        (slow, slow.run(addr).await)
    });
    for (slow, (said, kept)) in slow.stop().await {
        assert!(kept >= slow.is_kept_for(), "{slow:?} for {kept:?} only");
        let said = String::from_utf8_lossy(&said);
        let expected = match slow {
            Slow::Body => said.starts_with("HTTP/1.1 408 "),
            Slow::SecondHead | Slow::Kept => {
                said.starts_with("HTTP/1.1 401 ") && said.matches("HTTP/1.1").count() == 1
            }
            Slow::Http2 | Slow::Reader | Slow::Http2Reader | Slow::Http2Taster => true,
            Slow::Silent | Slow::Preface | Slow::Head => said.is_empty(),
        };
        assert!(expected, "{slow:?}: {said}");
    }
    let mut times = busy.stop().await.remove(0);
    let limit = (idle.within(0.99) * 2).max(Duration::from_millis(50));
    times.judge(&format!("beside {clients} slow clients"), 0.99, limit);
    assert_eq!(server.me(&token).await.status, 200);
}
