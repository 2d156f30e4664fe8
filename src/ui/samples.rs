//! Code samples for users of a token. The tests run those of the documentation unchanged.

use super::{components::snippets::Sample, preferences::Language};

/// The label and the code of the sample in a language.
pub fn of(language: Language, base_url: &str) -> (&'static str, String) {
    match language {
        Language::Curl => ("curl command", curl(base_url)),
        Language::JavaScript => ("JavaScript code", javascript(base_url)),
        Language::Php => ("PHP code", php(base_url)),
        Language::Python => ("Python code", python(base_url)),
    }
}

/// The sample in a language, for a tab of that language.
pub fn sample(language: Language, base_url: &str) -> Sample {
    let (label, code) = of(language, base_url);
    Sample {
        value: language.as_str(),
        title: language.title(),
        label,
        code,
    }
}

/// The line of a `.env` file, the only sample that contains a secret.
pub fn env_line(secret: &str) -> String {
    format!("OPENTILL_TOKEN={secret}")
}

/// Sets the variable that all samples read. The token in it fails the checksum.
pub const ENVIRONMENT: &str = "export OPENTILL_TOKEN='ot_live_…'";

/// The response to a request without a token.
pub const UNAUTHORIZED: &str = r#"HTTP/1.1 401 Unauthorized
Content-Type: application/json
WWW-Authenticate: Bearer realm="api"

{"message":"Unauthenticated."}"#;

/// What the same header says if a token was sent.
pub const INVALID_TOKEN: &str = r#"Bearer realm="api", error="invalid_token""#;

/// The first call, with the token in the environment.
pub fn start(base_url: &str) -> String {
    format!("{ENVIRONMENT}\n{}", curl(base_url))
}

/// For shells.
fn curl(base_url: &str) -> String {
    format!(
        r#"curl -H "Authorization: Bearer $OPENTILL_TOKEN" \
     {base_url}/api/v1/me"#
    )
}

/// For Node, as a module.
fn javascript(base_url: &str) -> String {
    format!(
        r"const token = process.env.OPENTILL_TOKEN;

const response = await fetch('{base_url}/api/v1/me', {{
  headers: {{
    Authorization: `Bearer ${{token}}`,
    Accept: 'application/json',
  }},
}});
const body = await response.json();
console.log(response.status, body);"
    )
}

/// For the command line or a web server.
fn php(base_url: &str) -> String {
    format!(
        r"<?php
$token = getenv('OPENTILL_TOKEN');

$curl = curl_init('{base_url}/api/v1/me');
curl_setopt($curl, CURLOPT_HTTPHEADER, [
    'Authorization: Bearer ' . $token,
    'Accept: application/json',
]);
curl_setopt($curl, CURLOPT_RETURNTRANSFER, true);
$body = json_decode(curl_exec($curl), true);
$status = curl_getinfo($curl, CURLINFO_HTTP_CODE);
echo $status, ' ', json_encode($body), PHP_EOL;"
    )
}

/// With the standard library alone.
fn python(base_url: &str) -> String {
    format!(
        r#"import json, os, urllib.error, urllib.request

request = urllib.request.Request(
    "{base_url}/api/v1/me",
    headers={{
        "Authorization": f"Bearer {{os.environ['OPENTILL_TOKEN']}}",
        "Accept": "application/json",
    }},
)
try:
    with urllib.request.urlopen(request) as response:
        print(response.status, json.load(response))
except urllib.error.HTTPError as error:
    print(error.code, json.load(error))"#
    )
}
