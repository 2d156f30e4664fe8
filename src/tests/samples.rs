//! The samples of the documentation, taken from the page and run as they stand.

mod lists;

use std::{
    fs,
    io::Write,
    process::{Command, Stdio},
};

use opentill::{model::secret::TokenSecret, server::tokens};
use tempfile::TempDir;

use crate::support::{EMAIL, TestApp};

const REFUSAL: &str = r#"{"message":"Unauthenticated."}"#;

/// The code in the block with this label, as a person would copy it.
fn sample(page: &str, label: &str) -> String {
    let mark = format!("aria-label=\"{label}\"");
    let pre = page
        .match_indices("<pre")
        .map(|(at, _)| &page[at..])
        .find(|pre| pre[..pre.find('>').unwrap()].contains(&mark))
        .unwrap_or_else(|| panic!("the page has a block labelled {label}"));
    let code = &pre[pre.find("<code").expect("the block holds code")..];
    let code = &code[code.find('>').unwrap() + 1..code.find("</code>").unwrap()];
    text_of(code)
}

/// What a browser shows for this HTML without elements.
fn text_of(html: &str) -> String {
    let mut text = html.to_owned();
    while let Some(at) = text.find("<!") {
        let end = at + text[at..].find('>').unwrap();
        text.replace_range(at..=end, "");
    }
    assert!(!text.contains('<'), "code holds no elements: {text}");
    for (entity, character) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        // Last, so that nothing is read twice.
        ("&amp;", "&"),
    ] {
        text = text.replace(entity, character);
    }
    text
}

/// A token as an integration has it in its environment.
#[derive(Clone, Copy, Debug)]
enum InEnvironment<'a> {
    Missing,
    Holding(&'a str),
}

/// Where a sample is saved and started, as its reader would.
struct Sample {
    dir: TempDir,
    program: &'static str,
    file: &'static str,
}

impl Sample {
    fn new(program: &'static str, file: &'static str, code: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(file), code).unwrap();
        Self { dir, program, file }
    }

    /// What it prints.
    async fn run(&self, token: InEnvironment<'_>) -> String {
        let mut command = Command::new(self.program);
        command
            .arg(self.file)
            .current_dir(self.dir.path())
            // A proxy of this machine has no part in it.
            .env_remove("http_proxy")
            .env_remove("HTTP_PROXY")
            .env_remove("all_proxy")
            .env_remove("ALL_PROXY")
            .env_remove("OPENTILL_TOKEN")
            .env("CURL_HOME", self.dir.path());
        if let InEnvironment::Holding(token) = token {
            command.env("OPENTILL_TOKEN", token);
        }
        let program = self.program;
        let output = tokio::task::spawn_blocking(move || command.output())
            .await
            .unwrap()
            .unwrap_or_else(|error| panic!("this test needs the program {program}: {error}"));
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "{program} {}: {complaint}",
            self.file
        );
        String::from_utf8(output.stdout).unwrap()
    }
}

fn assert_program(program: &str) {
    let found = Command::new(program).arg("--version").output();
    let works = found.is_ok_and(|output| output.status.success());
    assert!(
        works,
        "this test runs the documented samples and needs the program {program}"
    );
}

async fn docs(app: &TestApp) -> String {
    let page = app.anonymous().get("/docs/api").await;
    assert_eq!(page.status, 200);
    page.body
}

/// Runs a sample with tokens of every kind and checks what it prints.
async fn check(app: &TestApp, sample: &Sample, answered: &str, refused: &str) {
    let mut owner = app.logged_in().await;
    let valid = owner.create_token("Valid").await;
    let revoked = owner.create_token("Revoked").await;
    let id = app.tokens_of(EMAIL).await[0].id;
    tokens::revoke_any(&app.state, id).await.unwrap();

    let printed = sample.run(InEnvironment::Holding(&valid)).await;
    assert!(printed.contains(answered), "{printed}");
    assert!(printed.contains("Jane Smith"), "{printed}");
    for token in ["", &valid[..45], &valid[..8], revoked.as_str()] {
        let printed = sample.run(InEnvironment::Holding(token)).await;
        assert_eq!(printed.trim_end(), refused, "with {token:?}");
    }
}

#[tokio::test]
async fn the_curl_sample_runs_as_it_stands() {
    assert_program("curl");
    let app = TestApp::start().await;
    let code = sample(&docs(&app).await, "curl command");
    assert!(code.starts_with("curl ") && code.contains("-H \"Authorization: Bearer "));
    let curl = Sample::new("sh", "sample.sh", &code);
    // Shows the status too; the sample itself stays as it is.
    let settings = "silent\nshow-error\nwrite-out = \"\\n%{http_code}\"\n";
    fs::write(curl.dir.path().join(".curlrc"), settings).unwrap();
    let refused = format!("{REFUSAL}\n401");
    check(&app, &curl, "\n200", &refused).await;
    let printed = curl.run(InEnvironment::Missing).await;
    assert_eq!(printed, refused);
}

#[tokio::test]
async fn the_javascript_sample_runs_as_it_stands() {
    assert_program("node");
    let app = TestApp::start().await;
    let code = sample(&docs(&app).await, "JavaScript code");
    assert!(code.contains("await response.json()"), "{code}");
    let node = Sample::new("node", "sample.mjs", &code);
    let refused = "401 { message: 'Unauthenticated.' }";
    check(&app, &node, "200 {", refused).await;
    let printed = node.run(InEnvironment::Missing).await;
    assert_eq!(printed.trim_end(), refused);
}

#[tokio::test]
async fn the_php_sample_runs_as_it_stands() {
    assert_program("php");
    let app = TestApp::start().await;
    let code = sample(&docs(&app).await, "PHP code");
    for word in [
        "curl_init",
        "CURLOPT_HTTPHEADER",
        "CURLOPT_RETURNTRANSFER",
        "json_decode(",
    ] {
        assert!(code.contains(word), "{code}");
    }
    let php = Sample::new("php", "sample.php", &code);
    let refused = format!("401 {REFUSAL}");
    check(&app, &php, "200 {", &refused).await;
    let printed = php.run(InEnvironment::Missing).await;
    assert_eq!(printed.trim_end(), refused);
}

#[tokio::test]
async fn the_python_sample_runs_as_it_stands() {
    assert_program("python3");
    let app = TestApp::start().await;
    let code = sample(&docs(&app).await, "Python code");
    let python = Sample::new("python3", "sample.py", &code);
    check(
        &app,
        &python,
        "200 {",
        "401 {'message': 'Unauthenticated.'}",
    )
    .await;
}

#[tokio::test]
async fn samples_name_the_address_that_people_use_and_read_the_token_from_the_environment() {
    let settings = [("OPENTILL_PUBLIC_URL", "https://portal.example")];
    let app = TestApp::start_with(&settings).await;
    let page = docs(&app).await;
    for label in ["curl command", "JavaScript code", "PHP code", "Python code"] {
        let code = sample(&page, label);
        assert!(
            code.contains("https://portal.example/api/v1/me"),
            "{label}: {code}"
        );
        assert!(code.contains("OPENTILL_TOKEN"), "{label}: {code}");
    }
}

#[tokio::test]
async fn the_documentation_tells_the_limit_that_is_set() {
    let app = TestApp::start_with(&[("OPENTILL_TOKEN_LIMIT", "7")]).await;
    let page = docs(&app).await;
    assert!(page.contains("up to 7 requests a minute"), "{page}");
    for header in ["RateLimit", "RateLimit-Policy", "Retry-After"] {
        assert!(page.contains(&format!("<code>{header}</code>")), "{header}");
    }
}

#[tokio::test]
async fn no_text_of_the_documentation_passes_for_a_token() {
    let app = TestApp::start().await;
    let page = docs(&app).await;
    let mut seen = 0;
    for (at, prefix) in page.match_indices("ot_live_") {
        let rest = &page[at + prefix.len()..];
        let len = rest
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(rest.len());
        let text = &page[at..at + prefix.len() + len];
        for end in prefix.len()..=text.len() {
            assert_eq!(TokenSecret::parse(&text.as_bytes()[..end]), None, "{text}");
        }
        seen += 1;
    }
    assert!(seen >= 2, "the page shows what tokens look like");
}

#[tokio::test]
async fn the_published_expression_finds_every_token_and_nothing_shorter_or_longer() {
    assert_program("python3");
    let app = TestApp::start().await;
    let expression = sample(&docs(&app).await, "regular expression");
    let tokens: Vec<String> = (0..200)
        .map(|_| TokenSecret::generate().expose().to_owned())
        .collect();
    let text: Vec<String> = tokens
        .iter()
        .map(|token| {
            let (short, rest) = (&token[..45], &token[8..]);
            format!("token='{token}'; {token}x {short} x{token} _{token} OT_LIVE_{rest} ot_test_{rest} {short}_ {short}-")
        })
        .collect();
    let program = "import re, sys\nprint('\\n'.join(re.findall(sys.argv[1], sys.stdin.read())))";
    let mut python = Command::new("python3")
        .args(["-c", program, &expression])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = python.stdin.take().unwrap();
    stdin.write_all(text.join(" ").as_bytes()).unwrap();
    drop(stdin);
    let output = python.wait_with_output().unwrap();
    let found = String::from_utf8(output.stdout).unwrap();
    assert_eq!(found.lines().collect::<Vec<_>>(), tokens);
}

#[tokio::test]
async fn the_gitleaks_rule_has_the_published_expression() {
    let page = docs(&TestApp::start().await).await;
    let rule = sample(&page, "gitleaks rule");
    let expression = sample(&page, "regular expression");
    assert!(
        rule.contains(&format!("regex = '''{expression}'''")),
        "{rule}"
    );
    assert!(rule.starts_with("[[rules]]\n") && rule.contains("keywords = [\"ot_live_\"]"));
}

#[tokio::test]
async fn the_published_checksum_tells_tokens_from_near_misses() {
    assert_program("python3");
    let page = docs(&TestApp::start().await).await;
    let code = sample(&page, "checksum in Python");
    let mut texts = Vec::new();
    for _ in 0..100 {
        let token = TokenSecret::generate().expose().to_owned();
        let mut swapped = token.clone().into_bytes();
        swapped.swap(20, 21);
        texts.push(token[..45].to_owned());
        texts.push(token.replace("ot_live_", "ot_test_"));
        texts.push(format!("{token}0"));
        texts.push(format!("{}{}", &token[..40], &token[40..].to_lowercase()));
        texts.push(String::from_utf8(swapped).unwrap());
        texts.push(token);
    }
    // The example of the page.
    texts.push(format!("ot_live_{}{}", "0".repeat(32), "3mYoaL"));
    assert!(page.contains("3mYoaL"), "{page}");
    let mut python = Command::new("python3")
        .args(["-c", &code])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = python.stdin.take().unwrap();
    stdin.write_all(texts.join("\n").as_bytes()).unwrap();
    drop(stdin);
    let output = python.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let expected: Vec<_> = texts
        .iter()
        .map(|text| {
            if TokenSecret::parse(text.as_bytes()).is_some() {
                "True"
            } else {
                "False"
            }
        })
        .collect();
    assert_eq!(said.lines().collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn the_one_minute_start_runs_with_a_token_in_it() {
    assert_program("curl");
    let app = TestApp::start().await;
    let code = sample(&docs(&app).await, "first call");
    let token = app.logged_in().await.create_token("A").await;
    let shell = Sample::new("sh", "start.sh", &code.replace("ot_live_…", &token));
    fs::write(shell.dir.path().join(".curlrc"), "silent\nshow-error\n").unwrap();
    let printed = shell.run(InEnvironment::Missing).await;
    assert!(printed.contains("\"name\":\"Jane Smith\""), "{printed}");
}

#[tokio::test]
async fn the_documented_responses_are_those_that_are_sent() {
    let app = TestApp::start().await;
    let page = docs(&app).await;
    let token = app.logged_in().await.create_token("A").await;
    let shown: serde_json::Value =
        serde_json::from_str(&sample(&page, "response of /api/v1/me")).unwrap();
    let sent: serde_json::Value = serde_json::from_str(&app.me(&token).await.body).unwrap();
    let fields = |body: &serde_json::Value| -> Vec<String> {
        body["data"].as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(fields(&shown), fields(&sent));

    let refused = app.anonymous().get("/api/v1/me").await;
    let shown = sample(&page, "response");
    let (head, body) = shown.split_once("\n\n").unwrap();
    assert_eq!(body, refused.body);
    let mut lines = head.lines();
    assert_eq!(lines.next(), Some("HTTP/1.1 401 Unauthorized"));
    for line in lines {
        let (name, value) = line.split_once(": ").unwrap();
        assert_eq!(refused.header(name), value, "{name}");
    }
    let invalid = app.me(&token[..45]).await;
    let header = format!("WWW-Authenticate: {}", invalid.header("www-authenticate"));
    let header = header.replace('"', "&quot;");
    assert!(
        page.contains(&header) || page.contains(&header.replace("&quot;", "\"")),
        "{page}"
    );

    let refused = sample(&page, "401 response");
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&refused).unwrap(),
        serde_json::json!({"message": "Unauthenticated."})
    );
}
