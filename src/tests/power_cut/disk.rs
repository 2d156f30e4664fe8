//! What a disk holds when the power goes: what was synced is there, of the rest anything may be.

use std::{collections::BTreeMap, fs, path::Path};

use rand::{RngExt, rngs::StdRng};

use super::trace::{Call, Step};

/// A disk writes a sector whole or not at all.
const SECTOR: usize = 512;
/// The files of a database that survive a restart. The index, `-shm`, is made anew.
const NAMES: [&str; 3] = ["", "-wal", "-journal"];

/// A change to a file that is not known to be on the disk yet.
#[derive(Clone)]
struct Pending {
    call: usize,
    has_ended: bool,
    change: Change,
}

#[derive(Clone)]
enum Change {
    Write { offset: usize, bytes: Vec<u8> },
    Resize(usize),
}

impl Change {
    fn apply(&self, content: &mut Vec<u8>) {
        match self {
            Self::Write { offset, bytes } => {
                let end = offset + bytes.len();
                content.resize(content.len().max(end), 0);
                content[*offset..end].copy_from_slice(bytes);
            }
            Self::Resize(len) => content.resize(*len, 0),
        }
    }

    /// As much of it as a disk may have got to: all, nothing, or the first sectors.
    fn apply_some(&self, content: &mut Vec<u8>, random: &mut StdRng) {
        match self {
            Self::Write { offset, bytes } => {
                let sectors = bytes.len().div_ceil(SECTOR);
                let written = (random.random_range(0..=sectors) * SECTOR).min(bytes.len());
                let some = Self::Write {
                    offset: *offset,
                    bytes: bytes[..written].to_vec(),
                };
                if written > 0 {
                    some.apply(content);
                }
            }
            Self::Resize(_) if random.random() => self.apply(content),
            Self::Resize(_) => {}
        }
    }
}

#[derive(Clone, Default)]
struct File {
    /// Whether its name is on the disk, too.
    is_named: bool,
    synced: Vec<u8>,
    pending: Vec<Pending>,
}

/// The files of one database, as they are on the disk.
#[derive(Clone)]
pub struct Disk {
    folder: String,
    database: String,
    files: BTreeMap<String, File>,
    /// Syncs under way: which file, and the changes that it will have made safe.
    syncs: BTreeMap<usize, (String, Vec<usize>)>,
    /// Syncs of the folder under way, and the names that it will have made safe.
    naming: BTreeMap<usize, Vec<String>>,
    /// Files that are being made.
    opening: BTreeMap<usize, String>,
}

impl Disk {
    /// With the database that is there before the trace begins.
    pub fn new(database: &Path) -> Self {
        let folder = database.parent().unwrap().display().to_string();
        let database = database.display().to_string();
        let files = NAMES.iter().filter_map(|name| {
            let path = format!("{database}{name}");
            let file = File {
                is_named: true,
                synced: fs::read(&path).ok()?,
                pending: Vec::new(),
            };
            Some((path, file))
        });
        Self {
            files: files.collect(),
            folder,
            database,
            syncs: BTreeMap::new(),
            naming: BTreeMap::new(),
            opening: BTreeMap::new(),
        }
    }

    /// Goes on by one step of the trace.
    pub fn follow(&mut self, step: &Step) {
        match step {
            Step::Begin(number, call) => self.begin(*number, call),
            Step::End(number, result) => self.end(*number, *result),
        }
    }

    fn is_ours(&self, path: &str) -> bool {
        NAMES
            .iter()
            .any(|name| path.strip_prefix(&self.database) == Some(*name))
    }

    fn begin(&mut self, number: usize, call: &Call) {
        let file = call.files().find(|file| self.is_ours(file));
        let named = || {
            let texts = call.texts().into_iter();
            let mut texts = texts.map(|text| String::from_utf8_lossy(&text).into_owned());
            texts.find(|path| self.is_ours(path))
        };
        match (call.name.as_str(), file) {
            ("pwrite64", Some(path)) => {
                let change = Change::Write {
                    offset: call.last_number(),
                    bytes: call.texts().concat(),
                };
                self.change(path, number, change);
            }
            ("ftruncate", Some(path)) => {
                self.change(path, number, Change::Resize(call.last_number()));
            }
            ("fsync" | "fdatasync", Some(path)) => {
                let pending = self.files.entry(path.clone()).or_default().pending.iter();
                let ended = pending.filter(|pending| pending.has_ended);
                let made_safe = ended.map(|pending| pending.call).collect();
                self.syncs.insert(number, (path, made_safe));
            }
            ("fsync" | "fdatasync", None) if call.files().any(|file| file == self.folder) => {
                self.naming
                    .insert(number, self.files.keys().cloned().collect());
            }
            ("open" | "openat", _) => {
                assert!(!call.arguments.contains("O_TRUNC") || named().is_none());
                if let (true, Some(path)) = (call.arguments.contains("O_CREAT"), named()) {
                    self.opening.insert(number, path);
                }
            }
            // Read-only, or the index.
            ("mmap", file) => {
                assert!(
                    file.is_none() || !call.arguments.contains("PROT_WRITE"),
                    "{call:?}"
                );
            }
            // Until the folder is synced the file may come back, and then with what it held.
            ("unlink" | "unlinkat", _) => {}
            (_, file) => {
                let is_other = matches!(
                    call.name.as_str(),
                    "write" | "writev" | "sendto" | "sendmsg"
                );
                assert!(
                    file.is_none() && (is_other || named().is_none()),
                    "not expected: {call:?}"
                );
            }
        }
    }

    fn change(&mut self, path: String, call: usize, change: Change) {
        let file = self.files.entry(path).or_default();
        file.pending.push(Pending {
            call,
            has_ended: false,
            change,
        });
    }

    fn end(&mut self, number: usize, result: i64) {
        if let Some(path) = self.opening.remove(&number)
            && result >= 0
        {
            self.files.entry(path).or_default();
        }
        if let Some((path, made_safe)) = self.syncs.remove(&number)
            && result == 0
        {
            self.sync(&path, &made_safe);
        }
        if let Some(names) = self.naming.remove(&number)
            && result == 0
        {
            for name in names {
                self.files.entry(name).or_default().is_named = true;
            }
        }
        for file in self.files.values_mut() {
            for pending in &mut file.pending {
                if pending.call == number {
                    pending.has_ended = true;
                    if let (Change::Write { bytes, .. }, Ok(written)) =
                        (&mut pending.change, usize::try_from(result))
                    {
                        bytes.truncate(written);
                    }
                }
            }
        }
    }

    fn sync(&mut self, path: &str, made_safe: &[usize]) {
        let file = self.files.entry(path.to_owned()).or_default();
        let pending = std::mem::take(&mut file.pending);
        for pending in pending {
            if made_safe.contains(&pending.call) {
                pending.change.apply(&mut file.synced);
            } else {
                file.pending.push(pending);
            }
        }
    }

    /// Writes down what is certainly on the disk, and nothing else, into `folder`.
    pub fn write_least(&self, folder: &Path) {
        for (path, file) in self.files.iter().filter(|(_, file)| file.is_named) {
            self.write(path, &file.synced, folder);
        }
    }

    /// Writes down what may be on the disk: of all that is not synced, something.
    pub fn write_some(&self, folder: &Path, random: &mut StdRng) {
        for (path, file) in &self.files {
            if file.is_named || random.random() {
                let mut content = file.synced.clone();
                for pending in &file.pending {
                    pending.change.apply_some(&mut content, random);
                }
                self.write(path, &content, folder);
            }
        }
    }

    fn write(&self, path: &str, content: &[u8], folder: &Path) {
        let name = path.strip_prefix(&self.folder).unwrap();
        fs::write(folder.join(name.trim_start_matches('/')), content).unwrap();
    }
}
