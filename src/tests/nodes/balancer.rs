//! nginx in front of some nodes, as docs/operating.md configures it.

use std::{
    fs,
    net::SocketAddr,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;
use tokio::net::TcpStream;

use crate::support::eventually;

const MANUAL: &str = include_str!("../../../docs/operating.md");

/// The configuration in docs/operating.md, with what is different here put into it: addresses, and no TLS,
/// for which there is no certificate.
fn configuration(listen: SocketAddr, nodes: &[SocketAddr]) -> String {
    let (_, section) = MANUAL.split_once("## Several nodes").unwrap();
    let (_, block) = section.split_once("```nginx\n").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    let mut nodes = nodes.iter();
    let lines = block.lines().map(|line| match line.trim() {
        documented if documented.starts_with("server 10.") => {
            format!("server {};", nodes.next().expect("a node for each line"))
        }
        "listen 443 ssl;" => format!("listen {listen};"),
        tls if tls.starts_with("ssl_") => String::new(),
        other => other.to_owned(),
    });
    let lines: Vec<_> = lines.collect();
    assert!(nodes.next().is_none(), "a line for each node");
    lines.join("\n")
}

/// A running nginx; it ends when this is dropped.
pub struct Balancer {
    child: Child,
    dir: TempDir,
}

impl Balancer {
    /// Listens there and passes on to the nodes.
    pub async fn start(listen: SocketAddr, nodes: &[SocketAddr]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name).display().to_string();
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path {};", path(kind)))
            .join("\n");
        let conf = format!(
            "daemon off; pid {pid}; error_log {log} warn; worker_processes 1;\n\
             events {{ worker_connections 1024; }}\n\
             http {{\naccess_log off;\n{temporary}\n{ours}\n}}\n",
            pid = path("pid"),
            log = path("log"),
            ours = configuration(listen, nodes),
        );
        fs::write(path("nginx.conf"), conf).unwrap();
        let child = Command::new("nginx")
            .args(["-c", &path("nginx.conf"), "-e", &path("log")])
            .stdin(Stdio::null())
            .spawn()
            .expect("nginx is installed");
        let balancer = Self { child, dir };
        eventually("nginx listens", async || {
            TcpStream::connect(listen).await.is_ok()
        })
        .await;
        balancer
    }

    /// What went wrong, as nginx saw it.
    pub fn log(&self) -> String {
        fs::read_to_string(self.dir.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        // A kill would leave its worker.
        let id = self.child.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &id]).status();
        let _ = self.child.wait();
    }
}
