use super::*;

fn pairs(text: &str, variables: &[(&str, &str)]) -> Result<Vec<(String, String)>, String> {
    let variable = |name: &str| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    let url = read(text, variable)?;
    Ok(url.query_pairs().into_owned().collect())
}

/// What the driver is told, as `name=value name=value`.
fn told(text: &str, variables: &[(&str, &str)]) -> Result<String, String> {
    let pairs = pairs(text, variables)?;
    let pairs: Vec<_> = pairs.iter().map(|(n, v)| format!("{n}={v}")).collect();
    Ok(pairs.join(" "))
}

#[test]
fn an_address_means_what_it_means_to_libpq() {
    for (text, means) in [
        (
            "postgres://u:p@db.example/o",
            "dbname=o host=db.example password=p sslmode=prefer user=u",
        ),
        (
            "postgresql://u@db.example:5433/o",
            "dbname=o host=db.example port=5433 sslmode=prefer user=u",
        ),
        ("PostgreSQL://db.example", "host=db.example sslmode=prefer"),
        (
            "postgres://db.example:/o?",
            "dbname=o host=db.example sslmode=prefer",
        ),
        (
            "postgres://u@[::1]/o",
            "dbname=o host=::1 sslmode=prefer user=u",
        ),
        (
            "postgres://[2001:db8::1]:5433/o",
            "dbname=o host=2001:db8::1 port=5433 sslmode=prefer",
        ),
        (
            "postgres://u@%2Frun%2Fpostgresql/o",
            "dbname=o host=/run/postgresql sslmode=disable user=u",
        ),
        (
            "postgres://u@/o?host=/run/postgresql",
            "dbname=o host=/run/postgresql sslmode=disable user=u",
        ),
        (
            "postgres:///o?host=/run/pg&sslmode=verify-full",
            "dbname=o host=/run/pg sslmode=disable",
        ),
        (
            "postgres://?host=h&user=u&dbname=o&port=1",
            "dbname=o host=h port=1 sslmode=prefer user=u",
        ),
        (
            "postgres://a@b/c?host=h&user=u&dbname=o",
            "dbname=o host=h sslmode=prefer user=u",
        ),
        // In a password all but a slash may stand as it is.
        (
            "postgres://u:a#b?c@d%2Fe%25+@h/o",
            "dbname=o host=h password=a#b?c@d/e%+ sslmode=prefer user=u",
        ),
        (
            "postgres://u@h/o?password=%26+%3D",
            "dbname=o host=h password=&+= sslmode=prefer user=u",
        ),
        (
            "postgres://u%40work@h/%C3%A4%20b",
            "dbname=ä b host=h sslmode=prefer user=u@work",
        ),
        // As providers hand them out.
        (
            "postgresql://u@h/o?sslmode=require&channel_binding=require&connect_timeout=10&target_session_attrs=read-write",
            "dbname=o host=h sslmode=require user=u",
        ),
        (
            "postgres://u@h/o?application_name=billing&options=-c%20search_path%3Dportal",
            "application_name=billing dbname=o host=h options=-c search_path=portal sslmode=prefer user=u",
        ),
        (
            "postgres://u@h/o?ssl=true",
            "dbname=o host=h sslmode=require user=u",
        ),
        (
            "postgres://u@h/o?sslmode=allow",
            "dbname=o host=h sslmode=prefer user=u",
        ),
        (
            "postgres://u@h/o?sslrootcert=system",
            "dbname=o host=h sslmode=verify-full user=u",
        ),
    ] {
        assert_eq!(told(text, &[]).as_deref(), Ok(means), "{text}");
    }
}

#[test]
fn what_cannot_be_done_is_refused_by_the_name_of_the_part() {
    for (text, part) in [
        ("postgres://", "host: "),
        ("postgres:///hunter2", "host: "),
        ("postgres://:hunter2@", "host: "),
        ("postgres://u@h1,h2:5433/o", "host: "),
        ("postgres://u@h1/o?host=h1,h2", "host: "),
        ("postgres://u@::1/o", "host: "),
        ("postgres://u@[::1/o", "host: "),
        ("postgres://u@[::1]hunter2/o", "host: "),
        ("postgres://u@%40hunter2/o", "host: "),
        ("postgres://u:hunter2/rest@h/o", "port: "),
        ("postgres://u@h:hunter2/o", "port: "),
        ("postgres://u@h:0/o", "port: "),
        ("postgres://u@h:65536/o", "port: "),
        ("postgres://u@h/o?port=hunter2", "port: "),
        ("postgres://u:hunter2%@h/o", "password: "),
        ("postgres://u:hunter2%zz@h/o", "password: "),
        ("postgres://u:hunter2%00@h/o", "password: "),
        ("postgres://u:%FFhunter2@h/o", "password: "),
        ("postgres://u@h/o?sslmode=hunter2", "sslmode: "),
        ("postgres://u@h/o?ssl=hunter2", "ssl: "),
        (
            "postgres://u@h/o?connect_timeout=hunter2",
            "connect_timeout: ",
        ),
        (
            "postgres://u@h/o?channel_binding=hunter2",
            "channel_binding: ",
        ),
        (
            "postgres://u@h/o?target_session_attrs=read-only",
            "target_session_attrs: ",
        ),
        (
            "postgres://u@h/o?target_session_attrs=standby",
            "target_session_attrs: ",
        ),
        ("postgres://u@h/o?pasword=hunter2", "pasword: "),
        ("postgres://u@h/o?pgbouncer=true", "pgbouncer: "),
        ("postgres://u@h/o?schema=hunter2", "schema: "),
        ("postgres://u@h/o?service=hunter2", "service: "),
        ("postgres://u@h/o?hostaddr=10.0.0.1", "hostaddr: "),
        ("postgres://u@h/o?sslcrl=hunter2", "sslcrl: "),
        (
            "postgres://u@h/o?statement-cache-capacity=1",
            "statement-cache-capacity: ",
        ),
        ("postgres://u@h/o?hunter2", "one of its parameters "),
        ("postgres://u@h/o?hunter2%20x=1", "takes these parameters "),
        ("postgres:u@h/hunter2", "must be postgres://"),
    ] {
        let reason = told(text, &[]).unwrap_err();
        assert!(reason.starts_with(part), "{text}: {reason}");
        assert!(
            !reason.contains("hunter2") && !reason.contains('\n'),
            "{text}: {reason}"
        );
    }
    let slash = told("postgres://u:hunter2/rest@h/o", &[]).unwrap_err();
    assert!(
        slash.contains("password") && slash.contains("%2F"),
        "{slash}"
    );
}

#[test]
fn libpqs_variables_say_what_the_address_does_not() {
    let all = [
        ("PGHOST", "h"),
        ("PGPORT", "5433"),
        ("PGUSER", "u"),
        ("PGDATABASE", "o"),
        ("PGSSLMODE", "require"),
    ];
    let means = "dbname=o host=h port=5433 sslmode=require user=u";
    assert_eq!(told("postgres://", &all).unwrap(), means);
    let address = "postgres://u2@h2:1/o2?sslmode=disable";
    let means = "dbname=o2 host=h2 port=1 sslmode=disable user=u2";
    assert_eq!(told(address, &all).unwrap(), means);
    for (variable, value) in [
        ("PGSSLMODE", "hunter2"),
        ("PGPORT", "hunter2"),
        ("PGSSLROOTCERT", "/hunter2.pem"),
        ("PGTARGETSESSIONATTRS", "standby"),
        ("PGHOST", "h\u{A0}hunter2"),
    ] {
        let address = "postgres:///o?user=u";
        let variables = [(variable, value), ("PGHOST", "h")];
        let reason = told(address, &variables).unwrap_err();
        assert!(reason.starts_with(&format!("{variable}: ")), "{reason}");
        assert!(!reason.contains("hunter2"), "{reason}");
    }
    assert_eq!(
        told("postgres://h", &[("PGPORT", "")]).unwrap(),
        "host=h sslmode=prefer"
    );
}

#[test]
fn a_certificate_is_looked_at_or_refused() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let ca = file("ca.pem", "-----BEGIN CERTIFICATE-----\n");
    let key = file("key.pem", "-----BEGIN PRIVATE KEY-----\n");
    let none = file("none.pem", "hunter2");
    let with = |parameters: &str| {
        let pairs = pairs(&format!("postgres://h?{parameters}"), &[])?;
        let mode = pairs.into_iter().find(|(name, _)| name == "sslmode");
        Ok::<_, String>(mode.unwrap().1)
    };
    for (mode, means) in [
        ("sslmode=require", "verify-ca"),
        ("sslmode=verify-ca", "verify-ca"),
        ("sslmode=verify-full", "verify-full"),
    ] {
        assert_eq!(with(&format!("{mode}&sslrootcert={ca}")).unwrap(), means);
    }
    for mode in ["", "sslmode=disable", "sslmode=allow", "sslmode=prefer"] {
        let reason = with(&format!("{mode}&sslrootcert={ca}")).unwrap_err();
        assert!(reason.starts_with("sslrootcert: "), "{mode}: {reason}");
    }
    for mode in MODES_BUT_FULL {
        let reason = with(&format!("sslmode={mode}&sslrootcert=system")).unwrap_err();
        assert!(reason.starts_with("sslrootcert: "), "{mode}: {reason}");
    }
    assert_eq!(
        with(&format!("sslcert={ca}&sslkey={key}")).unwrap(),
        "prefer"
    );
    for (parameters, part) in [
        (
            format!("sslmode=disable&sslcert={ca}&sslkey={key}"),
            "sslcert: ",
        ),
        (format!("sslmode=require&sslcert={ca}"), "sslcert: "),
        (format!("sslmode=require&sslkey={key}"), "sslkey: "),
        (
            format!("sslmode=require&sslcert={ca}&sslkey={ca}"),
            "sslkey: ",
        ),
        (
            format!("sslmode=require&sslcert={none}&sslkey={key}"),
            "sslcert: ",
        ),
        (
            format!("sslmode=verify-full&sslrootcert={none}"),
            "sslrootcert: ",
        ),
        (
            "sslmode=verify-full&sslrootcert=/nowhere/ca.pem".to_owned(),
            "sslrootcert: No such file",
        ),
    ] {
        let reason = with(&parameters).unwrap_err();
        assert!(
            reason.starts_with(part) && !reason.contains("hunter2"),
            "{parameters}: {reason}"
        );
    }
}

const MODES_BUT_FULL: [&str; 5] = ["disable", "allow", "prefer", "require", "verify-ca"];

#[test]
fn a_password_is_seen_wherever_it_stands() {
    assert!(has_password("postgres://u:secret@host/db"));
    assert!(has_password("postgres://u@host/db?password=secret"));
    assert!(has_password("POSTGRES://:secret@/db?host=/run/postgresql"));
    assert!(!has_password("postgres://u@host:5432/db?sslmode=require"));
}
