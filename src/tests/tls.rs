//! TLS to the database: who is at the other end is checked, and a refusal says why.

use std::{fs, path::PathBuf, sync::OnceLock};

use crate::support::{
    EMAIL,
    postgres::{Cluster, psql},
    process::{Finished, Workplace},
};

/// In characters that an address has to escape.
const PASSWORD: &str = "hunter2:/@ %?";

/// A server that answers over TLS alone, as `localhost`, and asks for a password.
struct TlsServer {
    _cluster: Cluster,
    port: String,
    /// What its certificate is signed by.
    ca: PathBuf,
}

fn server() -> &'static TlsServer {
    static SERVER: OnceLock<TlsServer> = OnceLock::new();
    SERVER.get_or_init(|| {
        let cluster = Cluster::with(&[("TLS", "1")]);
        let superuser = cluster.url().to_owned();
        psql(
            &superuser,
            &format!("CREATE ROLE opentill LOGIN PASSWORD '{PASSWORD}'"),
        );
        psql(&superuser, "CREATE DATABASE opentill OWNER opentill");
        let (address, folder) = superuser.split_once("?host=").unwrap();
        let (_, port) = address
            .trim_end_matches("/postgres")
            .rsplit_once(':')
            .unwrap();
        TlsServer {
            port: port.to_owned(),
            ca: PathBuf::from(folder).join("ca.pem"),
            _cluster: cluster,
        }
    })
}

/// Brings the schema up to date over such a connection.
fn connect(host: &str, parameters: &str) -> Finished {
    let url = format!(
        "postgres://opentill@{host}:{}/opentill?{parameters}",
        server().port
    );
    let operator = Workplace::new()
        .set("DATABASE_URL", url)
        .set("PGPASSWORD", PASSWORD);
    operator.run(&["migrate"])
}

#[track_caller]
fn assert_refused(finished: &Finished, because: &str) {
    let said = refusal(finished);
    let said = said.strip_prefix("the database cannot be opened: ");
    let said = said.unwrap_or_else(|| panic!("{finished:?}"));
    assert!(said.contains(because), "{because}: {said}");
}

/// The one line that is said, without the setting that it begins with.
#[track_caller]
fn refusal(finished: &Finished) -> &str {
    let Finished { code, stderr, .. } = finished;
    assert_ne!(*code, Some(0), "{stderr}");
    assert_eq!(stderr.trim_end().lines().count(), 1, "{stderr}");
    assert!(!stderr.contains("hunter2"), "{stderr}");
    let said = stderr.strip_prefix("opentill: DATABASE_URL: ");
    said.unwrap_or_else(|| panic!("{stderr}"))
}

fn trusting(file: &std::path::Path) -> String {
    format!("sslmode=verify-full&sslrootcert={}", file.display())
}

#[tokio::test]
async fn a_server_that_is_who_it_says_is_served_from() {
    let url = format!(
        "postgres://opentill:hunter2%3A%2F%40%20%25%3F@localhost:{}/opentill?{}",
        server().port,
        trusting(&server().ca)
    );
    let operator = Workplace::new().set("DATABASE_URL", url);
    operator.add_client(EMAIL);
    let serving = operator.serve();
    let token = serving.logged_in().await.create_token("Encrypted").await;
    assert_eq!(serving.me(&token).await.status, 200);
    assert!(!serving.stderr().contains("hunter2"));
}

#[test]
fn a_server_that_nobody_vouches_for_is_refused() {
    let refused = connect("localhost", "sslmode=verify-full");
    assert_refused(&refused, "UnknownIssuer");

    let other = tempfile::tempdir().unwrap();
    let other_server = Cluster::with(&[("TLS", "1")]);
    let (_, folder) = other_server.url().split_once("?host=").unwrap();
    let other_ca = other.path().join("ca.pem");
    fs::copy(PathBuf::from(folder).join("ca.pem"), &other_ca).unwrap();
    assert_refused(&connect("localhost", &trusting(&other_ca)), "certificate");
}

#[test]
fn a_server_of_another_name_is_refused_unless_names_do_not_count() {
    let ca = &server().ca;
    let refused = connect("127.0.0.1", &trusting(ca));
    assert_refused(&refused, "certificate not valid for name");
    let by_issuer = format!("sslmode=verify-ca&sslrootcert={}", ca.display());
    assert_eq!(connect("127.0.0.1", &by_issuer).code, Some(0));
}

#[test]
fn a_certificate_file_that_is_none_is_refused_by_the_name_of_the_parameter() {
    let dir = tempfile::tempdir().unwrap();
    let missing = dir.path().join("missing.pem");
    let empty = dir.path().join("empty.pem");
    fs::write(&empty, "hunter2").unwrap();
    for (file, because) in [(missing, "No such file"), (empty, "holds no certificate")] {
        let finished = connect("localhost", &trusting(&file));
        let said = refusal(&finished);
        assert!(
            said.starts_with("sslrootcert: ") && said.contains(because),
            "{said}"
        );
        for name in ["sslcert", "sslkey"] {
            let other = if name == "sslcert" {
                "sslkey"
            } else {
                "sslcert"
            };
            let ca = server().ca.display();
            let finished = connect(
                "localhost",
                &format!("{name}={}&{other}={ca}", file.display()),
            );
            let said = refusal(&finished);
            assert!(
                said.starts_with("sslcert: ") || said.starts_with("sslkey: "),
                "{said}"
            );
        }
    }
}

#[test]
fn a_certificate_that_is_named_is_looked_at() {
    let ca = server().ca.display();
    // The system knows nothing of this server.
    assert_refused(&connect("localhost", "sslrootcert=system"), "UnknownIssuer");
    assert_refused(
        &connect("localhost", "sslmode=verify-full&sslrootcert=system"),
        "UnknownIssuer",
    );
    // As with libpq, whoever names a certificate does not mean to take any.
    let other_server = Cluster::with(&[("TLS", "1")]);
    let (_, folder) = other_server.url().split_once("?host=").unwrap();
    let other = PathBuf::from(folder).join("ca.pem");
    assert_refused(
        &connect(
            "localhost",
            &format!("sslmode=require&sslrootcert={}", other.display()),
        ),
        "certificate",
    );
    assert_eq!(
        connect("127.0.0.1", &format!("sslmode=require&sslrootcert={ca}")).code,
        Some(0)
    );
    for parameters in [
        format!("sslrootcert={ca}"),
        format!("sslmode=prefer&sslrootcert={ca}"),
        format!("sslmode=allow&sslrootcert={ca}"),
        format!("sslmode=disable&sslrootcert={ca}"),
        "sslmode=require&sslrootcert=system".to_owned(),
        "sslmode=verify-ca&sslrootcert=system".to_owned(),
    ] {
        let finished = connect("localhost", &parameters);
        assert!(
            refusal(&finished).starts_with("sslrootcert: "),
            "{parameters}: {finished:?}"
        );
    }
}

#[test]
fn libpqs_variables_count_where_the_address_says_nothing() {
    let ca = &server().ca;
    let with = |name: &str, value: &str| {
        let url = format!("postgres://opentill@localhost:{}/opentill", server().port);
        let operator = Workplace::new()
            .set("DATABASE_URL", url)
            .set("PGPASSWORD", PASSWORD);
        operator
            .set("PGSSLMODE", "verify-full")
            .set(name, value)
            .run(&["client", "list"])
    };
    assert_eq!(
        with("PGSSLROOTCERT", &ca.display().to_string()).code,
        Some(0)
    );
    assert_refused(&with("PGSSLROOTCERT", "system"), "UnknownIssuer");
    for (name, value) in [
        ("PGSSLROOTCERT", "/hunter2.pem"),
        ("PGSSLMODE", "hunter2"),
        ("PGSSLCERT", "/hunter2.pem"),
    ] {
        let finished = with(name, value);
        assert!(
            refusal(&finished).starts_with(&format!("{name}: ")),
            "{finished:?}"
        );
    }
}

#[test]
fn a_server_without_tls_is_refused_by_whoever_wants_it() {
    let plain = crate::support::postgres::new_database();
    let operator = Workplace::new().set("DATABASE_URL", format!("{plain}?sslmode=require"));
    assert_refused(&operator.run(&["client", "list"]), "TLS");
}

#[test]
fn a_wrong_password_is_refused_without_being_quoted() {
    let url = format!(
        "postgres://opentill:hunter2@localhost:{}/opentill?{}",
        server().port,
        trusting(&server().ca)
    );
    let operator = Workplace::new().set("DATABASE_URL", url);
    assert_refused(
        &operator.run(&["client", "list"]),
        "password authentication failed",
    );
}
