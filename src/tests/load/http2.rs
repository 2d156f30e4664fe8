//! HTTP/2, as no well-behaved client speaks it (RFC 9113, and RFC 7541 for heads).

use std::net::SocketAddr;

/// What a connection begins with.
pub const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// An empty SETTINGS frame.
pub const SETTINGS: [u8; 9] = [0, 0, 0, 4, 0, 0, 0, 0, 0];
/// Pages that are asked for at once.
const PAGES: u32 = 6;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

fn text(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).unwrap();
    [&[length], text.as_bytes()].concat()
}

/// A head: the method and more as entries of the static table, then path and authority.
fn head(method: u8, path: &str, addr: SocketAddr) -> Vec<u8> {
    let (path, authority) = (text(path), text(&addr.to_string()));
    [&[method, 0x86, 0x04], &path[..], &[0x01], &authority].concat()
}

/// Asks for pages, of whose answers so many bytes are taken, and begins a request that stays under way.
pub fn asking(addr: SocketAddr, window: u32) -> Vec<u8> {
    let window = [&[0, 4], &window.to_be_bytes()[..]].concat();
    let mut words = [PREFACE, &frame(4, 0, 0, &window)].concat();
    for n in 0..PAGES {
        words.extend(frame(1, 5, 2 * n + 1, &head(0x82, "/docs/api", addr)));
    }
    words.extend(busy(addr, 0));
    words
}

/// Begins one more request that stays under way.
pub fn busy(addr: SocketAddr, number: u32) -> Vec<u8> {
    let stream = 2 * (PAGES + number) + 1;
    let kind = [
        &[0x0f, 0x10][..],
        &text("application/x-www-form-urlencoded"),
    ]
    .concat();
    let length = [&[0x0f, 0x0d][..], &text("1000")].concat();
    let head = [head(0x83, "/login", addr), kind, length].concat();
    [frame(1, 4, stream, &head), frame(0, 0, stream, b"email=")].concat()
}
