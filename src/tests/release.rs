//! The release is one file: alone in an empty folder it is the whole portal.

use std::{
    ffi::OsStr,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
};

use reqwest::{Client, Response};
use serde_json::Value;

use crate::support::{
    EMAIL, PASSWORD,
    process::{Server, Workplace},
};

const BINARY: &str = "OPENTILL_RELEASE_BIN";
/// A year, in seconds: what counts as for ever.
const YEAR: u64 = 31_536_000;

/// A release started alone in an empty folder.
fn start() -> (Workplace, Server) {
    let workplace = Workplace::with_copy_of(&release());
    let server = workplace.serve_as(&["serve", "--demo"]);
    (workplace, server)
}

fn release() -> PathBuf {
    let Some(path) = std::env::var_os(BINARY) else {
        panic!("{BINARY} has to name the release's executable: run `make test`, or set it");
    };
    assert!(
        Path::new(&path).is_file(),
        "{BINARY} names no file: run `make build`"
    );
    path.into()
}

async fn get(server: &Server, path: &str, accept_encoding: Option<&str>) -> Response {
    let mut request = Client::new().get(format!("http://{}{path}", server.addr));
    if let Some(encodings) = accept_encoding {
        request = request.header("accept-encoding", encodings);
    }
    request.send().await.unwrap()
}

fn header<'r>(response: &'r Response, name: &str) -> &'r str {
    let value = response.headers().get(name);
    value.map_or("", |value| value.to_str().unwrap())
}

/// The addresses of all files that a page refers to.
fn files(page: &str) -> Vec<String> {
    let head = page.split("</head>").next().unwrap();
    let mut files: Vec<_> = ["href=\"", "src=\"", "data-module=\"", "data-wasm=\""]
        .iter()
        .flat_map(|attribute| head.split(attribute).skip(1))
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    files.sort();
    files.dedup();
    files
}

/// Whether the name holds a hash of the content, as in `boot.4c10156410550b08.js`.
fn has_hash(path: &str) -> bool {
    path.split('.')
        .any(|part| part.len() == 16 && part.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// What Node's own decoder makes of compressed bytes.
fn decode(decoder: &str, bytes: &[u8]) -> Vec<u8> {
    let script =
        "process.stdout.write(require('zlib')[process.argv[1]](require('fs').readFileSync(0)))";
    let mut node = Command::new("node")
        .args(["-e", script, decoder])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node is installed");
    let mut stdin = node.stdin.take().unwrap();
    let bytes = bytes.to_vec();
    let writer = thread::spawn(move || stdin.write_all(&bytes));
    let output = node.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success(), "{decoder} understands it");
    output.stdout
}

#[tokio::test]
async fn every_file_of_the_portal_is_inside_and_is_cached_for_ever() {
    let (workplace, server) = start();
    let page = get(&server, "/login", None).await;
    assert_eq!(page.status(), 200);
    let files = files(&page.text().await.unwrap());
    for (kind, count) in [(".css", 1), (".js", 2), (".wasm", 1), (".svg", 1)] {
        let of_kind = files.iter().filter(|path| path.ends_with(kind)).count();
        assert_eq!(of_kind, count, "{kind}: {files:?}");
    }
    assert_eq!(files.len(), 5, "{files:?}");

    let size = fs::metadata(release()).unwrap().len();
    println!("{:40} {size:>9} bytes", "the executable");
    for path in &files {
        let plain = get(&server, path, None).await;
        assert_eq!(plain.status(), 200, "{path}");
        assert!(has_hash(path), "{path}");
        let caching = header(&plain, "cache-control");
        assert!(caching.contains("immutable"), "{path}: {caching}");
        let age = caching.split("max-age=").nth(1).unwrap_or_default();
        let age = age.split(',').next().unwrap_or_default();
        assert!(age.parse::<u64>().is_ok_and(|age| age >= YEAR), "{caching}");
        let wanted = match path.rsplit('.').next().unwrap() {
            "css" => "text/css",
            "js" => "text/javascript",
            "wasm" => "application/wasm",
            _ => "image/svg+xml",
        };
        let content_type = header(&plain, "content-type");
        assert_eq!(content_type.split(';').next(), Some(wanted), "{path}");
        assert_eq!(header(&plain, "x-content-type-options"), "nosniff");
        assert_eq!(header(&plain, "content-encoding"), "", "{path}");
        assert_eq!(header(&plain, "vary"), "accept-encoding", "{path}");
        // The same for all encodings, and so a weak one.
        let tag = header(&plain, "etag").to_owned();
        assert!(tag.starts_with("W/\""), "{path}: {tag}");
        let plain = plain.bytes().await.unwrap();

        let mut sizes = vec![("raw", plain.len())];
        for (encoding, decoder) in [("br", "brotliDecompressSync"), ("gzip", "gunzipSync")] {
            let packed = get(&server, path, Some(encoding)).await;
            assert_eq!(packed.status(), 200);
            assert_eq!(header(&packed, "content-encoding"), encoding, "{path}");
            assert_eq!(header(&packed, "vary"), "accept-encoding", "{path}");
            assert_eq!(header(&packed, "etag"), tag, "{path}");
            assert_eq!(
                header(&packed, "content-type").split(';').next(),
                Some(wanted)
            );
            let packed = packed.bytes().await.unwrap();
            assert!(packed.len() < plain.len(), "{path} {encoding}");
            assert_eq!(decode(decoder, &packed), plain, "{path} {encoding}");
            sizes.push((encoding, packed.len()));
        }
        println!("{path:40} {sizes:?}");
        // What browsers send, and what they must not be sent.
        let best = get(&server, path, Some("gzip, deflate, br, zstd")).await;
        assert_eq!(header(&best, "content-encoding"), "br", "{path}");
        for refusing in ["identity", "zstd", "br;q=0, gzip;q=0"] {
            let answer = get(&server, path, Some(refusing)).await;
            assert_eq!(header(&answer, "content-encoding"), "", "{path} {refusing}");
        }
    }

    // Nothing was unpacked beside it but the demo's database.
    let beside: Vec<_> = fs::read_dir(workplace.dir())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .filter(|name| name != OsStr::new("opentill"))
        .collect();
    assert!(
        beside
            .iter()
            .all(|name| name.to_string_lossy().starts_with("opentill-demo.db")),
        "{beside:?}"
    );
}

#[tokio::test]
async fn a_file_that_is_not_there_is_a_404_that_passes_for_nothing_else() {
    let (_workplace, server) = start();
    let page = get(&server, "/login", None).await.text().await.unwrap();
    let mut missing: Vec<_> = files(&page)
        .iter()
        // The file of another version: its hash differs in the last digit.
        .map(|path| {
            let (stem, kind) = path.rsplit_once('.').unwrap();
            let last = if stem.ends_with('0') { '1' } else { '0' };
            format!("{}{last}.{kind}", &stem[..stem.len() - 1])
        })
        .collect();
    for path in [
        "/pkg/",
        "/pkg/missing.js",
        "/pkg/missing.wasm",
        "/pkg/../Cargo.toml",
        "/pkg/%2e%2e/opentill-demo.db",
        "/opentill-demo.db",
        "/.env",
    ] {
        missing.push(path.to_owned());
    }
    for path in missing {
        let answer = get(&server, &path, None).await;
        assert_eq!(answer.status(), 404, "{path}");
        assert_eq!(
            header(&answer, "cache-control"),
            "no-store, no-transform",
            "{path}"
        );
        let content_type = header(&answer, "content-type");
        for kind in ["javascript", "wasm", "css", "svg"] {
            assert!(!content_type.contains(kind), "{path}: {content_type}");
        }
        let body = answer.text().await.unwrap();
        assert!(!body.contains("type=\"password\""), "{path}: {body}");
        assert!(body.contains("not found"), "{path}: {body}");
    }
}

#[tokio::test]
async fn the_release_alone_makes_uses_and_revokes_a_token() {
    let (_workplace, server) = start();
    let mut jane = server.browser();
    assert_eq!(jane.log_in(EMAIL, PASSWORD).await.status, 303);
    let profile = jane.get("/profile").await;
    assert!(profile.body.contains("API Tokens"));
    let key = profile.field("idempotency_key");
    let fields = [("name", "My Integration"), ("idempotency_key", &key)];
    let answer = jane.post("/profile/tokens", &fields).await;
    assert_eq!(answer.status, 200);
    answer.assert_kept_nowhere();
    let token = crate::support::find_token(&answer.body).expect("the page shows the token");

    let me = server.me(&token).await;
    assert_eq!(me.status, 200);
    let me: Value = serde_json::from_str(&me.body).unwrap();
    assert_eq!(me["data"]["email"], EMAIL);

    let listed = jane.rpc("tokens/list", &[]).await;
    let listed: Value = serde_json::from_str(&listed.body).unwrap();
    let id = &listed[0]["id"];
    let revoked = jane
        .post(&format!("/profile/tokens/{id}/revoke"), &[])
        .await;
    assert_eq!(revoked.status, 303);
    let refused = server.me(&token).await;
    assert!(refused.is_exact_401(), "{refused:?}");
}
