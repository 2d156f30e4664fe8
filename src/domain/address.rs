//! Where a request comes from.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
    str::FromStr,
};

use serde::{Serialize, Serializer};

use super::number::push_number;

/// A client's network address: one IPv4 address, or the /64 of an IPv6 address.
///
/// A /64 is what one subscriber gets (RFC 6177), and browsers change the lower half daily (RFC 8981),
/// so the whole of an IPv6 address tells neither more nor for long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address(IpAddr);

impl From<IpAddr> for Address {
    fn from(ip: IpAddr) -> Self {
        const NETWORK: u128 = !0 << 64;
        Self(match ip.to_canonical() {
            IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() & NETWORK).into(),
            v4 @ IpAddr::V4(_) => v4,
        })
    }
}

impl Address {
    /// `203.0.113.7`, or `2001:db8:1:2::/64`.
    pub fn to_text(self) -> String {
        match self.0 {
            IpAddr::V4(ip) => {
                let mut text = String::with_capacity("203.0.113.255".len());
                for octet in ip.octets() {
                    if !text.is_empty() {
                        text.push('.');
                    }
                    push_number(&mut text, octet.into());
                }
                text
            }
            IpAddr::V6(network) => format!("{network}/64"),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

impl FromStr for Address {
    type Err = std::net::AddrParseError;

    /// Reads what [`Display`](fmt::Display) writes.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let ip: IpAddr = text.strip_suffix("/64").unwrap_or(text).parse()?;
        Ok(ip.into())
    }
}

impl Serialize for Address {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn address(ip: &str) -> String {
        Address::from(ip.parse::<IpAddr>().unwrap()).to_string()
    }

    #[test]
    fn an_ipv4_address_counts_whole_and_an_ipv6_address_by_its_network() {
        assert_eq!(address("203.0.113.7"), "203.0.113.7");
        assert_eq!(address("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(address("::1"), "::/64");
    }

    #[test]
    fn an_ipv4_address_is_itself_inside_ipv6_too() {
        assert_eq!(address("::ffff:203.0.113.7"), "203.0.113.7");
    }

    proptest! {
        #[test]
        fn what_is_written_reads_as_the_same_address(ip in any::<IpAddr>()) {
            let address = Address::from(ip);
            prop_assert_eq!(address.to_string().parse::<Address>(), Ok(address));
        }
    }
}
