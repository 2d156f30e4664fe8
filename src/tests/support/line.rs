//! A kept connection that asks again and again, with as little in between as can be.

use std::{io, net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    time::timeout,
};

/// Whoever has not answered by then hangs.
const PATIENCE: Duration = Duration::from_secs(20);

/// What came back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// `Retry-After`, if the answer has it.
    pub retry_after: Option<String>,
    /// The body, chunks and all.
    pub body: Vec<u8>,
}

/// The connection, opened when it is needed and again when the server has closed it.
pub struct Line {
    addr: SocketAddr,
    stream: Option<BufReader<TcpStream>>,
}

impl Line {
    /// To a server.
    pub fn to(addr: SocketAddr) -> Self {
        Self { addr, stream: None }
    }

    /// `GET` with these further lines in its head, each with its line end.
    pub async fn get(&mut self, path: &str, lines: &str) -> Reply {
        self.ask(&format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\n{lines}\r\n",
            self.addr
        ))
        .await
    }

    /// `GET /api/v1/me` with a bearer token.
    pub async fn me(&mut self, token: &str) -> Reply {
        self.get("/api/v1/me", &format!("authorization: Bearer {token}\r\n"))
            .await
    }

    /// Sends a form as a page of the server would, with these further lines in its head.
    pub async fn post(&mut self, path: &str, lines: &str, fields: &[(&str, &str)]) -> Reply {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.ask(&format!(
            "POST {path} HTTP/1.1\r\nhost: {addr}\r\norigin: http://{addr}\r\n{lines}\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            body.len(),
            addr = self.addr,
        ))
        .await
    }

    /// Sends a whole request and reads the whole answer.
    async fn ask(&mut self, request: &str) -> Reply {
        if let Ok(reply) = self.try_ask(request).await {
            return reply;
        }
        // A kept connection may be closed by the server at any time; a new one answers.
        self.stream = None;
        self.try_ask(request).await.expect("a new connection")
    }

    async fn try_ask(&mut self, request: &str) -> io::Result<Reply> {
        if self.stream.is_none() {
            self.stream = Some(BufReader::new(TcpStream::connect(self.addr).await?));
        }
        let stream = self.stream.as_mut().expect("it was opened");
        stream.get_mut().write_all(request.as_bytes()).await?;
        let (reply, is_kept) = timeout(PATIENCE, read(stream))
            .await
            .expect("the server answers in time")?;
        if !is_kept {
            self.stream = None;
        }
        Ok(reply)
    }
}

/// Reads one answer; whether the connection stays open after it.
async fn read(stream: &mut BufReader<TcpStream>) -> io::Result<(Reply, bool)> {
    let mut reply = Reply::default();
    let mut length = None;
    let mut is_kept = true;
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let text = line.trim_end();
        if text.is_empty() {
            break;
        }
        match text.split_once(": ") {
            None => reply.status = text.split(' ').nth(1).unwrap_or("").parse().unwrap_or(0),
            Some(("content-length", value)) => length = value.parse().ok(),
            Some(("connection", value)) => is_kept = value != "close",
            Some(("retry-after", value)) => reply.retry_after = Some(value.to_owned()),
            Some(_) => {}
        }
    }
    if let Some(length) = length {
        reply.body.resize(length, 0);
        stream.read_exact(&mut reply.body).await?;
        return Ok((reply, is_kept));
    }
    loop {
        line.clear();
        stream.read_line(&mut line).await?;
        let size = usize::from_str_radix(line.trim_end(), 16).map_err(io::Error::other)?;
        let at = reply.body.len();
        reply.body.resize(at + size + 2, 0);
        stream.read_exact(&mut reply.body[at..]).await?;
        reply.body.truncate(at + size);
        if size == 0 {
            return Ok((reply, is_kept));
        }
    }
}
