//! Numbers in texts.

use itoa::Buffer;

/// The last digit of `number`.
pub fn digit(number: u64) -> char {
    char::from_digit((number % 10) as u32, 10).unwrap_or('0')
}

/// Appends `number`. `format!` takes several times as long, and pages are full of numbers.
pub fn push_number(text: &mut String, number: u64) {
    text.push_str(Buffer::new().format(number));
}

/// The plural ending of a noun after `count`: `s`, unless it is 1.
pub const fn plural(count: u64) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// A count and its noun: `1 token`, `2 tokens`.
pub fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", plural(count))
}

/// Thousands are set apart: `12,345`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn only_one_is_singular() {
        assert_eq!(counted(0, "active token"), "0 active tokens");
        assert_eq!(counted(1, "active token"), "1 active token");
        assert_eq!(counted(2, "active token"), "2 active tokens");
    }

    #[test]
    fn a_number_is_written_as_the_standard_library_does() {
        for number in [0, 7, 10, 99, 100, 1_234_567_890, u64::MAX] {
            let mut text = "n=".to_owned();
            push_number(&mut text, number);
            assert_eq!(text, format!("n={number}"));
        }
    }
}
