//! Pictures for public pages. What is brought in is read and drawn again: what a camera wrote into it, where it was taken and
//! whatever else was hidden in the file stays behind.

use std::io::Cursor;

use axum::{body::Body, response::Response};
use http::{Method, header};
use image::{DynamicImage, ImageFormat, ImageReader, Limits, imageops::FilterType};
use kring_core::{Error, Id, Result};
use kring_frame::{Mark, Permit, Route, Tx, UnitId, Visit, params, record, sql};
use sha2::{Digest, Sha256};

use crate::say;

const WHY: &str = "pictures stand on public pages";

/// Bytes of a file that is brought in.
pub const MOST_BYTES: usize = 12_000_000;
/// Pixels of the longer side of what we keep: as wide as a public page on a sharp screen.
const WIDEST: u32 = 1_600;
/// Of what is read, so that a small file that unfolds into gigabytes is refused before it does.
const MOST_PIXELS: u32 = 12_000;
const MOST_MEMORY: u64 = 256 * 1024 * 1024;

pub fn routes() -> Vec<Route> {
    vec![Route::open(Method::GET, "/media/{hash}", WHY, show)]
}

record! {
    #[derive(Clone, Debug)]
    pub struct Picture {
        pub id: Id<Picture>,
        pub name: String,
        pub hash: String,
        pub width: i64,
        pub height: i64,
    }
}

/// A picture as we drew it.
pub struct Drawn {
    kind: &'static str,
    width: u32,
    height: u32,
    bytes: Vec<u8>,
}

/// Reads and draws it again; a fault where it is none that we can read.
pub async fn draw(bytes: Vec<u8>) -> Result<Drawn> {
    tokio::task::spawn_blocking(move || drawn(&bytes)).await.map_err(Error::broken)?
}

fn drawn(bytes: &[u8]) -> Result<Drawn> {
    let fault = || Error::field("picture", say::picture_unreadable());
    if bytes.len() > MOST_BYTES {
        return Err(fault());
    }
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| fault())?;
    let format =
        reader.format().filter(|f| matches!(f, ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP));
    if format.is_none() {
        return Err(fault());
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_PIXELS);
    limits.max_image_height = Some(MOST_PIXELS);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut picture = reader.decode().map_err(|_| fault())?;
    if picture.width().max(picture.height()) > WIDEST {
        picture = picture.resize(WIDEST, WIDEST, FilterType::CatmullRom);
    }
    // Transparent ones and drawings stay exact; photographs are far smaller as JPEG.
    let (kind, format) = if picture.color().has_alpha() || format == Some(ImageFormat::Png) {
        ("image/png", ImageFormat::Png)
    } else {
        ("image/jpeg", ImageFormat::Jpeg)
    };
    let picture = match format {
        ImageFormat::Jpeg => DynamicImage::ImageRgb8(picture.into_rgb8()),
        _ => DynamicImage::ImageRgba8(picture.into_rgba8()),
    };
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, format).map_err(Error::broken)?;
    Ok(Drawn { kind, width: picture.width(), height: picture.height(), bytes: out.into_inner() })
}

/// Keeps one; the same picture is kept once.
pub async fn keep(tx: &mut Tx, permit: &Permit, unit: UnitId, name: &str, drawn: Drawn) -> Result<Picture> {
    let hash: String = Sha256::digest(&drawn.bytes).iter().take(16).map(|b| format!("{b:02x}")).collect();
    let (now, actor) = (tx.now(), tx.actor().id);
    let (width, height) = (i64::from(drawn.width), i64::from(drawn.height));
    let name: String = name.chars().filter(|c| !c.is_control()).take(120).collect();
    tx.run(
        sql!(
            "insert into form_pictures (unit_id, name, hash, kind, width, height, content, actor_id, at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (hash) do nothing"
        ),
        params![unit, name, &hash, drawn.kind, width, height, drawn.bytes, actor, now],
    )
    .await?;
    let picture: Picture = tx
        .one(sql!("select id, name, hash, width, height from form_pictures where hash = $1"), params![&hash])
        .await?;
    tx.trail(Mark::changed(permit, "picture").subject(picture.id.get()).detail("kept")).await?;
    Ok(picture)
}

/// The newest, for whoever looks for one to use again.
pub async fn newest(tx: &mut Tx, most: u32) -> Result<Vec<Picture>> {
    tx.all(
        sql!("select id, name, hash, width, height from form_pictures order by id desc limit $1"),
        params![most],
    )
    .await
}

async fn show(v: Visit) -> Result<Response> {
    let hash: String = v.path("hash")?;
    let mut tx = v.house.read(&v.actor).await?;
    let (kind, content): (String, Vec<u8>) =
        tx.one(sql!("select kind, content from form_pictures where hash = $1"), params![hash]).await?;
    Response::builder()
        .header(header::CONTENT_TYPE, kind)
        .header(header::CACHE_CONTROL, "public, max-age=31536000, immutable")
        .header(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .body(Body::from(content))
        .map_err(Error::broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        DynamicImage::new_rgb8(width, height).write_to(&mut out, ImageFormat::Png).unwrap();
        out.into_inner()
    }

    #[test]
    fn a_picture_is_drawn_again_and_nothing_hidden_comes_along() {
        let mut bytes = png(2_000, 1_000);
        bytes.extend_from_slice(b"<script>alert(1)</script>");
        let drawn = drawn(&bytes).unwrap();
        assert_eq!((drawn.kind, drawn.width, drawn.height), ("image/png", 1_600, 800));
        assert!(!drawn.bytes.windows(8).any(|part| part == b"<script>"));
    }

    #[test]
    fn what_is_no_picture_or_too_much_of_one_is_refused() {
        for bytes in [&b"<svg/>"[..], b"GIF89a", b"", b"\x89PNG\r\n\x1a\n broken"] {
            assert!(drawn(bytes).is_err());
        }
        // A head that promises a picture of a hundred thousand pixels each way.
        let mut huge = png(1, 1);
        huge[16..20].copy_from_slice(&100_000_u32.to_be_bytes());
        huge[20..24].copy_from_slice(&100_000_u32.to_be_bytes());
        assert!(drawn(&huge).is_err());
    }
}
