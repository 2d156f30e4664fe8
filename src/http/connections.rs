//! Connections, from the moment they are accepted: none is kept for nothing, and there are only so many.
//!
//! HTTP by itself lets a client hold a connection for ever by saying nothing, or a letter at a time, or by not reading.
//! Here one is closed that keeps us waiting for ten seconds: with silence, a head that does not end, the gap between two
//! requests, an HTTP/2 connection without streams, or with an answer that it does not take, whatever else it does
//! meanwhile. A request's own body has a deadline of its own.

mod requests;
mod slots;

use std::{future::pending, iter, net::SocketAddr, pin::pin, time::Duration};

use axum::{body::Body, extract::ConnectInfo, http::Request, serve::Listener};
use futures::stream::{FuturesUnordered, StreamExt};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::timeout,
};

use self::slots::Slot;
pub use self::slots::Slots;
use super::service::HttpService;

/// How long a connection may be without a request under way, and an answer without being taken.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a client may take to fetch the rest of an answer once its connection is to be closed.
const LINGER: Duration = Duration::from_secs(20);
/// What is kept of a request's head, or of answers that are not taken yet, in bytes; of an answer, at least a part.
const BUFFER: usize = 64 * 1024;
/// Requests of one HTTP/2 connection at a time.
const STREAMS: u32 = 32;
/// What one HTTP/2 connection may send of bodies before they are read, in bytes: a few of the largest.
const WINDOW: u32 = 256 * 1024;

/// Serves what comes in until `stop` is done; then takes nothing new and finishes what is under way.
pub async fn serve<A: HttpService>(
    mut listener: TcpListener,
    app: A,
    slots: Slots,
    stop: impl Future<Output = ()>,
) {
    let (closing, is_closing) = watch::channel(());
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        let accept = async {
            let free = slots.free().await;
            // Waits a second by itself when the system has no more connections to give.
            let (stream, peer) = Listener::accept(&mut listener).await;
            (slots.take(free, peer.ip()), stream, peer)
        };
        tokio::select! {
            (slot, stream, peer) = accept => {
                // Without one it is closed.
                if let Some(slot) = slot {
                    connections.spawn(connection(stream, peer, slot, app.clone(), is_closing.clone()));
                }
            }
            Some(_) = connections.join_next() => {}
            () = &mut stop => break,
        }
    }
    drop(listener);
    drop(closing);
    while connections.join_next().await.is_some() {}
}

async fn connection<A: HttpService>(
    stream: TcpStream,
    peer: SocketAddr,
    slot: Slot,
    app: A,
    mut is_closing: watch::Receiver<()>,
) {
    let requests = &slot.requests;
    let service = service_fn(|mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        let begun = requests
            .begin()
            .map(|under_way| (under_way, app.clone().call(request.map(Body::new))));
        async move {
            let Some((under_way, answer)) = begun else {
                // Closed in this moment: nothing comes of it.
                return pending().await;
            };
            let answer = answer.await;
            answer.map(|answer| answer.map(|body| under_way.answered(body)))
        }
    });
    let mut http = Builder::new(TokioExecutor::new());
    http.http1().max_buf_size(BUFFER);
    http.http2()
        .max_concurrent_streams(STREAMS)
        .initial_connection_window_size(WINDOW);
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
    let end = async {
        tokio::select! {
            is_used = requests.until_overdue(PATIENCE) => is_used,
            () = requests.until_closed() => false,
            // The sender is dropped, and that is an error that says it all.
            _ = is_closing.changed() => true,
        }
    };
    // As one of a set it is looked at when it was woken, and not whenever the connection is.
    let mut end: FuturesUnordered<_> = iter::once(end).collect();
    tokio::select! {
        biased;
        // How it ended is the client's business.
        _ = connection.as_mut() => return,
        is_worth_it = end.next() => if is_worth_it == Some(false) { return },
    }
    connection.as_mut().graceful_shutdown();
    let _ = timeout(LINGER, connection).await;
}
