//! Small helpers that templates call by name. They take references where askama hands them over.

use std::borrow::Borrow;

use kring_core::Lang;
use kring_lang::numbers;

use crate::Words;

/// The sentences of the shell in a language that a macro was given.
pub fn words_of(lang: &Lang) -> Words {
    Words(*lang)
}

/// A whole number as the language writes it.
pub fn int(n: i64, lang: Lang) -> String {
    numbers::int(n, lang)
}

/// A share from 0 to 1 as the width of a bar.
pub fn width(share: impl Borrow<f64>) -> String {
    format!("{:.1}%", share.borrow().clamp(0.0, 1.0) * 100.0)
}

/// A face: its value, its word, and the strokes inside the circle.
type FaceRow = (&'static str, &'static str, &'static [&'static str]);

/// The five faces, from worst to best.
pub fn faces(lang: Lang) -> [FaceRow; 5] {
    const EYES: &str = "M18 21v2M30 21v2";
    let w = Words(lang);
    [
        ("1", w.face_1(), &[EYES, "M15 31c2.5-5 15.5-5 18 0", "M14 16l5 2M34 16l-5 2"]),
        ("2", w.face_2(), &[EYES, "M16 31c3-3 13-3 16 0"]),
        ("3", w.face_3(), &[EYES, "M16 30h16"]),
        ("4", w.face_4(), &[EYES, "M16 28c3 4 13 4 16 0"]),
        (
            "5",
            w.face_5(),
            &["M16 21c1-2 4-2 5 0M27 21c1-2 4-2 5 0", "M14 27c1.5 8 18.5 8 20 0c-5 2-15 2-20 0"],
        ),
    ]
}
