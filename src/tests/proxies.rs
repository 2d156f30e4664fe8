//! One node behind each of the proxies that docs/operating.md configures, with TLS, HTTP/2 and a redirect.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use tokio::net::TcpStream;

use crate::support::{
    EMAIL, PASSWORD, eventually, find_token,
    loopback::addresses,
    process::{Server, Workplace},
};

const MANUAL: &str = include_str!("../../docs/operating.md");
const URL: &str = "https://portal.example.com";
/// Where the browser is: not an address that is trusted as a proxy.
const VISITOR: &str = "127.0.0.5";

/// What a configuration of the manual is changed to for this machine.
struct Here {
    dir: PathBuf,
    http: SocketAddr,
    https: SocketAddr,
}

impl Here {
    fn path(&self, name: &str) -> String {
        self.dir.join(name).display().to_string()
    }

    /// Writes a certificate, and the same with its key in one file, by the names in the manual.
    fn make_certificate(&self) {
        let (certificate, key) = (
            self.path("portal.example.com.pem"),
            self.path("portal.example.com.key"),
        );
        let made = Command::new("openssl")
            .args(["req", "-x509", "-nodes", "-days", "2", "-newkey", "ec"])
            .args(["-pkeyopt", "ec_paramgen_curve:prime256v1"])
            .args(["-subj", "/CN=portal.example.com"])
            .args(["-addext", "subjectAltName=DNS:portal.example.com"])
            .args(["-keyout", &key, "-out", &certificate])
            .stderr(Stdio::null())
            .status();
        assert!(made.expect("openssl is installed").success());
        let both = [certificate, key].map(|path| fs::read_to_string(path).unwrap());
        fs::write(self.path("portal.example.com.both.pem"), both.concat()).unwrap();
    }

    /// The block of this language in the manual, with these changes, each of which must be needed.
    fn configuration(language: &str, node: SocketAddr, changes: &[(&str, String)]) -> String {
        let (_, section) = MANUAL.split_once("## Behind a proxy").unwrap();
        let (_, block) = section.split_once(&format!("```{language}\n")).unwrap();
        let (block, _) = block.split_once("```").unwrap();
        let changes = changes.iter().map(|(from, to)| (*from, to.clone()));
        let node = [("127.0.0.1:3000", node.to_string())];
        changes
            .chain(node)
            .fold(block.to_owned(), |block, (from, to)| {
                assert!(block.contains(from), "{language}: {from}");
                block.replace(from, &to)
            })
    }
}

/// A node, and a proxy in front of it.
struct Scene {
    proxy: Child,
    here: Here,
    operator: Workplace,
    _node: Server,
}

impl Scene {
    /// `command` writes the configuration for a node at this address, and says how to run the proxy in the foreground.
    async fn start(command: impl FnOnce(&Here, SocketAddr) -> Command) -> Self {
        let [http, node] = addresses();
        let https = SocketAddr::new(http.ip(), http.port() + 1000);
        let operator = Workplace::on_file()
            .set("OPENTILL_PUBLIC_URL", URL)
            .set("OPENTILL_TRUSTED_PROXIES", "127.0.0.1");
        operator.add_client(EMAIL);
        let here = Here {
            dir: operator.dir().to_owned(),
            http,
            https,
        };
        here.make_certificate();
        let server = operator.serve_at(node);
        let proxy = command(&here, node)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the proxy is installed");
        for addr in [http, https] {
            eventually("the proxy listens", async || {
                TcpStream::connect(addr).await.is_ok()
            })
            .await;
        }
        Self {
            proxy,
            here,
            operator,
            _node: server,
        }
    }

    /// What curl says of a request as a browser would make it, from [`VISITOR`] and with a forged address.
    fn curl(&self, arguments: &[&str]) -> String {
        let to = |port: u16, addr: SocketAddr| {
            format!("portal.example.com:{port}:{}:{}", addr.ip(), addr.port())
        };
        let output = Command::new("curl")
            .args(["--silent", "--show-error", "--interface", VISITOR])
            .args(["--cacert", &self.here.path("portal.example.com.pem")])
            .args(["--connect-to", &to(80, self.here.http)])
            .args(["--connect-to", &to(443, self.here.https)])
            .args(["--header", "X-Forwarded-For: 203.0.113.9"])
            .args(["--header", &format!("Origin: {URL}")])
            .args(["--cookie", &self.here.path("cookies")])
            .args(["--cookie-jar", &self.here.path("cookies")])
            .args([
                "--write-out",
                "\n%{http_code} %{http_version} %{redirect_url}",
            ])
            .args(arguments)
            .output()
            .expect("curl is installed");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Does what a client does, from the first visit to the first call of the API.
    fn assert_the_journey(&self) {
        let answer = self.curl(&["http://portal.example.com/login?next=%2Fdocs"]);
        let redirect = answer.lines().last().unwrap();
        assert!(
            redirect.starts_with("301 1.1 ") || redirect.starts_with("308 1.1 "),
            "{redirect}"
        );
        assert!(
            redirect.ends_with(" https://portal.example.com/login?next=%2Fdocs"),
            "{redirect}"
        );

        let login = format!("{URL}/login");
        let answer = self.curl(&[&login]);
        assert!(answer.ends_with("\n200 2 "), "{answer}");
        let password = format!("password={PASSWORD}");
        let email = format!("email={EMAIL}");
        let answer = self.curl(&[
            "--data-urlencode",
            &email,
            "--data-urlencode",
            &password,
            &login,
        ]);
        // The next request shows whether the browser keeps cookies.
        let next = format!("\n303 2 {URL}/login?began=1");
        assert!(answer.ends_with(&next), "{answer}");

        let tokens = format!("{URL}/profile/tokens");
        let answer = self.curl(&["--data-urlencode", "name=Reader", &tokens]);
        let token = find_token(&answer).expect("a token is shown");
        let bearer = format!("Authorization: Bearer {token}");
        let me = format!("{URL}/api/v1/me");
        let answer = self.curl(&["--header", &bearer, &me]);
        assert!(
            answer.contains(EMAIL) && answer.ends_with("\n200 2 "),
            "{answer}"
        );
        let answer = self.curl(&["--header", &bearer, "--head", &me]);
        assert!(
            answer.contains("ratelimit") && answer.ends_with("\n200 2 "),
            "{answer}"
        );

        let activity = self
            .operator
            .say(&["activity", "list", "--client", EMAIL], "");
        assert!(activity.contains(VISITOR), "{activity}");
        assert!(!activity.contains("203.0.113.9"), "forged: {activity}");
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        // A kill would leave its workers.
        let id = self.proxy.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &id]).status();
        let _ = self.proxy.wait();
    }
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
}

#[tokio::test]
async fn behind_nginx() {
    let scene = Scene::start(|here, node| {
        let changes = [
            ("listen 80;", format!("listen {};", here.http)),
            (
                "listen 443 ssl http2;",
                format!("listen {} ssl http2;", here.https),
            ),
            ("/etc/ssl/", here.path("")),
        ];
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path {};", here.path(kind)));
        let text = format!(
            "daemon off; pid {}; events {{}} http {{ access_log off; {}\n{} }}\n",
            here.path("pid"),
            temporary.concat(),
            Here::configuration("nginx", node, &changes),
        );
        write(&here.dir.join("nginx.conf"), &text);
        let mut command = Command::new("nginx");
        command.args(["-c", &here.path("nginx.conf"), "-e", &here.path("log")]);
        command
    })
    .await;
    scene.assert_the_journey();
}

#[tokio::test]
async fn behind_caddy() {
    let scene = Scene::start(|here, node| {
        // Nobody here could give it a certificate.
        let site = format!(
            "portal.example.com {{\nbind {}\ntls {} {}",
            here.http.ip(),
            here.path("portal.example.com.pem"),
            here.path("portal.example.com.key")
        );
        let changes = [("portal.example.com {", site)];
        let text = format!(
            "{{\nadmin off\nhttp_port {}\nhttps_port {}\n}}\n{}",
            here.http.port(),
            here.https.port(),
            Here::configuration("caddy", node, &changes)
        );
        write(&here.dir.join("Caddyfile"), &text);
        let mut command = Command::new("caddy");
        command.args([
            "run",
            "--adapter",
            "caddyfile",
            "--config",
            &here.path("Caddyfile"),
        ]);
        for folder in ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"] {
            command.env(folder, &here.dir);
        }
        command
    })
    .await;
    scene.assert_the_journey();
}

#[tokio::test]
async fn behind_haproxy() {
    let scene = Scene::start(|here, node| {
        let changes = [
            ("bind :80", format!("bind {}", here.http)),
            ("bind :443", format!("bind {}", here.https)),
            ("/etc/ssl/", here.path("")),
        ];
        let text = Here::configuration("haproxy", node, &changes);
        write(&here.dir.join("haproxy.cfg"), &text);
        let mut command = Command::new("haproxy");
        command.args(["-db", "-f", &here.path("haproxy.cfg")]);
        command
    })
    .await;
    scene.assert_the_journey();
}

#[tokio::test]
async fn behind_apache() {
    const MODULES: [&str; 7] = [
        "mpm_event",
        "authz_core",
        "alias",
        "ssl",
        "http2",
        "proxy",
        "proxy_http",
    ];
    let scene = Scene::start(|here, node| {
        let changes = [
            ("*:80>", format!("{}>", here.http)),
            ("*:443>", format!("{}>", here.https)),
            ("/etc/ssl/", here.path("")),
        ];
        let modules = MODULES.map(|name| {
            format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n")
        });
        let text = format!(
            "ServerRoot {}\nServerName portal.example.com\nPidFile pid\nErrorLog log\nListen {}\nListen {}\n{}{}",
            here.path(""),
            here.http,
            here.https,
            modules.concat(),
            Here::configuration("apache", node, &changes)
        );
        write(&here.dir.join("apache.conf"), &text);
        let mut command = Command::new("apache2");
        command.args(["-DFOREGROUND", "-f", &here.path("apache.conf")]);
        command
    })
    .await;
    scene.assert_the_journey();
}
