//! Files that come with a form: taken in by what they are, not by what they are called.

use std::convert::Infallible;

use axum::body::Bytes;
use futures_util::stream;
use http::header;
use kring_core::{Error, Result};
use kring_frame::Visit;
use kring_web::Form;

use crate::say;

/// A file as it came.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The field of the form.
    pub field: String,
    /// What it was called: a label and never a path.
    pub name: String,
    pub kind: &'static str,
    pub bytes: Vec<u8>,
}

/// Files of one form.
const MOST_FILES: usize = 10;
const LONGEST_NAME: usize = 120;

/// The form and its files. A page without files sends an ordinary form.
pub async fn received(v: &Visit) -> Result<(Form, Vec<(String, String, Bytes)>)> {
    let kind = v.headers.get(header::CONTENT_TYPE).and_then(|t| t.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("multipart/form-data") {
        return Ok((v.form()?, Vec::new()));
    }
    let unreadable = |_| Error::field("", say::upload_unreadable());
    let boundary = multer::parse_boundary(kind).map_err(unreadable)?;
    let body = v.body.clone();
    let whole = stream::once(async move { Ok::<Bytes, Infallible>(body) });
    let mut parts = multer::Multipart::new(whole, boundary);
    let (mut values, mut files) = (Vec::new(), Vec::new());
    while let Some(part) = parts.next_field().await.map_err(unreadable)? {
        let field = part.name().unwrap_or_default().to_owned();
        match part.file_name().map(str::to_owned) {
            Some(name) => {
                let bytes = part.bytes().await.map_err(unreadable)?;
                if !bytes.is_empty() && files.len() < MOST_FILES {
                    files.push((field, name, bytes));
                }
            }
            None => values.push((field, part.text().await.map_err(unreadable)?)),
        }
        if values.len() > 500 {
            return Err(Error::field("", say::upload_unreadable()));
        }
    }
    Ok((Form::of(values), files))
}

/// Checks a file for a field, noting what is wrong with it.
pub fn taken(form: &mut Form, field: &str, most: usize, name: &str, bytes: &[u8]) -> Option<Upload> {
    if bytes.len() > most {
        form.fault(field, say::file_too_large(i64::try_from(most / 1_000_000).unwrap_or_default()));
        return None;
    }
    let Some(kind) = kind_of(bytes) else {
        form.fault(field, say::file_kind());
        return None;
    };
    Some(Upload { field: field.to_owned(), name: label_of(name, kind), kind, bytes: bytes.to_vec() })
}

/// What a file is, by its first bytes. Only what people hand in with a form, and nothing that a browser or an office program
/// would run: documents with macros have other names inside, SVG and HTML are not among them.
pub fn kind_of(bytes: &[u8]) -> Option<&'static str> {
    let starts = |signature: &[u8]| bytes.starts_with(signature);
    if starts(b"%PDF-") {
        return Some("application/pdf");
    }
    if starts(b"\x89PNG\r\n\x1a\n") {
        return Some("image/png");
    }
    if starts(b"\xff\xd8\xff") {
        return Some("image/jpeg");
    }
    if starts(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Some("image/webp");
    }
    if starts(b"PK\x03\x04") {
        return office(bytes);
    }
    None
}

/// Word and OpenDocument texts are archives whose directory names what is in them. It is only searched for names, never
/// unpacked.
fn office(bytes: &[u8]) -> Option<&'static str> {
    let holds = |name: &[u8]| bytes.windows(name.len()).any(|window| window == name);
    if holds(b"vbaProject.bin") || holds(b"vbaData.xml") {
        return None;
    }
    if holds(b"[Content_Types].xml") && holds(b"word/document.xml") {
        return Some("application/vnd.openxmlformats-officedocument.wordprocessingml.document");
    }
    let odt = b"mimetypeapplication/vnd.oasis.opendocument.text";
    if bytes.get(30..).is_some_and(|rest| rest.starts_with(odt)) && !holds(b"Basic/script") {
        return Some("application/vnd.oasis.opendocument.text");
    }
    None
}

/// A name for people, made safe for a header and a file system: no path, no control characters, and the ending of what it is.
pub fn label_of(name: &str, kind: &str) -> String {
    let bare = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = bare.rsplit_once('.').map_or(bare, |(stem, _)| stem);
    let plain: String = stem
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '(' | ')'))
        .take(LONGEST_NAME)
        .collect();
    let stem = if plain.trim().is_empty() { "file" } else { plain.trim() };
    format!("{stem}.{}", ending(kind))
}

fn ending(kind: &str) -> &'static str {
    match kind {
        "application/pdf" => "pdf",
        "image/png" => "png",
        "image/jpeg" => "jpg",
        "image/webp" => "webp",
        "application/vnd.oasis.opendocument.text" => "odt",
        _ => "docx",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_it_begins_with() {
        assert_eq!(kind_of(b"%PDF-1.7 ..."), Some("application/pdf"));
        assert_eq!(kind_of(b"\x89PNG\r\n\x1a\n...."), Some("image/png"));
        for odd in
            [&b"<svg onload=x>"[..], b"<html>", b"MZ\x90", b"#!/bin/sh", b"", b"PK\x03\x04nothing", b"GIF89a"]
        {
            assert_eq!(kind_of(odd), None, "{odd:?}");
        }
        let word = b"PK\x03\x04....[Content_Types].xml....word/document.xml";
        assert!(kind_of(word).is_some_and(|kind| kind.ends_with("wordprocessingml.document")));
        let macros = [&word[..], b"word/vbaProject.bin"].concat();
        assert_eq!(kind_of(&macros), None);
    }

    #[test]
    fn a_name_is_a_label() {
        let pdf = "application/pdf";
        for (name, label) in [
            ("../../etc/passwd", "passwd.pdf"),
            ("C:\\Users\\Kim\\cv.docx", "cv.pdf"),
            (".htaccess", "file.pdf"),
            ("\u{200b}.htaccess", "file.pdf"),
            ("cv\r\nSet-Cookie: x.pdf", "cvSet-Cookie x.pdf"),
            ("cv.pdf.exe", "cvpdf.pdf"),
            ("简历.pdf", "简历.pdf"),
            ("", "file.pdf"),
        ] {
            assert_eq!(label_of(name, pdf), label, "{name:?}");
        }
        assert!(label_of(&"a".repeat(900), pdf).len() < 130);
    }
}
