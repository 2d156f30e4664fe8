//! A bare socket, for what no well-behaved client would send.

use std::{net::SocketAddr, time::Duration};

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    time::timeout,
};

use super::Answer;

/// Whoever has not answered by then hangs.
const PATIENCE: Duration = Duration::from_secs(20);

/// Sends these bytes and reads the answer to its end; the request has to ask for `Connection: close`.
pub async fn raw(addr: SocketAddr, request: &[u8]) -> Answer {
    let answer = exchange(addr, request, false).await;
    answer.expect("the server answers before it closes the connection")
}

/// Sends these bytes and nothing more, ever. `None` if the server hung up without an answer.
pub async fn raw_cut_off(addr: SocketAddr, request: &[u8]) -> Option<Answer> {
    exchange(addr, request, true).await
}

/// A request whose body is on its way: its head and half of its body have been sent.
pub struct UnderWay {
    reader: OwnedReadHalf,
    writer: OwnedWriteHalf,
    rest: Vec<u8>,
}

impl UnderWay {
    /// Sends the head, which has to ask for `Connection: close`, and half of the body.
    pub async fn begin(addr: SocketAddr, head: &str, body: &str) -> Self {
        let (reader, mut writer) = TcpStream::connect(addr).await.unwrap().into_split();
        let (half, rest) = body.as_bytes().split_at(body.len() / 2);
        let head = format!("{head}content-length: {}\r\n\r\n", body.len());
        writer.write_all(head.as_bytes()).await.unwrap();
        writer.write_all(half).await.unwrap();
        Self {
            reader,
            writer,
            rest: rest.to_owned(),
        }
    }

    /// Sends the rest and reads the answer to its end.
    pub async fn finish(mut self) -> Answer {
        // The server may have refused and hung up already; what counts is its answer.
        let _ = self.writer.write_all(&self.rest).await;
        let bytes = timeout(PATIENCE, read(self.reader)).await;
        parse(&bytes.expect("the server answers in time")).expect("the server answers")
    }
}

async fn exchange(addr: SocketAddr, request: &[u8], cut_off: bool) -> Option<Answer> {
    let (reader, mut writer) = TcpStream::connect(addr).await.unwrap().into_split();
    let write = async {
        // The server may refuse and hang up before all is sent; what counts is its answer.
        let _ = writer.write_all(request).await;
        if cut_off {
            let _ = writer.shutdown().await;
        }
        writer
    };
    let (_writer, bytes) = timeout(PATIENCE, async { tokio::join!(write, read(reader)) })
        .await
        .expect("the server answers in time");
    parse(&bytes)
}

async fn read(mut reader: OwnedReadHalf) -> Vec<u8> {
    let mut bytes = Vec::new();
    // A reset after the answer takes nothing away from it.
    let _ = reader.read_to_end(&mut bytes).await;
    bytes
}

fn parse(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).expect("the head is ASCII");
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().unwrap();
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(':').expect("a header has a colon");
        headers.append(
            HeaderName::from_bytes(name.as_bytes()).unwrap(),
            HeaderValue::from_str(value.trim()).unwrap(),
        );
    }
    let body = String::from_utf8_lossy(&bytes[end + 4..]).into_owned();
    Some(Answer {
        status,
        headers,
        body,
    })
}
