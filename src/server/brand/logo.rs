//! The operator's logo: read once, checked, and kept in memory.

use std::{
    fmt,
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

use bytes::Bytes;

/// Most bytes of the file. Every page loads it.
const MAX_SIZE: u64 = 256 * 1024;
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// A picture that pages show in an `<img>`, where no script in it runs.
#[derive(Clone, PartialEq, Eq)]
pub struct Logo {
    /// The file.
    pub bytes: Bytes,
    /// What it is.
    pub kind: LogoKind,
    /// Width and height: pixels, or the units of an SVG.
    pub size: (u32, u32),
}

/// The format of a logo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogoKind {
    /// Scalable Vector Graphics.
    Svg,
    /// Portable Network Graphics.
    Png,
}

impl LogoKind {
    /// Its content type.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Svg => "image/svg+xml",
            Self::Png => "image/png",
        }
    }

    /// The ending of its file name.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
        }
    }
}

impl fmt::Debug for Logo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} of {} bytes", self.kind, self.bytes.len())
    }
}

impl Logo {
    /// Reads the picture in `file`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(file: &Path) -> Result<Self, String> {
        let bytes = read(file).map_err(|error| format!("the file cannot be read: {error}"))?;
        if bytes.len() as u64 > MAX_SIZE {
            return Err(format!(
                "the file must have at most {} KiB",
                MAX_SIZE / 1024
            ));
        }
        Self::parse(bytes)
    }

    fn parse(bytes: Vec<u8>) -> Result<Self, String> {
        let (kind, size) = if bytes.starts_with(SIGNATURE) {
            let size = size_of_png(&bytes).ok_or("the file is not a whole PNG")?;
            (LogoKind::Png, size)
        } else {
            let root = str::from_utf8(&bytes).ok().and_then(root_of_svg);
            let root = root.ok_or("the file must be an SVG or a PNG")?;
            let size = size_of_svg(root);
            (
                LogoKind::Svg,
                size.ok_or("the SVG needs a viewBox, like viewBox=\"0 0 32 32\"")?,
            )
        };
        Ok(Self {
            bytes: bytes.into(),
            kind,
            size,
        })
    }
}

/// Reads a little more than may be, at most. A pipe or a device could have no end.
fn read(file: &Path) -> io::Result<Vec<u8>> {
    if !fs::metadata(file)?.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    let mut bytes = Vec::new();
    File::open(file)?
        .take(MAX_SIZE + 1)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// From the first chunk, which is always `IHDR`; the last is `IEND` (PNG, 5.6).
fn size_of_png(png: &[u8]) -> Option<(u32, u32)> {
    let header = png
        .strip_prefix(SIGNATURE)?
        .strip_prefix(b"\0\0\0\x0dIHDR")?;
    let number = |at: usize| Some(u32::from_be_bytes(header.get(at..at + 4)?.try_into().ok()?));
    let (width, height) = (number(0)?, number(4)?);
    let is_whole = png.ends_with(b"\0\0\0\0IEND\xae\x42\x60\x82");
    (is_whole && width > 0 && height > 0).then_some((width, height))
}

/// The tag of the root element, if that is `<svg>`. Before it may be comments and declarations.
fn root_of_svg(text: &str) -> Option<&str> {
    let mut rest = text.strip_prefix('\u{FEFF}').unwrap_or(text).trim_start();
    loop {
        let end = match rest {
            _ if rest.starts_with("<!--") => "-->",
            _ if rest.starts_with("<?") => "?>",
            _ if rest.starts_with("<!DOCTYPE svg") => ">",
            _ => break,
        };
        rest = rest.split_once(end)?.1.trim_start();
    }
    let (tag, _) = rest.split_once('>')?;
    let attributes = tag.strip_prefix("<svg")?;
    (attributes.starts_with(char::is_whitespace) && text.trim_end().ends_with("</svg>"))
        .then_some(attributes)
}

/// Width and height of the `viewBox`, at least 1.
fn size_of_svg(attributes: &str) -> Option<(u32, u32)> {
    let (_, value) = attributes.split_once("viewBox=")?;
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let value = value[1..].split(quote).next()?;
    let numbers = value.split([' ', ',']).filter(|number| !number.is_empty());
    let numbers: Vec<f64> = numbers.map(|n| n.parse().ok()).collect::<Option<_>>()?;
    let [_, _, width, height] = numbers.try_into().ok()?;
    Some((pixels(width)?, pixels(height)?))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is within 1 and 100,000"
)]
fn pixels(number: f64) -> Option<u32> {
    (number > 0.0 && number <= 1e5).then(|| number.ceil() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(size: [u32; 2], end: &[u8]) -> Vec<u8> {
        let [width, height] = size.map(u32::to_be_bytes);
        [
            SIGNATURE,
            b"\0\0\0\x0dIHDR",
            &width,
            &height,
            b"\x08\x06\0\0\0crc4",
            end,
        ]
        .concat()
    }

    #[test]
    fn pictures_tell_their_size() {
        let whole = png([64, 32], b"\0\0\0\0IEND\xae\x42\x60\x82");
        let logo = Logo::parse(whole).unwrap();
        assert_eq!((logo.kind, logo.size), (LogoKind::Png, (64, 32)));
        for svg in [
            "<svg viewBox=\"0 0 31.5 16\"></svg>",
            "\u{FEFF}<?xml version=\"1.0\"?>\n<!DOCTYPE svg>\n<!-- > -->\n<svg\n viewBox='0,0, 32 16'>\n</svg>\n",
        ] {
            let logo = Logo::parse(svg.into()).unwrap();
            assert_eq!((logo.kind, logo.size), (LogoKind::Svg, (32, 16)), "{svg}");
        }
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        for (bytes, reason) in [
            (png([64, 32], b""), "not a whole PNG"),
            (
                png([0, 32], b"\0\0\0\0IEND\xae\x42\x60\x82"),
                "not a whole PNG",
            ),
            (SIGNATURE.to_vec(), "not a whole PNG"),
            (b"GIF89a".to_vec(), "SVG or a PNG"),
            (b"\xff\xd8\xff".to_vec(), "SVG or a PNG"),
            (Vec::new(), "SVG or a PNG"),
            (
                b"<html><svg viewBox='0 0 1 1'></svg>".to_vec(),
                "SVG or a PNG",
            ),
            (b"<svgs viewBox='0 0 1 1'></svg>".to_vec(), "SVG or a PNG"),
            (b"<svg viewBox='0 0 1 1'>".to_vec(), "SVG or a PNG"),
            (
                b"<!-- <svg viewBox='0 0 1 1'></svg>".to_vec(),
                "SVG or a PNG",
            ),
            (b"<svg width='1'></svg>".to_vec(), "viewBox"),
            (b"<svg viewBox='0 0 0 1'></svg>".to_vec(), "viewBox"),
            (b"<svg viewBox='0 0 NaN inf'></svg>".to_vec(), "viewBox"),
            (b"<svg viewBox='".to_vec(), "SVG or a PNG"),
        ] {
            let found = Logo::parse(bytes.clone()).unwrap_err();
            assert!(found.contains(reason), "{bytes:?}: {found}");
        }
    }

    #[test]
    fn a_file_that_is_too_large_or_has_no_end_is_not_read() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("logo.png");
        fs::write(&file, vec![0; 10 << 20]).unwrap();
        assert!(Logo::read(&file).unwrap_err().contains("256 KiB"));
        for other in [dir.path(), Path::new("/dev/zero"), Path::new("/nowhere")] {
            assert!(Logo::read(other).unwrap_err().contains("cannot be read"));
        }
    }
}
