//! Settings as people and files write them.

mod serving;

use std::{collections::BTreeSet, fs};

use opentill::server::settings;

use crate::support::{
    EMAIL, eventually,
    process::{Finished, Workplace},
};

const MANUAL: &str = include_str!("../../docs/operating.md");

#[track_caller]
fn assert_refused(finished: &Finished, setting: &str) {
    let Finished { code, stderr, .. } = finished;
    assert_eq!(*code, Some(1), "{setting}: {stderr}");
    assert_eq!(stderr.trim_end().lines().count(), 1, "{stderr}");
    assert!(
        stderr.starts_with(&format!("opentill: {setting}: ")),
        "{stderr}"
    );
    assert!(!stderr.contains("hunter2"), "{stderr}");
}

#[test]
fn every_setting_is_in_the_manual_and_nothing_else_is() {
    let (_, section) = MANUAL.split_once("## Configuration").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    let documented: BTreeSet<_> = rows
        .filter_map(|row| Some(row.split_once('`')?.0))
        .collect();
    assert_eq!(documented, settings::NAMES.into());
}

#[test]
fn what_nobody_sees_leads_to_no_other_database() {
    for value in [
        "sqlite://kept.db\r",
        "\u{FEFF}sqlite://kept.db",
        "\"sqlite://kept.db\"",
        "sqlite://kept.db\u{A0}\n",
        "'sqlite://kept.db'\r",
    ] {
        let operator = Workplace::on_file().set("DATABASE_URL", "sqlite://kept.db");
        operator.add_client(EMAIL);
        let operator = operator.set("DATABASE_URL", value);
        assert!(
            operator.say(&["client", "list"], "").contains(EMAIL),
            "{value:?}"
        );
        let left = fs::read_dir(operator.dir()).unwrap();
        for file in left.map(|file| file.unwrap().file_name().into_string().unwrap()) {
            assert!(file.starts_with("kept.db"), "{value:?}: {file:?}");
        }
    }
    for value in [
        "sqlite://hunter2\u{200B}.db",
        "sqlite://hunter2\t.db",
        "sqlite://hunter2.db\"",
        "\u{A0}",
        "\"\"",
    ] {
        let operator = Workplace::on_file().set("DATABASE_URL", value);
        assert_refused(&operator.run(&["client", "list"]), "DATABASE_URL");
    }
}

#[tokio::test]
async fn what_nobody_sees_does_not_turn_off_the_log() {
    for level in [
        "info\r",
        "\u{FEFF}info",
        "warn, opentill=info\r\n",
        "'info'",
    ] {
        let server = Workplace::on_file().set("OPENTILL_LOG", level).serve();
        server.browser().get("/login").await;
        eventually("the request is logged", async || {
            server.stderr().contains("/login")
        })
        .await;
    }
    for level in ["", " ", "warn, opentill = hunter2", "opentill\u{A0}=info"] {
        let operator = Workplace::on_file().set("OPENTILL_LOG", level);
        assert_refused(&operator.run(&["client", "list"]), "OPENTILL_LOG");
    }
}

#[test]
fn a_file_of_settings_from_another_system_is_read_whole_or_refused() {
    let with_file = |bytes: &[u8]| {
        let operator = Workplace::on_file();
        fs::write(operator.dir().join(".env"), bytes).unwrap();
        operator
    };
    for text in [
        "\u{FEFF}DATABASE_URL=sqlite://kept.db\r\nOPENTILL_LOG=info\r\n",
        "OPENTILL_LOG=info\r\nDATABASE_URL=\"sqlite://kept.db\"\u{A0}\r\n",
        "export DATABASE_URL='sqlite://kept.db'",
    ] {
        let operator = with_file(text.as_bytes());
        operator.say(&["migrate"], "");
        assert!(operator.dir().join("kept.db").exists(), "{text:?}");
        assert!(!operator.dir().join("opentill.db").exists(), "{text:?}");
    }
    let utf_16: Vec<_> = "\u{FEFF}A=hunter2\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for bytes in [
        b"A=hunter2 hunter2\nDATABASE_URL=sqlite://kept.db\n".as_slice(),
        "\u{200B}DATABASE_URL=sqlite://hunter2.db\n".as_bytes(),
        "DATABASE_URL\u{A0}hunter2=x\n".as_bytes(),
        b"DATABASE_URL=sqlite://\xffhunter2.db\n",
        &utf_16,
    ] {
        let operator = with_file(bytes);
        assert_refused(&operator.run(&["client", "list"]), ".env");
        assert!(!operator.dir().join("opentill.db").exists());
    }
}

#[test]
fn a_slip_in_a_name_is_told_once() {
    let operator = Workplace::on_file()
        .set("OPENTILL_TRUSTED_PROXY", "hunter2")
        .set("OPENTILL_SESSION_COLOR", "hunter2")
        .set("OPENTILL_COPY_TO", "postgres://db.example/opentill")
        .set("OPENTILL_TOKEN", "hunter2");
    let finished = operator.run(&["migrate"]);
    assert_eq!(finished.code, Some(0), "{finished:?}");
    let said = finished.stderr;
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    assert!(
        said.contains("OPENTILL_TRUSTED_PROXY (is OPENTILL_TRUSTED_PROXIES meant?)"),
        "{said}"
    );
    assert!(
        said.contains("OPENTILL_SESSION_COLOR") && !said.contains("hunter2"),
        "{said}"
    );
    assert!(
        !said.contains("OPENTILL_COPY_TO") && !said.contains("OPENTILL_TOKEN"),
        "{said}"
    );

    let operator = Workplace::on_file().set("\u{FEFF}DATABASE_URL", "sqlite://hunter2.db");
    assert_refused(&operator.run(&["client", "list"]), "DATABASE_URL");
}
