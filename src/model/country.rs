//! Countries: ISO 3166-1, with the English names of the Unicode CLDR.

/// A line for each country: its code and its name, in the order of the names.
const COUNTRIES: &str = include_str!("countries.txt");

/// All countries in the order of their names: the code (alpha-2), and the name.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    COUNTRIES.lines().filter_map(|line| line.split_once(' '))
}

/// The name of the country with this code, in capital letters.
pub fn name(code: &str) -> Option<&'static str> {
    all()
        .find(|(known, _)| *known == code)
        .map(|(_, name)| name)
}

/// The code of a country, in capital letters, whichever letters were typed.
///
/// # Errors
/// What to type instead.
pub fn parse(typed: &str) -> Result<String, String> {
    let code = typed.trim().to_ascii_uppercase();
    if all().any(|(known, _)| known == code) {
        return Ok(code);
    }
    Err(match code.as_str() {
        "UK" => "UK isn't a country code. Use GB for the United Kingdom.".to_owned(),
        "" => "Choose a country.".to_owned(),
        _ => match all().find(|(_, name)| name.eq_ignore_ascii_case(typed.trim())) {
            Some((code, name)) => format!("Use the country code {code} for {name}."),
            None => "Use a country code of ISO 3166-1, like US.".to_owned(),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_whole_and_each_code_is_there_once() {
        let mut codes: Vec<_> = all().map(|(code, _)| code).collect();
        assert_eq!((codes.len(), COUNTRIES.lines().count()), (249, 249));
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), 249);
        let is_code = |code: &str| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase());
        assert!(codes.into_iter().all(is_code));
    }

    #[test]
    fn codes_are_taken_in_any_case_and_anything_else_is_refused_with_a_hint() {
        for (typed, code) in [("US", "US"), ("us", "US"), (" gb ", "GB"), ("Ax", "AX")] {
            assert_eq!(parse(typed).as_deref(), Ok(code));
        }
        for (typed, hint) in [
            ("UK", "Use GB for"),
            ("uk", "Use GB for"),
            ("germany", "the country code DE for Germany"),
            ("ZZ", "like US"),
            ("XX", "like US"),
            ("EU", "like US"),
            ("England", "like US"),
            ("ſs", "like US"),
            ("", "Choose"),
        ] {
            let refused = parse(typed).unwrap_err();
            assert!(refused.contains(hint), "{typed:?}: {refused}");
        }
    }
}
