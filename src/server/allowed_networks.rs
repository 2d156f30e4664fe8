//! The IP addresses and networks from which a token works.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::model::token_limits::AllowedAddresses;

/// How many there may be.
pub const MAX: usize = 20;
/// Longest text of one: an IPv6 address with an embedded IPv4 address, and its prefix length.
const MAX_TEXT: usize = 49;

/// Networks as numbers, so that an address is compared with 20 of them in some 20 nanoseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowedNetworks {
    /// First address and mask.
    v4: Box<[(u32, u32)]>,
    v6: Box<[(u128, u128)]>,
}

impl AllowedNetworks {
    /// Reads those of a column; `None` if one of them is not understood. Whoever wrote it wanted a limit.
    pub fn stored(column: &str) -> Option<Self> {
        let networks: Option<Vec<IpNet>> = column.split(' ').map(read).collect();
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for network in networks? {
            match network {
                IpNet::V4(net) => v4.push((net.network().to_bits(), net.netmask().to_bits())),
                IpNet::V6(net) => v6.push((net.network().to_bits(), net.netmask().to_bits())),
            }
        }
        Some(Self {
            v4: v4.into(),
            v6: v6.into(),
        })
    }

    /// Whether `ip` is in one of them. An IPv4 address is the same inside IPv6.
    pub fn contain(&self, ip: IpAddr) -> bool {
        match ip.to_canonical() {
            IpAddr::V4(ip) => {
                let bits = ip.to_bits();
                self.v4.iter().any(|(net, mask)| bits & mask == *net)
            }
            IpAddr::V6(ip) => {
                let bits = ip.to_bits();
                self.v6.iter().any(|(net, mask)| bits & mask == *net)
            }
        }
    }

    /// Bytes besides the value itself.
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.v4) + size_of_val(&*self.v6)
    }
}

/// Checks what was typed: addresses and networks with commas or spaces between them.
///
/// # Errors
/// What to change about it.
pub fn parse(typed: &str) -> Result<AllowedAddresses, String> {
    let is_between = |c: char| c.is_whitespace() || [',', ';'].contains(&c);
    let mut all = Vec::new();
    for one in typed.split(is_between).filter(|one| !one.is_empty()) {
        let network = parse_one(one)?.to_string();
        if !all.contains(&network) {
            all.push(network);
        }
        if all.len() > MAX {
            return Err(format!("Enter {MAX} addresses or networks at most."));
        }
    }
    // A single address is written without the length of its prefix.
    let shortest = |network: &String| {
        let address = network
            .strip_suffix("/32")
            .filter(|_| !network.contains(':'));
        let address = address.or_else(|| network.strip_suffix("/128"));
        address.unwrap_or(network).to_owned()
    };
    let all: Vec<_> = all.iter().map(shortest).collect();
    Ok(AllowedAddresses::checked(&all))
}

fn parse_one(typed: &str) -> Result<IpNet, String> {
    let Some(network) = read(typed) else {
        // Anything can be pasted here, so only what may have been meant is repeated.
        let is_near = typed.len() <= MAX_TEXT && typed.bytes().all(|b| b.is_ascii_graphic());
        let what = if is_near {
            format!("“{typed}”")
        } else {
            "An entry".to_owned()
        };
        return Err(format!(
            "{what} isn't an IP address or network. Examples: 203.0.113.7, 198.51.100.0/24, 2001:db8::/48."
        ));
    };
    let network = canonical(network);
    if network.trunc() != network {
        return Err(format!(
            "{typed} isn't the beginning of a network. Did you mean {} or {}?",
            network.trunc(),
            network.addr(),
        ));
    }
    Ok(network)
}

/// An address is the network that it alone is in.
fn read(text: &str) -> Option<IpNet> {
    let address = text.parse::<IpAddr>().ok().map(IpNet::from);
    address.or_else(|| text.parse().ok())
}

/// IPv4 that is written as IPv6 (`::ffff:203.0.113.7`) is IPv4.
fn canonical(network: IpNet) -> IpNet {
    let IpNet::V6(v6) = network else {
        return network;
    };
    let mapped = v6.addr().to_ipv4_mapped();
    let inside = mapped.zip(v6.prefix_len().checked_sub(96));
    let v4 = inside.and_then(|(ip, prefix)| IpNet::new(ip.into(), prefix).ok());
    v4.unwrap_or(network)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn allowed(typed: &str) -> String {
        parse(typed).map_or_else(|error| error, |all| all.list())
    }

    fn contain(networks: &str, ip: &str) -> bool {
        let networks = AllowedNetworks::stored(networks).unwrap();
        networks.contain(ip.parse().unwrap())
    }

    #[test]
    fn addresses_and_networks_are_read_in_every_spelling_and_written_in_one() {
        for (typed, list) in [
            ("", ""),
            (" \n,; ", ""),
            ("203.0.113.7", "203.0.113.7"),
            ("203.0.113.7/32,10.0.0.0/8", "203.0.113.7, 10.0.0.0/8"),
            ("10.0.0.0/8\r\n10.0.0.0/8;10.0.0.0/8", "10.0.0.0/8"),
            (
                "2001:DB8:0::/48 2001:db8::0001",
                "2001:db8::/48, 2001:db8::1",
            ),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
            ("0.0.0.0/0 ::/0", "0.0.0.0/0, ::/0"),
        ] {
            assert_eq!(allowed(typed), list, "{typed:?}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused_with_what_to_change() {
        for typed in [
            "10.0.0",
            "010.0.0.1",
            "10.0.0.0/33",
            "example.com",
            "::/129",
            "fe80::1%eth0",
            "1.2.3.4:80",
        ] {
            let why = allowed(typed);
            assert!(why.starts_with(&format!("“{typed}” isn't an IP")), "{why}");
        }
        for typed in ["\u{202e}10.0.0.1", &"1".repeat(500)] {
            assert!(allowed(typed).starts_with("An entry isn't"), "{typed}");
        }
        let why = allowed("10.0.0.5/8");
        assert!(why.contains("10.0.0.0/8 or 10.0.0.5?"), "{why}");
        let why = allowed("2001:db8::1/48");
        assert!(why.contains("2001:db8::/48 or 2001:db8::1?"), "{why}");
        let some = |count: u8| {
            let all: Vec<_> = (0..count).map(|n| format!("10.0.0.{n}")).collect();
            all.join(" ")
        };
        assert!(parse(&some(20)).is_ok());
        assert_eq!(
            parse(&some(21)),
            Err("Enter 20 addresses or networks at most.".into())
        );
    }

    #[test]
    fn an_address_is_in_the_networks_that_it_begins_like_and_in_no_other() {
        for (networks, inside, outside) in [
            ("203.0.113.7", "203.0.113.7", "203.0.113.8"),
            ("203.0.113.7", "::ffff:203.0.113.7", "::203.0.113.7"),
            ("10.0.0.0/8", "10.255.255.255", "11.0.0.0"),
            ("2001:db8::1", "2001:db8::1", "2001:db8::2"),
            (
                "2001:db8::/48 10.0.0.0/8",
                "2001:db8:0:ffff::1",
                "2001:db8:1::",
            ),
            ("0.0.0.0/0", "8.8.8.8", "2001:db8::1"),
            ("::/0", "2001:db8::1", "8.8.8.8"),
        ] {
            assert!(
                contain(networks, inside) && !contain(networks, outside),
                "{networks}"
            );
        }
        for column in ["", "x", "10.0.0.0/8 ", "10.0.0.0/8,10.0.0.1"] {
            assert_eq!(AllowedNetworks::stored(column), None, "{column:?}");
        }
    }

    proptest! {
        #[test]
        fn the_numbers_say_what_the_texts_say(ips in prop::collection::vec((any::<IpAddr>(), 0u8..=128), 1..20), other: IpAddr) {
            let networks: Vec<IpNet> = ips
                .iter()
                .filter_map(|(ip, prefix)| IpNet::new(*ip, *prefix).ok())
                .map(|network| canonical(network).trunc())
                .collect();
            let typed: Vec<_> = networks.iter().map(ToString::to_string).collect();
            let all = parse(&typed.join(",")).unwrap();
            if let Some(column) = all.column() {
                let numbers = AllowedNetworks::stored(column).unwrap();
                for ip in ips.iter().map(|(ip, _)| *ip).chain([other]) {
                    let ip = ip.to_canonical();
                    let expected = networks.iter().any(|network| network.contains(&ip));
                    prop_assert_eq!(numbers.contain(ip), expected, "{} in {}", ip, column);
                }
            }
        }

        #[test]
        fn whatever_is_typed_is_read_or_refused_and_reads_as_the_same_again(typed: String) {
            if let Ok(all) = parse(&typed) {
                prop_assert_eq!(parse(&all.list()), Ok(all.clone()));
                prop_assert!(all.column().is_none_or(|column| AllowedNetworks::stored(column).is_some()));
            }
        }
    }
}
