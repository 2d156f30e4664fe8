//! What counts as the same file.

use std::{thread::sleep, time::Duration};

use super::*;

fn files() -> (tempfile::TempDir, PathBuf, Files) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("some.db");
    for end in ENDS {
        fs::write(beside(&path, end), end).unwrap();
    }
    let files = Files::of(&path).unwrap();
    files.opened();
    (dir, path, files)
}

/// Until a change of the folder can be told from the last one.
fn settle(files: &Files) {
    while files.check_often().is_ok() && files.known().checked.is_none() {
        sleep(Duration::from_millis(50));
    }
}

#[test]
fn each_name_counts_until_the_file_is_back() {
    let (dir, path, files) = files();
    for end in ["", "-wal", "-shm"] {
        settle(&files);
        let file = beside(&path, end);
        let aside = dir.path().join("aside");
        fs::rename(&file, &aside).unwrap();
        assert!(files.check_often().is_err() && files.check().is_err());
        fs::copy(&aside, &file).unwrap();
        assert!(files.check_often().is_err() && files.check().is_err());
        fs::rename(&aside, &file).unwrap();
        assert!(files.check_often().is_ok() && files.check().is_ok());
    }
    // Nobody has it open.
    fs::remove_file(beside(&path, "-lock")).unwrap();
    assert!(files.check().is_ok());
}

#[test]
fn another_folder_of_the_same_name_is_another_database() {
    let (dir, path, files) = files();
    settle(&files);
    let aside = dir.path().with_extension("aside");
    fs::rename(dir.path(), &aside).unwrap();
    assert!(files.check_often().is_err());
    fs::create_dir(dir.path()).unwrap();
    for end in ENDS {
        fs::copy(beside(&aside.join("some.db"), end), beside(&path, end)).unwrap();
    }
    assert!(files.check_often().is_err());
    fs::remove_dir_all(dir.path()).unwrap();
    fs::rename(&aside, dir.path()).unwrap();
    assert!(files.check_often().is_ok());
}

#[test]
fn it_is_not_closed_where_the_log_is_another_ones() {
    let (_dir, path, files) = files();
    assert!(files.may_be_closed());
    fs::remove_file(beside(&path, "-wal")).unwrap();
    assert!(files.may_be_closed());
    fs::write(beside(&path, "-wal"), "another one's").unwrap();
    assert!(!files.may_be_closed());
    fs::remove_file(beside(&path, "-wal")).unwrap();
    fs::remove_file(&path).unwrap();
    assert!(!files.may_be_closed());
}
