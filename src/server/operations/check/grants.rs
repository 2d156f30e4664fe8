//! The rights of the role that serves, in PostgreSQL.

use super::finding::Finding;
use crate::server::store::{Store, StoreError};

const CHECK: &str = "rights";

/// The rights that the manual has the owner grant to the serving role: table and privilege.
fn granted(manual: &str) -> Vec<(String, String)> {
    let lines = manual
        .lines()
        .filter_map(|line| line.strip_prefix("GRANT "));
    let grants = lines.filter_map(|line| {
        let (privileges, rest) = line.strip_suffix(" TO opentill;")?.split_once(" ON ")?;
        // Of tables, that is, and of nothing else.
        (!rest.contains(' ') || rest.contains(", ")).then_some((privileges, rest))
    });
    let of_each = grants.flat_map(|(privileges, tables)| {
        tables.split(", ").flat_map(move |table| {
            let privileges = privileges.split(", ");
            privileges.map(move |privilege| (table.to_owned(), privilege.to_owned()))
        })
    });
    of_each.collect()
}

/// Checks that the role may do what serving takes, and no more.
pub async fn check(store: &Store, manual: &str) -> Result<Finding, StoreError> {
    if store.owns_activity().await? {
        return Ok(Finding::warning(
            CHECK,
            "this role owns the tables, so it could also change the activity: it is right for `migrate` and `import`; serve \
             with one that has only the rights in docs/operating.md",
        ));
    }
    let mut missing = Vec::new();
    for (table, privilege) in granted(manual) {
        if !store.may(&table, &privilege).await? {
            missing.push(format!("GRANT {privilege} ON {table}"));
        }
    }
    if !missing.is_empty() {
        let missing = missing.join(", ");
        return Ok(Finding::error(
            CHECK,
            format!("this role lacks rights that serving takes: as the owner, {missing}"),
        ));
    }
    for privilege in ["UPDATE", "DELETE", "TRUNCATE"] {
        if store.may("activity", privilege).await? {
            let found = format!(
                "this role could change the activity: as the owner, REVOKE {privilege} ON activity"
            );
            return Ok(Finding::warning(CHECK, found));
        }
    }
    Ok(Finding::ok(
        CHECK,
        "this role may do what serving takes, and no more",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manual_names_the_rights_of_each_table() {
        let manual = include_str!("../../../../docs/operating.md");
        let granted = granted(manual);
        let has = |table: &str, privilege: &str| {
            granted.contains(&(table.to_owned(), privilege.to_owned()))
        };
        assert!(has("activity", "INSERT") && !has("activity", "UPDATE"));
        assert!(has("sessions", "DELETE") && has("documents", "SELECT"));
        assert!(has("_sqlx_migrations", "SELECT"));
        assert!(granted.iter().all(|(table, _)| !table.contains(' ')));
    }
}
