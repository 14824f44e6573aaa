//! The one cover picture: found in the file or beside it, made small enough and plain enough for any player.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{U8x3, U8x4};
use fast_image_resize::{FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer};
use ferrotape_domain::Cover;
use image::{DynamicImage, RgbImage, RgbaImage};

use crate::formats::sniff::{Sniffed, sniff};
use crate::limits::guarded;
use crate::tags::read::{Trouble, front_cover};

/// Largest picture file read, in bytes.
const MOST_INPUT: u64 = 32 << 20;
/// Longest side and most pixels decoded: real covers reach 7,000 × 7,000.
const MOST_SIDE: u32 = 12_000;
const MOST_PIXELS: u64 = 50_000_000;
/// Memory a picture decoder may take, in bytes.
const MOST_MEMORY: u64 = 256 << 20;
/// From this size on, in pixels, pictures wait for each other.
const BIG_PICTURE: u64 = 4_000_000;
/// Pixels of a big picture for each byte of its file. A picture of one colour has fewer; more only takes time.
const MOST_PIXELS_PER_BYTE: u64 = 1_000;
static ONE_BIG_PICTURE: Mutex<()> = Mutex::new(());
/// Entries of a folder looked at.
const MOST_ENTRIES: usize = 100_000;

/// What a player can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CoverRules {
    /// Longest side in pixels.
    pub max_pixels: u32,
    /// Largest size of the finished JPEG in bytes.
    pub max_bytes: usize,
    /// Whether a JPEG may be progressive or of full colour resolution (4:4:4); baseline 4:2:0 otherwise.
    pub any_jpeg: bool,
    /// Whether a PNG may stay one.
    pub png: bool,
}

impl Default for CoverRules {
    fn default() -> Self {
        Self { max_pixels: 500, max_bytes: 200_000, any_jpeg: false, png: false }
    }
}

/// Why there is a picture but no cover. Never a reason to leave the music out.
#[derive(Debug, thiserror::Error)]
pub enum CoverProblem {
    /// The file could not be read.
    #[error("{}: the cover could not be read: {source}", .path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The picture is damaged, too big, or of an unknown kind.
    #[error("{}: the cover could not be used: {reason}", .path.display())]
    Unusable {
        /// The file that holds the picture.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

/// The cover for `source`: the front cover inside it, else `folder_picture`; `None` when there is neither.
///
/// A picture inside that cannot be used does not hide a usable one beside the file.
pub fn cover_for(
    source: &Path,
    folder_picture: Option<&Path>,
    rules: &CoverRules,
) -> Result<Option<Cover>, CoverProblem> {
    let inside = match embedded(source) {
        Ok(Some(bytes)) => make_cover(&bytes, rules).map(Some).map_err(|reason| unusable(source, reason)),
        Ok(None) => Ok(None),
        Err(problem) => Err(problem),
    };
    match (inside, folder_picture) {
        (Ok(Some(cover)), _) => Ok(Some(cover)),
        (inside, None) => inside,
        (_, Some(path)) => {
            let bytes = read_picture(path)?;
            make_cover(&bytes, rules).map(Some).map_err(|reason| unusable(path, reason))
        }
    }
}

fn unusable(path: &Path, reason: String) -> CoverProblem {
    CoverProblem::Unusable { path: path.to_owned(), reason }
}

fn embedded(source: &Path) -> Result<Option<Vec<u8>>, CoverProblem> {
    let io = |error| CoverProblem::Io { path: source.to_owned(), source: error };
    let mut file = File::open(source).map_err(io)?;
    let len = file.metadata().map_err(io)?.len();
    let found = guarded(|| match sniff(&mut file, len) {
        Ok(Sniffed::Sound(what)) => front_cover(&mut file, &what),
        Ok(_) => Ok(None),
        Err(error) => Err(Trouble::Io(error)),
    });
    match found {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(Trouble::Io(error))) => Err(io(error)),
        Ok(Err(Trouble::Broken(reason))) | Err(reason) => Err(unusable(source, reason)),
    }
}

fn read_picture(path: &Path) -> Result<Vec<u8>, CoverProblem> {
    let io = |source| CoverProblem::Io { path: path.to_owned(), source };
    let file = File::open(path).map_err(io)?;
    let mut bytes = Vec::new();
    file.take(MOST_INPUT + 1).read_to_end(&mut bytes).map_err(io)?;
    Ok(bytes)
}

pub(crate) fn make_cover(bytes: &[u8], rules: &CoverRules) -> Result<Cover, String> {
    guarded(|| prepare(bytes, rules))?
}

fn prepare(bytes: &[u8], rules: &CoverRules) -> Result<Cover, String> {
    if bytes.len() as u64 > MOST_INPUT {
        return Err(format!("the picture is larger than {} MB", MOST_INPUT >> 20));
    }
    let reader = || {
        let mut reader = image::ImageReader::new(Cursor::new(bytes));
        let mut limits = image::Limits::default();
        limits.max_image_width = Some(MOST_SIDE);
        limits.max_image_height = Some(MOST_SIDE);
        limits.max_alloc = Some(MOST_MEMORY);
        reader.limits(limits);
        reader.with_guessed_format().map_err(|error| error.to_string())
    };
    let (width, height) = reader()?.into_dimensions().map_err(|error| error.to_string())?;
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 || pixels > MOST_PIXELS || width.max(height) > MOST_SIDE {
        return Err(format!("the picture measures {width} × {height} pixels"));
    }
    if pixels > BIG_PICTURE && pixels / MOST_PIXELS_PER_BYTE > bytes.len() as u64 {
        return Err(format!("the picture measures {width} × {height} pixels, in only {} bytes", bytes.len()));
    }
    // A big picture takes much memory: one at a time, whatever the number of threads.
    let _turn =
        (pixels > BIG_PICTURE).then(|| ONE_BIG_PICTURE.lock().unwrap_or_else(PoisonError::into_inner));
    let picture = reader()?.decode().map_err(|error| error.to_string())?;
    let side = rules.max_pixels.max(1);
    if width.max(height) <= side && bytes.len() <= rules.max_bytes && is_fit(bytes, rules) {
        return Ok(Cover { picture: bytes.to_vec() });
    }
    let picture = if width.max(height) > side { smaller(picture, side)? } else { picture };
    to_plain_jpeg(&on_white(picture), rules.max_bytes)
}

/// As large as fits into a square of `side` pixels, in the same proportions.
fn smaller(picture: DynamicImage, side: u32) -> Result<DynamicImage, String> {
    let (width, height) = (picture.width(), picture.height());
    let longest = u64::from(width.max(height)).max(1);
    let fitting = |of: u32| ((u64::from(of) * u64::from(side) + longest / 2) / longest).max(1) as u32;
    let (to_width, to_height) = (fitting(width), fitting(height));
    let (from, to) = ((width, height), (to_width, to_height));
    let small = match picture.color().has_alpha() {
        true => {
            let bytes = resized::<U8x4, 4>(picture.into_rgba8().as_raw(), from, to)?;
            RgbaImage::from_raw(to_width, to_height, bytes).map(DynamicImage::from)
        }
        false => {
            let bytes = resized::<U8x3, 3>(picture.into_rgb8().as_raw(), from, to)?;
            RgbImage::from_raw(to_width, to_height, bytes).map(DynamicImage::from)
        }
    };
    small.ok_or_else(|| "the picture could not be made smaller".to_owned())
}

/// Pixels of `BYTES` bytes at another size. Their kind is known when this is compiled: where it may be any at run time,
/// the library is compiled for all of them, which takes longer than all else here.
fn resized<P: PixelTrait, const BYTES: usize>(
    pixels: &[u8],
    (width, height): (u32, u32),
    (to_width, to_height): (u32, u32),
) -> Result<Vec<u8>, String> {
    let mut bytes = vec![0; to_width as usize * to_height as usize * BYTES];
    let from = TypedImageRef::<P>::from_buffer(width, height, pixels).map_err(|error| error.to_string())?;
    let mut small =
        TypedImage::<P>::from_buffer(to_width, to_height, &mut bytes).map_err(|error| error.to_string())?;
    let lanczos = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    Resizer::new().resize_typed(&from, &mut small, &lanczos).map_err(|error| error.to_string())?;
    drop(small);
    Ok(bytes)
}

/// Without transparency: on white, as a browser shows it.
fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let picture = picture.into_rgba8();
    let mut flat = RgbImage::new(picture.width(), picture.height());
    for (to, from) in flat.pixels_mut().zip(picture.pixels()) {
        let [red, green, blue, alpha] = from.0.map(u32::from);
        to.0 = [red, green, blue].map(|part| ((part * alpha + 255 * (255 - alpha) + 127) / 255) as u8);
    }
    flat
}

/// Baseline, 4:2:0: all that Rockbox and the simplest players can show.
fn to_plain_jpeg(picture: &RgbImage, max_bytes: usize) -> Result<Cover, String> {
    let size = |side: u32| u16::try_from(side).map_err(|_| "the picture is too large".to_owned());
    let (width, height) = (size(picture.width())?, size(picture.height())?);
    for quality in [90, 80, 65, 50, 30] {
        let mut jpeg = Vec::new();
        let mut encoder = jpeg_encoder::Encoder::new(&mut jpeg, quality);
        encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::F_2_2);
        encoder.set_progressive(false);
        encoder.set_optimized_huffman_tables(false);
        encoder
            .encode(picture.as_raw(), width, height, jpeg_encoder::ColorType::Rgb)
            .map_err(|error| error.to_string())?;
        if jpeg.len() <= max_bytes {
            return Ok(Cover { picture: jpeg });
        }
    }
    Err(format!("the picture does not fit into {max_bytes} bytes"))
}

/// `picture`, made ready for these rules by an earlier run, if it is still what it was: whole, and small and plain
/// enough. Its headers are looked at, nothing is decoded.
pub fn ready_cover(picture: Vec<u8>, rules: &CoverRules) -> Option<Cover> {
    let plain = CoverRules { any_jpeg: false, png: false, ..*rules };
    let jpeg =
        jpeg_shape(&picture).filter(|_| picture.len() <= rules.max_bytes && is_fit(&picture, &plain))?;
    let small = (1..=rules.max_pixels).contains(&jpeg.width) && (1..=rules.max_pixels).contains(&jpeg.height);
    (small && picture.ends_with(&[0xff, 0xd9])).then_some(Cover { picture })
}

/// Whether the picture's kind needs no second encoding.
fn is_fit(bytes: &[u8], rules: &CoverRules) -> bool {
    let png = rules.png && bytes.starts_with(b"\x89PNG\r\n\x1a\n");
    png || jpeg_shape(bytes).is_some_and(|jpeg| jpeg.is_plain || rules.any_jpeg && jpeg.is_rgb)
}

/// What a JPEG's frame header says.
struct JpegShape {
    width: u32,
    height: u32,
    /// Three components, baseline, 4:2:0.
    is_plain: bool,
    /// Three components of eight bits; grey and print colours (CMYK) are shown wrong by some players.
    is_rgb: bool,
}

fn jpeg_shape(bytes: &[u8]) -> Option<JpegShape> {
    let mut at = 2;
    if !bytes.starts_with(&[0xff, 0xd8]) {
        return None;
    }
    while let Some([0xff, marker, high, low]) = bytes.get(at..at + 4) {
        let len = usize::from(u16::from_be_bytes([*high, *low]));
        let body = bytes.get(at + 4..at + 2 + len.max(2)).unwrap_or_default();
        match marker {
            // Precision 8, then size, then three components with their sampling factors.
            0xc0..=0xc2 => {
                let part = |at: usize| body.get(at).copied();
                let side = |at: usize| Some(u32::from(u16::from_be_bytes([part(at)?, part(at + 1)?])));
                let is_rgb = part(0) == Some(8) && part(5) == Some(3);
                let sampled = (part(7), part(10), part(13)) == (Some(0x22), Some(0x11), Some(0x11));
                let (height, width) = (side(1)?, side(3)?);
                return Some(JpegShape {
                    width,
                    height,
                    is_rgb,
                    is_plain: is_rgb && sampled && *marker == 0xc0,
                });
            }
            0xc3..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => return None,
            0xda => return None,
            _ => at += 2 + len.max(2),
        }
    }
    None
}

/// The picture that stands for a folder: cover, folder, front, album, in that order; JPEG before PNG before others.
pub fn folder_picture(dir: &Path) -> Option<PathBuf> {
    const NAMES: [&str; 4] = ["cover", "folder", "front", "album"];
    const KINDS: [&str; 6] = ["jpg", "jpeg", "png", "webp", "gif", "bmp"];
    let rank = |path: &Path| {
        let part =
            |part: Option<&std::ffi::OsStr>| part.and_then(|name| name.to_str()).map(str::to_lowercase);
        let name = part(path.file_stem())?;
        let kind = part(path.extension())?;
        let name = NAMES.iter().position(|known| *known == name)?;
        Some((name, KINDS.iter().position(|known| *known == kind)?))
    };
    let entries = std::fs::read_dir(dir).ok()?.take(MOST_ENTRIES).filter_map(Result::ok);
    let ranked = entries.filter_map(|entry| {
        let path = entry.path();
        Some((rank(&path)?, path))
    });
    // Equal ranks (Cover.jpg, cover.jpg) are settled by name, so that every run picks the same one.
    ranked.filter(|(_, path)| path.is_file()).min().map(|(_, path)| path)
}
