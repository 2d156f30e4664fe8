//! A way to a server that can be broken.

use std::{future::pending, net::SocketAddr};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// What becomes of the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// They arrive.
    Open,
    /// Every connection ends, old or new.
    Cut,
    /// Connections stand and nothing arrives; what was silent once stays so, and neither end is told
    /// when the other is gone. So it is when a cable is pulled, or a firewall forgets.
    Silent,
    /// A connection ends after a commit has arrived and was done, before its answer is passed on.
    AnswersLost,
    /// A connection ends with a commit that did not arrive.
    CommitsLost,
}

/// A port of its own that leads to another one.
pub struct Way {
    addr: SocketAddr,
    mode: watch::Sender<Mode>,
    to: watch::Sender<u16>,
}

impl Way {
    /// An open one to a port of this machine.
    pub async fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (mode, is_mode) = watch::channel(Mode::Open);
        let (to, is_to) = watch::channel(port);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let to = SocketAddr::from(([127, 0, 0, 1], *is_to.borrow()));
                tokio::spawn(connection(client, to, is_mode.clone()));
            }
        });
        Self { addr, mode, to }
    }

    /// The address of a database, by this way.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@{}/{database}", self.addr)
    }

    /// From now on new connections lead to this port; those that are open go on where they are.
    pub fn lead_to(&self, port: u16) {
        self.to.send_replace(port);
    }

    /// From now on this becomes of the bytes.
    pub fn set(&self, mode: Mode) {
        self.mode.send_replace(mode);
    }
}

async fn connection(mut client: TcpStream, to: SocketAddr, mut mode: watch::Receiver<Mode>) {
    let is = *mode.borrow_and_update();
    if is == Mode::Cut {
        return;
    }
    if is == Mode::Silent {
        return discard(&mut client).await;
    }
    let Ok(mut server) = TcpStream::connect(to).await else {
        return;
    };
    let (mut asked, mut answered) = ([0; 16384], [0; 16384]);
    loop {
        tokio::select! {
            biased;
            _ = mode.changed() => {
                let is = *mode.borrow();
                if is == Mode::Cut {
                    return;
                }
                if is == Mode::Silent {
                    discard(&mut client).await;
                    // The server still has its end.
                    return pending().await;
                }
            }
            read = client.read(&mut asked) => {
                let Ok(length @ 1..) = read else { return };
                let is = *mode.borrow();
                let is_commit = asked[..length].windows(6).any(|word| word == b"COMMIT");
                if is_commit && is == Mode::CommitsLost {
                    return;
                }
                if server.write_all(&asked[..length]).await.is_err() {
                    return;
                }
                if is_commit && is == Mode::AnswersLost {
                    let _ = server.read(&mut answered).await;
                    return;
                }
            },
            read = server.read(&mut answered) => {
                let Ok(length @ 1..) = read else { return };
                if client.write_all(&answered[..length]).await.is_err() {
                    return;
                }
            },
        }
    }
}

async fn discard(from: &mut (impl AsyncRead + Unpin)) {
    while matches!(from.read(&mut [0; 4096]).await, Ok(1..)) {}
}
