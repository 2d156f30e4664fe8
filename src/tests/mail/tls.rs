//! Mail servers beyond this machine: nothing is sent in the clear, and who is at the other end is checked.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use crate::support::{EMAIL, eventually, process::Workplace};

/// To this machine, which the settings take for another.
const ELSEWHERE: &str = "0.0.0.0";

struct TlsServer {
    child: Child,
    port: String,
}

impl TlsServer {
    /// Starts one that has a certificate for [`ELSEWHERE`], signed by itself.
    fn start(folder: &Path, manner: &str) -> Self {
        let made = Command::new("openssl")
            .args([
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            ])
            .args(["-subj", "/CN=mail", "-addext", "subjectAltName=IP:0.0.0.0"])
            .args(["-addext", "basicConstraints=critical,CA:FALSE"])
            .args(["-keyout", "key.pem", "-out", "cert.pem"])
            .current_dir(folder)
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
        fs::write(folder.join("said"), "").unwrap();
        let mut child = Command::new("python3")
            .args(["-c", include_str!("smtp.py")])
            .arg(folder)
            .arg(manner)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut port = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut port).unwrap();
        let port = port.trim().to_owned();
        Self { child, port }
    }
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_sent_in_the_clear_or_to_a_server_that_nobody_vouches_for() {
    for (scheme, manner, is_trusted) in [
        ("smtp", "starttls", true),
        ("smtp", "starttls", false),
        ("smtp", "plain", true),
        ("smtps", "tls", true),
        ("smtps", "tls", false),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let server = TlsServer::start(folder.path(), manner);
        let url = format!("{scheme}://portal:hunter2@{ELSEWHERE}:{}", server.port);
        let mut workplace = Workplace::new()
            .set("OPENTILL_SMTP_URL", url)
            .set("OPENTILL_MAIL_FROM", "portal@example.com");
        if is_trusted {
            workplace = workplace.set("SSL_CERT_FILE", folder.path().join("cert.pem"));
        }
        let add = [
            "client", "add", "--email", EMAIL, "--name", "Jane", "--invite",
        ];
        workplace.say(&add, "");
        let _portal = workplace.serve();
        let context = format!("{scheme}, {manner}, {is_trusted}");
        let is_sent = is_trusted && manner != "plain";
        eventually(&context, async || {
            let left = workplace.say_beside(&["mail", "list"]).await;
            if is_sent {
                left.is_empty()
            } else {
                !left.is_empty() && !left.trim_end().ends_with("\t-")
            }
        })
        .await;
        let said = fs::read_to_string(folder.path().join("said")).unwrap();
        let clear: Vec<_> = said.lines().filter(|line| line.starts_with('*')).collect();
        let is_harmless =
            |line: &&str| line.starts_with("*EHLO") || **line == *"*STARTTLS" || **line == *"*QUIT";
        assert!(clear.iter().all(is_harmless), "{context}: {said}");
        assert_eq!(
            said.contains("\nAUTH PLAIN ") || said.starts_with("AUTH"),
            is_sent,
            "{context}: {said}"
        );
        assert_eq!(
            said.contains("/set-password/"),
            is_sent,
            "{context}: {said}"
        );
    }
}
