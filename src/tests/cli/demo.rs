//! Commands on the demo's database.

use super::*;

#[tokio::test]
async fn every_command_finds_the_demo_beside_the_server_that_made_it() {
    let operator = Workplace::on_file().set("DATABASE_URL", "sqlite://own.db");
    for line in [
        "client list --demo",
        "--demo token list --client jane@example.com",
        "--demo session end 1",
    ] {
        let refused = operator.run(&words(line));
        assert_eq!(refused.code, Some(1), "{line}");
        let said = "opentill: --demo: no database at ";
        assert!(refused.stderr.starts_with(said), "{line}: {refused:?}");
        assert!(
            refused.stderr.contains("`opentill serve --demo` makes one"),
            "{refused:?}"
        );
    }
    assert_eq!(std::fs::read_dir(operator.dir()).unwrap().count(), 0);

    operator.say(
        &words("client add --demo --email sam@example.com --name Sam"),
        "",
    );
    let clients = operator.say(&words("client list --demo"), "");
    assert!(clients.contains("sam@example.com"), "{clients}");
    for line in [
        "--demo client show --email sam@example.com",
        "--demo session list --client sam@example.com",
        "--demo activity list --client sam@example.com",
        "--demo migrate",
        "--demo backup copy.db",
        "--demo restore copy.db --revoke none",
    ] {
        operator.say(&words(line), "");
    }
    assert!(operator.dir().join("opentill-demo.db").exists());
    assert!(!operator.dir().join("own.db").exists());
}
