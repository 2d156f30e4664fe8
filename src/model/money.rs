//! Money: whole numbers of the smallest unit of a currency. There are no floating-point numbers on any path.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Codes of ISO 4217 whose smallest unit is the unit itself.
const WITHOUT_PLACES: &str =
    "BIF BYR CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
/// Those with two places.
const TWO_PLACES: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN \
    BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EEK EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD \
    GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL LTL LVL MAD MDL MGA MKD \
    MMK MNT MOP MRO MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR \
    SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STD STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS \
    VED VEF VES WST XCD XCG YER ZAR ZMK ZMW ZWG ZWL";
/// Those with three.
const THREE_PLACES: &str = "BHD IQD JOD KWD LYD OMR TND";
/// Those with four: units of account.
const FOUR_PLACES: &str = "CLF UYW";

/// A currency of ISO 4217. Those withdrawn since 2010 are among them, because old invoices have them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency {
    code: &'static str,
    places: u8,
}

impl Currency {
    /// The currency with this code, in capital letters.
    pub fn from_code(code: &str) -> Option<Self> {
        let lists = [WITHOUT_PLACES, TWO_PLACES, THREE_PLACES, FOUR_PLACES];
        let places = [0, 2, 3, 4];
        lists.into_iter().zip(places).find_map(|(list, places)| {
            let code = list.split_ascii_whitespace().find(|one| *one == code)?;
            Some(Self { code, places })
        })
    }

    /// Its code: `USD`.
    pub const fn code(self) -> &'static str {
        self.code
    }

    /// How many decimal places its smallest unit has: JPY 0, USD 2, KWD 3.
    pub const fn places(self) -> u8 {
        self.places
    }

    /// An amount for people: `1,234.56 USD`, `−3,000 JPY`. The space is one that does not break.
    pub fn format(self, amount: i64) -> String {
        let (whole, fraction) = self.parts(amount);
        let mut text = String::with_capacity(24);
        if amount < 0 {
            text.push('\u{2212}');
        }
        for (at, digit) in whole.char_indices() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push('.');
            text.push_str(&fraction);
        }
        text.push('\u{a0}');
        text.push_str(self.code);
        text
    }

    /// An amount as a decimal string: `1234.56`, `-3000`.
    pub fn decimal(self, amount: i64) -> String {
        let (whole, fraction) = self.parts(amount);
        let sign = if amount < 0 { "-" } else { "" };
        let point = if fraction.is_empty() { "" } else { "." };
        format!("{sign}{whole}{point}{fraction}")
    }

    /// The digits before and behind the point.
    fn parts(self, amount: i64) -> (String, String) {
        let places = usize::from(self.places);
        let mut whole = format!("{:0>1$}", amount.unsigned_abs(), places + 1);
        let fraction = whole.split_off(whole.len() - places);
        (whole, fraction)
    }

    /// Reads a decimal string: `1234.56`, `-3000`. More places than the currency has are read if they are zeros.
    ///
    /// # Errors
    /// It is no decimal number, is not a whole number of the smallest unit, or does not fit into 64 bits.
    pub fn parse(self, text: &str) -> Result<i64, MoneyError> {
        let (is_negative, digits) = text
            .strip_prefix('-')
            .map_or((false, text), |digits| (true, digits));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let are_digits =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !are_digits(whole) || !are_digits(fraction) {
            return Err(MoneyError::NotANumber);
        }
        let places = usize::from(self.places);
        let kept = &fraction[..places.min(fraction.len())];
        if fraction[kept.len()..].bytes().any(|byte| byte != b'0') {
            return Err(MoneyError::TooManyPlaces(self));
        }
        let amount = whole
            .bytes()
            .chain(kept.bytes())
            .try_fold(0_i64, |sum, byte| {
                let digit = i64::from(byte - b'0');
                sum.checked_mul(10)?
                    .checked_add(if is_negative { -digit } else { digit })
            });
        let missing = u32::try_from(places - kept.len()).unwrap_or_default();
        amount
            .and_then(|amount| amount.checked_mul(10_i64.pow(missing)))
            .ok_or(MoneyError::TooLarge)
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code)
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::from_code(&code).ok_or_else(|| de::Error::custom("no currency of ISO 4217"))
    }
}

/// Why a text is no amount of a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoneyError {
    /// It is no decimal number.
    NotANumber,
    /// The currency has fewer decimal places.
    TooManyPlaces(Currency),
    /// It does not fit into 64 bits.
    TooLarge,
}

impl fmt::Display for MoneyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotANumber => f.write_str("is not a decimal number like 9.99"),
            Self::TooManyPlaces(currency) => {
                let places = currency.places();
                write!(f, "has more than the {places} decimal places of {currency}")
            }
            Self::TooLarge => f.write_str("is too large"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn currency(code: &str) -> Currency {
        Currency::from_code(code).unwrap()
    }

    #[test]
    fn a_currency_has_the_places_of_the_standard() {
        for (code, places) in [("JPY", 0), ("USD", 2), ("KWD", 3), ("CLF", 4)] {
            assert_eq!(currency(code).places(), places, "{code}");
        }
        for code in ["", "usd", "US", "USDD", "XXX", "US D", "AED AFN"] {
            assert_eq!(Currency::from_code(code), None, "{code:?}");
        }
    }

    #[test]
    fn amounts_are_written_for_people_and_for_programs() {
        for (code, amount, people, programs) in [
            ("USD", 123_456, "1,234.56\u{a0}USD", "1234.56"),
            ("USD", 5, "0.05\u{a0}USD", "0.05"),
            ("USD", -5, "\u{2212}0.05\u{a0}USD", "-0.05"),
            ("USD", 0, "0.00\u{a0}USD", "0.00"),
            ("JPY", -3_000, "\u{2212}3,000\u{a0}JPY", "-3000"),
            ("KWD", 1_000, "1.000\u{a0}KWD", "1.000"),
            (
                "USD",
                i64::MIN,
                "\u{2212}92,233,720,368,547,758.08\u{a0}USD",
                "-92233720368547758.08",
            ),
        ] {
            assert_eq!(currency(code).format(amount), people);
            assert_eq!(currency(code).decimal(amount), programs);
        }
    }

    #[test]
    fn what_a_currency_cannot_hold_is_refused() {
        let usd = currency("USD");
        for (text, amount) in [
            ("9.99", 999),
            ("9.9900", 999),
            ("9.9", 990),
            ("9", 900),
            ("007", 700),
            ("-9.99", -999),
            ("-92233720368547758.08", i64::MIN),
            ("92233720368547758.07", i64::MAX),
        ] {
            assert_eq!(usd.parse(text), Ok(amount), "{text}");
        }
        let too_many = Err(MoneyError::TooManyPlaces(usd));
        assert_eq!(usd.parse("9.999"), too_many);
        assert_eq!(currency("JPY").parse("1.0"), Ok(1));
        assert!(currency("JPY").parse("1.5").is_err());
        assert_eq!(currency("KWD").parse("1.5"), Ok(1_500));
        for text in ["92233720368547758.08", "1000000000000000000000"] {
            assert_eq!(usd.parse(text), Err(MoneyError::TooLarge), "{text}");
        }
        for text in [
            "", "-", ".", "1.", ".5", "+1", "1e3", "1,000", " 1", "1 ", "NaN", "--1", "1.-5", "１",
        ] {
            assert_eq!(usd.parse(text), Err(MoneyError::NotANumber), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn an_amount_is_read_as_it_is_written(amount in any::<i64>(), at in 0_usize..4) {
            let currency = currency(["JPY", "USD", "KWD", "CLF"][at]);
            prop_assert_eq!(currency.parse(&currency.decimal(amount)), Ok(amount));
        }
    }
}
