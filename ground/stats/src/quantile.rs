use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

/// The quantile of the standard normal distribution; right to 1e-12. Outside 0 … 1 NaN.
pub fn normal(p: f64) -> f64 {
    if (0.0..=1.0).contains(&p) { Normal::standard().inverse_cdf(p) } else { f64::NAN }
}

/// The quantile of Student's t with `df` degrees of freedom, which need not be whole; right to 1e-9.
/// Outside 0 … 1, or for `df` not above 0, NaN.
pub fn student_t(p: f64, df: f64) -> f64 {
    match StudentsT::new(0.0, 1.0, df) {
        Ok(t) if (0.0..=1.0).contains(&p) && df <= 500.0 => t.inverse_cdf(p),
        Ok(_) if (0.0..=1.0).contains(&p) => expanded(normal(p), df),
        _ => f64::NAN,
    }
}

/// Abramowitz and Stegun 26.7.5, Cornish and Fisher's expansion. The library inverts the incomplete beta
/// function, which loses its digits for many degrees of freedom (1e-4 at a million); this gains them: the
/// first term left out is below 1e-12 from 500 on.
fn expanded(x: f64, df: f64) -> f64 {
    if x.is_infinite() || df.is_infinite() {
        return x;
    }
    let y = x * x;
    let terms = [
        (y + 1.0) / 4.0,
        ((5.0 * y + 16.0) * y + 3.0) / 96.0,
        (((3.0 * y + 19.0) * y + 17.0) * y - 15.0) / 384.0,
        ((((79.0 * y + 776.0) * y + 1482.0) * y - 1920.0) * y - 945.0) / 92_160.0,
    ];
    x + x * terms.iter().rev().fold(0.0, |sum, term| (sum + term) / df)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(got: f64, want: f64) {
        assert!((got - want).abs() <= 1e-9 * want.abs().max(1.0), "{got} is not {want}");
    }

    #[test]
    fn the_numbers_of_the_methods_come_out() {
        near(normal(0.975), 1.959_963_984_540_054);
        near(normal(0.95), 1.644_853_626_951_473);
        near(normal(0.995), 2.575_829_303_548_9);
        for (p, df, want) in [
            (0.975, 9.0, 2.262_157),
            (0.975, 194.0, 1.972_268),
            (0.95, 24.0, 1.710_882),
            (0.995, 119.0, 2.617_776),
        ] {
            assert!((student_t(p, df) - want).abs() <= 5e-7, "{p} {df}");
        }
    }

    /// Degrees of freedom, and the quantiles at 0.6, 0.95, 0.975, 0.995, 0.999999; mpmath, 40 digits.
    const STUDENT: &str = "
        1.0 0.32491969623291 6.313751514675 12.706204736175 63.656741162872 318309.88617359
        1.5 0.3007453925698 3.7051808200967 6.0166631044279 17.820310514463 5219.4693246069
        2.0 0.28867513459481 2.9199855803537 4.3026527297495 9.9248432009183 707.10572051577
        4.33 0.26936996103992 2.0860106022528 2.6949526700426 4.3730804228259 34.027838751769
        9.0 0.26095533647391 1.8331129326562 2.2621571627982 3.2498355415921 10.720160409873
        24.0 0.25617339831779 1.7108820799094 2.063898561628 2.7969395047745 6.2176623069132
        119.0 0.2539142556297 1.6577592849428 1.9800998764569 2.6177759764909 4.9995850596968
        194.0 0.25369481884872 1.6527459772593 1.9722675325821 2.601408746559 4.9018716437389
        499.0 0.25348222017107 1.6479129840597 1.9647293909877 2.5857176831118 4.810199888566
        501.0 0.25348168061172 1.6479007483164 1.9647103221755 2.58567806669 4.8099708974092
        777.3 0.25343383381643 1.6468163155827 1.9630205992592 2.5821691127423 4.7897372636072
        2500.0 0.25337406565676 1.6454633619059 1.9609133447956 2.5777973369278 4.7646631803382
        10000.0 0.25335384344573 1.6450060180692 1.9602012398906 2.5763210466685 4.756229685051
        1000000.0 0.25334717053784 1.644855150722 1.9599663568141 2.5758342201053 4.7534523482739";
    const NORMAL: &str = "
        1e-09 -5.9978070150077
        0.001 -3.0902323061678
        0.3 -0.52440051270804
        0.6 0.2533471031358
        0.999999 4.7534243088171";

    #[test]
    fn the_quantiles_are_right_to_nine_places() {
        let rows = |table: &'static str| {
            let lines = table.lines().filter(|line| !line.is_empty());
            lines.map(|line| line.split_whitespace().map(|n| n.parse::<f64>().unwrap()).collect::<Vec<_>>())
        };
        for row in rows(STUDENT) {
            for (p, want) in [0.6, 0.95, 0.975, 0.995, 0.999_999].into_iter().zip(&row[1..]) {
                near(student_t(p, row[0]), *want);
            }
        }
        for row in rows(NORMAL) {
            near(normal(row[0]), row[1]);
        }
    }

    #[test]
    fn nonsense_is_nan_and_symmetry_holds() {
        assert!(normal(1.1).is_nan() && normal(-0.1).is_nan() && student_t(0.5, 0.0).is_nan());
        assert!(student_t(2.0, 5.0).is_nan() && student_t(0.5, f64::NAN).is_nan());
        for df in [1.0, 2.5, 30.0, 499.9, 500.1, 1e9] {
            for p in [0.6, 0.9, 0.999] {
                near(student_t(p, df), -student_t(1.0 - p, df));
            }
        }
        near(student_t(0.975, 1e15), normal(0.975));
    }
}
