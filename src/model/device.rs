//! Browsers and programs, from their `User-Agent` header.

/// Browser and operating system in words: `Firefox on Linux`.
pub fn device(user_agent: &str) -> String {
    let first = |names: &'static [(&'static str, &'static str)]| {
        names
            .iter()
            .find(|(mark, _)| user_agent.contains(mark))
            .map(|(_, name)| *name)
    };
    // The order matters: browsers also name those that they claim to be compatible with.
    let browser = first(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("CriOS/", "Chrome"),
        ("Safari/", "Safari"),
    ])
    .or_else(|| program(user_agent));
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => "Unknown device".to_owned(),
    }
}

/// The name of a program that is not a browser: `curl` of `curl/8.0`.
fn program(user_agent: &str) -> Option<&str> {
    let (name, _) = user_agent.split_once('/')?;
    let is_name = |c: char| c.is_alphanumeric() || "-_.".contains(c);
    // Every browser begins with `Mozilla`.
    let is_plain =
        (1..=40).contains(&name.chars().count()) && name != "Mozilla" && name.chars().all(is_name);
    is_plain.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_named_in_words() {
        for (system, program, words) in [
            (
                "X11; Linux x86_64",
                "Gecko/20100101 Firefox/140.0",
                "Firefox on Linux",
            ),
            (
                "Windows NT 10.0",
                "Chrome/138.0 Safari/537.36",
                "Chrome on Windows",
            ),
            (
                "Windows NT 10.0",
                "Chrome/138.0 Safari/537.36 Edg/138.0",
                "Edge on Windows",
            ),
            (
                "Windows NT 10.0",
                "Chrome/138.0 Safari/537.36 OPR/120.0",
                "Opera on Windows",
            ),
            (
                "Linux; Android 10; K",
                "Chrome/138.0 Safari/537.36",
                "Chrome on Android",
            ),
            (
                "X11; CrOS x86_64",
                "Chrome/138.0 Safari/537.36",
                "Chrome on ChromeOS",
            ),
            (
                "Intel Mac OS X 10_15",
                "Version/18.5 Safari/605.1",
                "Safari on macOS",
            ),
            (
                "iPhone; like Mac OS X",
                "Version/18.5 Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "iPhone; like Mac OS X",
                "CriOS/138.0 Safari/604.1",
                "Chrome on iPhone",
            ),
            (
                "iPad; like Mac OS X",
                "FxiOS/140.0 Safari/605.1",
                "Firefox on iPad",
            ),
        ] {
            let user_agent = format!("Mozilla/5.0 ({system}) {program}");
            assert_eq!(device(&user_agent), words, "{user_agent}");
        }
    }

    #[test]
    fn programs_are_called_what_they_call_themselves() {
        for (user_agent, words) in [
            ("curl/8.14.1", "curl"),
            ("python-requests/2.32.4", "python-requests"),
            ("Billing.Sync/1.0 (Linux)", "Billing.Sync on Linux"),
            ("Müller-Sync/1.0", "Müller-Sync"),
            ("a\u{202e}b/1", "Unknown device"),
            ("Mozilla/5.0", "Unknown device"),
            ("<b>bold</b>/1", "Unknown device"),
            ("no version", "Unknown device"),
            ("", "Unknown device"),
        ] {
            assert_eq!(device(user_agent), words, "{user_agent:?}");
        }
    }
}
