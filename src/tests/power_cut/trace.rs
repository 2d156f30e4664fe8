//! What a program asked of the system, in order, as strace wrote it down.

use std::{collections::HashMap, fs, path::Path, process::Command};

use tempfile::TempDir;

use crate::support::eventually;

/// What is written down: all that can change a file, sync it, or tell somebody about it. `mmap`,
/// `renameat` and the like only so that they cannot pass unseen.
const CALLS: &str = "trace=write,writev,pwrite64,pwritev,pwritev2,sendto,sendmsg,sendfile,splice,\
    copy_file_range,truncate,ftruncate,fallocate,fsync,fdatasync,sync_file_range,msync,mmap,open,\
    openat,creat,unlink,unlinkat,rename,renameat,renameat2,link,linkat";

/// A system call.
#[derive(Clone, Debug)]
pub struct Call {
    /// Its name.
    pub name: String,
    /// Its arguments, as they stand there, with all texts in hexadecimal.
    pub arguments: String,
}

/// A call begins, and some time later it ends; others may come between, from other threads.
#[derive(Debug)]
pub enum Step {
    /// The call with this number began.
    Begin(usize, Call),
    /// It ended with this result; negative if it failed.
    End(usize, i64),
}

/// A file that strace writes.
pub struct Trace {
    dir: TempDir,
}

impl Trace {
    /// In a folder of its own.
    pub fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    /// The words before a command that make strace follow it. What is started is the command
    /// itself; strace is beside it.
    pub fn words(&self) -> Vec<String> {
        let file = self.dir.path().join("trace").display().to_string();
        ["strace", "-D", "-f", "-qq", "--seccomp-bpf", "-y", "-xx"]
            .into_iter()
            // Longer than anything that is written at once.
            .chain([
                "-s",
                "1000000",
                "-e",
                CALLS,
                "-e",
                "signal=none",
                "-o",
                &file,
            ])
            .map(ToOwned::to_owned)
            .collect()
    }

    /// All steps, once strace is done because the command has ended.
    pub async fn steps(self) -> Vec<Step> {
        let path = self.dir.path().join("trace");
        eventually("strace is done", async || is_closed(&path)).await;
        parse(&fs::read_to_string(path).unwrap())
    }
}

/// Whether nobody has the file open any more.
fn is_closed(path: &Path) -> bool {
    let path = path.canonicalize().unwrap();
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let mut open = processes
        .filter_map(|process| fs::read_dir(process.path().join("fd")).ok())
        .flat_map(Iterator::flatten)
        .filter_map(|descriptor| fs::read_link(descriptor.path()).ok());
    !open.any(|file| file == path)
}

/// Whether strace is there and may trace.
pub fn assert_strace_works() {
    let traced = Command::new("strace")
        .args(["-D", "-f", "-o", "/dev/null", "true"])
        .output();
    assert!(
        traced.is_ok_and(|output| output.status.success()),
        "this test needs strace, and a system that lets it trace"
    );
}

fn parse(text: &str) -> Vec<Step> {
    const UNFINISHED: &str = " <unfinished ...>";
    let mut steps = Vec::new();
    let mut under_way: HashMap<&str, usize> = HashMap::new();
    let mut number = 0;
    for line in text.lines() {
        let (thread, rest) = line.split_once(' ').expect("a line begins with a number");
        let rest = rest.trim_start();
        if let Some(resumed) = rest.strip_prefix("<... ") {
            let begun = under_way.remove(thread).expect("what goes on has begun");
            steps.push(Step::End(begun, result(resumed)));
            continue;
        }
        let (name, arguments) = rest.split_once('(').unwrap_or_else(|| panic!("{rest}"));
        number += 1;
        let call = |arguments: &str| Call {
            name: name.to_owned(),
            arguments: arguments.to_owned(),
        };
        if let Some(arguments) = arguments.strip_suffix(UNFINISHED) {
            steps.push(Step::Begin(number, call(arguments)));
            under_way.insert(thread, number);
        } else {
            steps.push(Step::Begin(number, call(arguments)));
            steps.push(Step::End(number, result(arguments)));
        }
    }
    assert!(!steps.is_empty(), "something was traced");
    steps
}

/// The number after the last ` = `; `?` is the result of a call that never ended.
fn result(rest: &str) -> i64 {
    let (_, result) = rest.rsplit_once(" = ").unwrap_or_else(|| panic!("{rest}"));
    let number = result.split([' ', '<']).next().unwrap_or_default();
    match number.strip_prefix("0x") {
        Some(address) => i64::from_str_radix(address, 16).unwrap_or(0),
        None => number.parse().unwrap_or(-1),
    }
}

impl Call {
    /// The files that its arguments are open on.
    pub fn files(&self) -> impl Iterator<Item = String> {
        self.given().split('<').skip(1).map(|rest| {
            let name = bytes(rest.split('>').next().unwrap_or_default());
            String::from_utf8_lossy(&name).into_owned()
        })
    }

    /// The texts among its arguments.
    pub fn texts(&self) -> Vec<Vec<u8>> {
        let parts: Vec<_> = self.arguments.split('"').collect();
        assert!(
            parts.iter().skip(2).all(|part| !part.starts_with("...")),
            "the trace is cut"
        );
        parts.into_iter().skip(1).step_by(2).map(bytes).collect()
    }

    /// The number that is its last argument.
    pub fn last_number(&self) -> usize {
        let number = self.given().rsplit(", ").next().unwrap_or_default();
        number.trim().parse().unwrap_or_else(|_| panic!("{self:?}"))
    }

    /// The arguments without the result.
    fn given(&self) -> &str {
        match self.arguments.rsplit_once(" = ") {
            Some((arguments, _)) => arguments.trim_end().trim_end_matches(')'),
            None => &self.arguments,
        }
    }
}

/// `\x6f\x74` are two bytes.
fn bytes(hex: &str) -> Vec<u8> {
    hex.split("\\x")
        .skip(1)
        .map(|digits| u8::from_str_radix(digits, 16).expect("two digits"))
        .collect()
}
