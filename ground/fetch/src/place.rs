//! Which addresses are anybody's, and which lead into a network that a stranger has no business in.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The special blocks of IPv4, from IANA's registry of special-purpose addresses (RFC 6890 and its updates), with
/// multicast and what was never given out.
const SPECIAL_4: &[([u8; 4], u32)] = &[
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    ([224, 0, 0, 0], 4),
    ([240, 0, 0, 0], 4),
];

/// Within 2000::/3, which is all that IPv6 gave out for the world: blocks that stand for something else, an IPv4 address
/// in disguise (Teredo, 6to4) or an example.
const SPECIAL_6: &[([u16; 3], u32)] =
    &[([0x2001, 0, 0], 23), ([0x2001, 0xdb8, 0], 32), ([0x2002, 0, 0], 16), ([0x3fff, 0, 0], 20)];

/// Whether anybody on the internet may be reached at this address. What is in doubt is not.
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => !SPECIAL_4.iter().any(|(net, bits)| {
            let mask = u32::MAX << (32 - bits);
            v4.to_bits() & mask == Ipv4Addr::from_octets(*net).to_bits()
        }),
        IpAddr::V6(v6) => {
            let given_out = v6.to_bits() >> 125 == 1;
            let special = SPECIAL_6.iter().any(|([a, b, c], bits)| {
                let mask = u128::MAX << (128 - bits);
                v6.to_bits() & mask == Ipv6Addr::new(*a, *b, *c, 0, 0, 0, 0, 0).to_bits()
            });
            given_out && !special
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_anybodys_is_refused_in_every_spelling() {
        for inside in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.168.178.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.250",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for outside in
            ["8.8.8.8", "172.32.0.1", "100.128.0.1", "193.0.6.139", "2001:610:240:22::c100:68b", "2a00::1"]
        {
            assert!(is_public(outside.parse().unwrap()), "{outside}");
        }
    }
}
