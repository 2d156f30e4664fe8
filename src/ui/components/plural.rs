//! Counts with their nouns.

/// A count and its noun, in the plural unless it is one: `1 token`, `2 tokens`.
pub fn counted(count: usize, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_is_singular() {
        assert_eq!(counted(0, "active token"), "0 active tokens");
        assert_eq!(counted(1, "active token"), "1 active token");
        assert_eq!(counted(2, "active token"), "2 active tokens");
    }
}
