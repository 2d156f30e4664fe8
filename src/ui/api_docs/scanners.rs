//! How to recognize tokens, for secret scanners.

use leptos::prelude::*;

use super::headings::Subheading;
use crate::ui::components::code_block::CodeBlock;

const EXPRESSION: &str = r"\bot_live_[0-9A-Za-z]{38}\b";

const GITLEAKS: &str = r#"[[rules]]
id = "opentill-api-token"
description = "Opentill API token"
regex = '''\bot_live_[0-9A-Za-z]{38}\b'''
keywords = ["ot_live_"]"#;

/// Reads one text per line, and prints for each whether it is well formed.
const CHECK: &str = r#"import re, sys, zlib

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

def is_token(text):
    if not re.fullmatch("ot_live_[0-9A-Za-z]{38}", text):
        return False
    number, checksum = zlib.crc32(text[:-6].encode()), ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        checksum = DIGITS[digit] + checksum
    return text[-6:] == checksum

for line in sys.stdin:
    print(is_token(line.strip()))"#;

/// The expression, a ready rule, and the checksum with an example.
#[component]
pub fn Scanners() -> AnyView {
    view! {
        <Subheading id="scanners">"Secret scanners"</Subheading>
        <p>"This regular expression matches every token:"</p>
        <CodeBlock label="regular expression">
            <code translate="no">{EXPRESSION}</code>
        </CodeBlock>
        <p>
            "The same as a rule for gitleaks, for your " <code>".gitleaks.toml"</code> ":"
        </p>
        <CodeBlock label="gitleaks rule">
            <code translate="no">{GITLEAKS}</code>
        </CodeBlock>
        <p>
            "The last six characters are a checksum, so a scanner can tell a token from text that looks like one: the CRC32 (as in zip and PNG) of the 40 characters before it, written in base62 with the digits "
            <code>"0-9A-Za-z"</code> " and padded with zeros to six. For example, the CRC32 of "
            <code>"ot_live_"</code> " followed by 32 zeros is 3465960229, which is "
            <code>"3mYoaL"</code> ". As code:"
        </p>
        <CodeBlock label="checksum in Python">
            <code translate="no">{CHECK}</code>
        </CodeBlock>
    }
    .into_any()
}
