//! Numbers as people write them: `1.234` and `7,6` in Dutch, `1,234` and `7.6` in English.

use kring_core::Lang;

/// The sign between thousands and the one before the fraction.
const fn signs(lang: Lang) -> (char, char) {
    match lang {
        Lang::Nl => ('.', ','),
        Lang::En => (',', '.'),
    }
}

/// A whole number, grouped by thousands.
pub fn int(n: i64, lang: Lang) -> String {
    grouped(&n.unsigned_abs().to_string(), n < 0, lang)
}

/// A number with exactly `digits` digits after the decimal sign. What is no number is a dash, because
/// "NaN" means nothing to anybody who reads a page.
pub fn decimal(value: f64, digits: u8, lang: Lang) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let text = format!("{:.*}", usize::from(digits), value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    // A value that rounds to nothing loses its sign: "-0" is not a number people know.
    let negative = value < 0.0 && text.bytes().any(|b| (b'1'..=b'9').contains(&b));
    let mut out = grouped(whole, negative, lang);
    if !fraction.is_empty() {
        out.push(signs(lang).1);
        out.push_str(fraction);
    }
    out
}

/// A share between 0 and 1 as a percentage; Dutch keeps a (non-breaking) space before the sign.
pub fn percent(share: f64, digits: u8, lang: Lang) -> String {
    let space = match lang {
        Lang::Nl => "\u{a0}",
        Lang::En => "",
    };
    format!("{}{space}%", decimal(share * 100.0, digits, lang))
}

/// A measured value with its interval: "8,1 (7,8–8,4)". The bounds are rounded outward, since rounding
/// inward would claim more certainty than was computed.
pub fn interval(value: f64, low: f64, high: f64, digits: u8, lang: Lang) -> String {
    let [low, high] = outward(low, high, digits);
    format!(
        "{} ({}–{})",
        decimal(value, digits, lang),
        decimal(low, digits, lang),
        decimal(high, digits, lang)
    )
}

/// A measured share with its interval: "92 % (91–93)".
pub fn percent_interval(share: f64, low: f64, high: f64, digits: u8, lang: Lang) -> String {
    let [low, high] = outward(low * 100.0, high * 100.0, digits);
    format!(
        "{} ({}–{})",
        percent(share, digits, lang),
        decimal(low, digits, lang),
        decimal(high, digits, lang)
    )
}

fn outward(low: f64, high: f64, digits: u8) -> [f64; 2] {
    let scale = 10_f64.powi(i32::from(digits));
    // A bound that is a round number already may carry a last bit too much (0.07 × 100); it must not be
    // pushed a whole step out for that.
    let slack = 1e-9;
    [(low * scale + slack).floor() / scale, (high * scale - slack).ceil() / scale]
}

fn grouped(digits: &str, negative: bool, lang: Lang) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 3);
    if negative {
        out.push('−');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(signs(lang).0);
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use Lang::{En, Nl};

    use super::*;

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(int(1_234, Nl), "1.234");
        assert_eq!(int(1_234_567, En), "1,234,567");
        assert_eq!((int(999, Nl), int(0, En), int(-1000, Nl)), ("999".into(), "0".into(), "−1.000".into()));
        assert_eq!(int(i64::MIN, En), "−9,223,372,036,854,775,808");
    }

    #[test]
    fn fractions_and_shares() {
        assert_eq!((decimal(7.6, 1, Nl), decimal(7.6, 1, En)), ("7,6".into(), "7.6".into()));
        assert_eq!(decimal(-1234.5, 2, Nl), "−1.234,50");
        assert_eq!(decimal(-0.04, 1, En), "0.0");
        assert_eq!(decimal(f64::NAN, 1, En), "–");
        assert_eq!((percent(0.92, 0, Nl), percent(0.92, 0, En)), ("92\u{a0}%".into(), "92%".into()));
        assert_eq!(percent(0.041, 1, Nl), "4,1\u{a0}%");
    }

    #[test]
    fn intervals_are_rounded_outward() {
        assert_eq!(interval(8.1, 7.8, 8.4, 1, Nl), "8,1 (7,8–8,4)");
        assert_eq!(interval(8.12, 7.86, 8.31, 1, En), "8.1 (7.8–8.4)");
        assert_eq!(percent_interval(0.92, 0.07, 0.93, 0, Nl), "92\u{a0}% (7–93)");
    }
}
