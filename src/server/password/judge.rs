//! Which passwords are guessed first, on the thread that asks.

/// What comes after these is not looked at: the estimate takes time that grows faster than what it is of.
const LOOKED_AT: usize = 40;
/// Characters that stand for the same letter. The estimate tries each way to read those that occur, in all
/// combinations, with as many passes over all parts of the text: 800 with these and the digits 6 and 9.
const ALIKE: [&str; 5] = ["4@", "({[<", "1!|", "5$", "7+"];

/// Whether a password is common, or easily made from common ones, from a keyboard's rows or from
/// what is known of its owner. The lists (30,000 leaked passwords, names, words) and the estimate
/// are zxcvbn's (Wheeler, USENIX Security 2016).
pub(super) fn is_guessed_early(text: &str, own_words: &[String]) -> bool {
    const ENOUGH: zxcvbn::Score = zxcvbn::Score::Three;
    let own_words = own_words.iter().map(String::as_str);
    let words: Vec<&str> = own_words.chain(["opentill"]).collect();
    zxcvbn::zxcvbn(&looked_at(text), &words).score() < ENOUGH
}

/// The begin of a password, in which the same character stands for the same letter everywhere: whoever guesses does
/// not care which one it is, and the work is bounded.
fn looked_at(text: &str) -> String {
    let mut first = [None; ALIKE.len()];
    let of_its_kind = |char: char| {
        let kind = ALIKE.iter().position(|kind| kind.contains(char));
        kind.map_or(char, |kind| *first[kind].get_or_insert(char))
    };
    text.chars().take(LOOKED_AT).map(of_its_kind).collect()
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
            let looked_at = looked_at(&text);
            prop_assert_eq!(looked_at.chars().count(), text.chars().count().min(LOOKED_AT));
            for kind in ALIKE {
                let mut of_a_kind: Vec<char> =
                    looked_at.chars().filter(|char| kind.contains(*char)).collect();
                of_a_kind.dedup();
                prop_assert!(of_a_kind.len() <= 1, "{}", looked_at);
            }
        }
    }
}
