//! The IP address that a request comes from.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
    str::FromStr,
};

use serde::{Serialize, Serializer};

use super::number::push_number;

/// Prefix length of the IPv6 network that a subscriber usually has (RFC 6177): 256 times an [`Address`].
pub const SUBSCRIBER: u32 = 56;
/// Prefix length of the IPv6 network that a site may have (RFC 6177).
pub const SITE: u32 = 48;

/// An IPv4 address, or the /64 network of an IPv6 address.
///
/// Devices choose the lower half of an IPv6 address themselves and change it daily (RFC 8981), so it identifies
/// nobody. A subscriber usually has many /64 networks: see [`Address::network`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address(IpAddr);

impl From<IpAddr> for Address {
    fn from(ip: IpAddr) -> Self {
        Self(first_bits(ip.to_canonical(), 64))
    }
}

/// The IPv6 network that an [`Address`] is in; for IPv4 the address itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network(IpAddr);

fn first_bits(ip: IpAddr, bits: u32) -> IpAddr {
    match ip {
        IpAddr::V6(ip) => {
            let others = u128::MAX.checked_shr(bits).unwrap_or_default();
            Ipv6Addr::from_bits(ip.to_bits() & !others).into()
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

impl Address {
    /// The network with a prefix of `bits` that it is in.
    pub fn network(self, bits: u32) -> Network {
        Network(first_bits(self.0, bits))
    }

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

    /// Parses the output of [`Display`](fmt::Display).
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

    #[test]
    fn addresses_share_the_networks_that_they_share_the_first_bits_with() {
        let network = |ip: &str, bits| Address::from(ip.parse::<IpAddr>().unwrap()).network(bits);
        for (one, other, subscriber, site) in [
            ("2001:db8:1:200::1", "2001:db8:1:2ff::1", true, true),
            ("2001:db8:1:200::1", "2001:db8:1:300::1", false, true),
            ("2001:db8:1:200::1", "2001:db8:2:200::1", false, false),
            ("203.0.113.7", "203.0.113.8", false, false),
            ("203.0.113.7", "::ffff:203.0.113.7", true, true),
        ] {
            for (bits, shared) in [(SUBSCRIBER, subscriber), (SITE, site)] {
                let is_shared = network(one, bits) == network(other, bits);
                assert_eq!(is_shared, shared, "{one} and {other} by /{bits}");
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_as_the_same_address(ip in any::<IpAddr>()) {
            let address = Address::from(ip);
            prop_assert_eq!(address.to_string().parse::<Address>(), Ok(address));
        }
    }
}
