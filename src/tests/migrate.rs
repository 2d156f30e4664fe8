//! `opentill migrate`: the schema alone, by whoever may change it.

use crate::support::{
    EMAIL,
    postgres::{new_database, psql},
    process::Workplace,
};

fn says_what_it_did(database: &str) {
    let operator = Workplace::new().set("DATABASE_URL", database);
    let said = operator.say(&["migrate"], "");
    let steps: Vec<_> = said.lines().collect();
    assert!(steps.len() >= 5, "{said}");
    assert_eq!(steps[0], "Applied 0001 clients");
    assert!(steps.iter().all(|step| step.starts_with("Applied 0")));
    let nothing = "Nothing to do: the schema is up to date\n";
    assert_eq!(operator.say(&["migrate"], ""), nothing);
    operator.add_client(EMAIL);
    assert_eq!(operator.say(&["migrate"], ""), nothing);
}

#[test]
fn it_says_what_it_applied_and_then_that_nothing_is_to_do() {
    says_what_it_did("sqlite://opentill.db");
    says_what_it_did(&new_database());
}

#[test]
fn only_what_is_missing_is_applied() {
    let database = new_database();
    let operator = Workplace::new().set("DATABASE_URL", &database);
    operator.say(&["migrate"], "");
    psql(
        &database,
        "DROP INDEX tokens_of_client; DELETE FROM _sqlx_migrations WHERE version = 6",
    );
    let said = operator.say(&["migrate"], "");
    assert!(
        said.starts_with("Applied 0006 tokens of client\n"),
        "{said}"
    );
    assert!(!said.contains("0005"), "{said}");
}

#[test]
fn a_step_that_was_changed_since_is_not_taken_for_the_one_that_was_applied() {
    let database = new_database();
    let operator = Workplace::new().set("DATABASE_URL", &database);
    operator.say(&["migrate"], "");
    psql(
        &database,
        "UPDATE _sqlx_migrations SET checksum = 'x' WHERE version = 3",
    );
    for command in [&["migrate"][..], &["client", "list"]] {
        let refused = operator.run(command);
        assert_ne!(refused.code, Some(0));
        let because = "opentill: DATABASE_URL: the database schema cannot be brought up to date: \
                       migration 3 was previously applied but has been modified";
        assert_eq!(refused.stderr.trim_end(), because);
    }
}
