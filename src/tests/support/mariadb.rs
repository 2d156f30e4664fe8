//! A MariaDB server of a test's own, for what reads other systems' databases.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, Command, Stdio},
    thread,
};

/// A server that lives until this is dropped, or the tests end, however they do.
pub struct MariaDb {
    socket: String,
    child: Child,
}

impl MariaDb {
    /// Starts one.
    pub fn start() -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/.tools/mariadb");
        let mut child = Command::new(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect(".tools/mariadb starts");
        let mut socket = String::new();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        said.read_line(&mut socket).unwrap();
        assert!(
            socket.starts_with('/'),
            "a MariaDB server could not be started for the tests: see above"
        );
        let socket = socket.trim().to_owned();
        Self { socket, child }
    }

    /// Runs SQL with the options that `docs/import/README.md` names, and returns what it prints.
    pub fn run(&self, database: &str, sql: &str) -> String {
        let mut client = Command::new("mariadb")
            .args(["--no-defaults", "--socket", &self.socket])
            .args(["--batch", "--raw", "--skip-column-names", "--quick"])
            .arg(database)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("this test needs the program mariadb");
        let mut stdin = client.stdin.take().unwrap();
        let sql = sql.to_owned();
        let writer = thread::spawn(move || stdin.write_all(sql.as_bytes()));
        let output = client.wait_with_output().unwrap();
        writer.join().unwrap().unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{database}: {complaint}");
        String::from_utf8(output.stdout).expect("it prints UTF-8")
    }
}

impl Drop for MariaDb {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
