//! The samples of the documentation, taken from the page and run as they stand.

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
    assert!(page.contains("up to 7 a minute"), "{page}");
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
        .map(|token| format!("token='{token}'; {token}x {} x{token}", &token[..45]))
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
