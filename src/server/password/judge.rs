//! Which passwords are guessed first, on the calling thread.

/// Characters that are judged. The time of the estimate grows faster than their number.
const MAX_JUDGED: usize = 40;
/// Characters that stand for the same letter. The estimate tries all combinations of the readings of those that occur,
/// with a pass over all parts of the text for each: 800 with these and the digits 6 and 9.
const ALIKE: [&str; 5] = ["4@", "({[<", "1!|", "5$", "7+"];

/// Whether a password is common, or easily derived from common ones, from the rows of a keyboard or from the names and
/// addresses of its owner. The lists (30,000 leaked passwords, names, words) and the estimate
/// are zxcvbn's (Wheeler, USENIX Security 2016).
pub(super) fn is_guessed_early(text: &str, own_words: &[String]) -> bool {
    const ENOUGH: zxcvbn::Score = zxcvbn::Score::Three;
    let own_words = own_words.iter().map(String::as_str);
    let words: Vec<&str> = own_words.chain(["opentill"]).collect();
    zxcvbn::zxcvbn(&judged_part(text), &words).score() < ENOUGH
}

/// The beginning of a password, with one and the same character for each letter: that changes nothing about how soon it is
/// guessed, and bounds the work.
fn judged_part(text: &str) -> String {
    let mut first = [None; ALIKE.len()];
    let of_its_kind = |char: char| {
        let kind = ALIKE.iter().position(|kind| kind.contains(char));
        kind.map_or(char, |kind| *first[kind].get_or_insert(char))
    };
    text.chars().take(MAX_JUDGED).map(of_its_kind).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_guessed_first_is_refused_however_long() {
        let own = ["jane@example.com", "jane", "Jane Smith", "Acme Hosting Ltd"];
        let own = own.map(str::to_owned);
        for text in [
            "passwordpassword",
            "p@ssw0rdpa$$w0rd",
            "123456789012345",
            "!@#$%^&*()_+!@#",
            "qwertyuiopasdfghjkl",
            "aaaaaaaaaaaaaaaaaaaaaaaa",
            "jane@example.com",
            "opentillopentill",
            "acme hosting ltd",
            "letmeinletmeinletmein",
        ] {
            assert!(is_guessed_early(text, &own), "{text}");
        }
        for text in [
            "correct horse battery staple",
            "another horse battery staple",
            "wölfe heulen nachts am see",
        ] {
            assert!(!is_guessed_early(text, &own), "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_work_is_bounded_whatever_is_typed(text in "([!-@\\[-`{-~]|\\PC){0,200}") {
            let judged_part = judged_part(&text);
            prop_assert_eq!(judged_part.chars().count(), text.chars().count().min(MAX_JUDGED));
            for kind in ALIKE {
                let mut of_a_kind: Vec<char> =
                    judged_part.chars().filter(|char| kind.contains(*char)).collect();
                of_a_kind.dedup();
                prop_assert!(of_a_kind.len() <= 1, "{}", judged_part);
            }
        }
    }
}
