//! A picture as PNG, where this program was built with the feature `png`; else one clear sentence.

use super::AppError;

/// Dots for each of 96 units to the inch: 144 dots an inch.
#[cfg(feature = "png")]
const SCALE: f32 = 1.5;
/// No side of the image is longer; larger pictures get fewer dots an inch.
#[cfg(feature = "png")]
const LONGEST: f32 = 16_000.0;

/// The families that the pictures are measured for, from the likeliest down.
#[cfg(feature = "png")]
const FAMILIES: &[&str] = &["Liberation Sans", "Arial", "Helvetica", "DejaVu Sans", "Noto Sans"];

/// Draws an SVG picture of this program as PNG, with the fonts of the system.
///
/// # Errors
/// A build without the feature, a system without fonts, a picture too large to draw.
#[cfg(feature = "png")]
pub fn png(svg: &str) -> Result<Vec<u8>, AppError> {
    use resvg::{tiny_skia, usvg};
    let cannot = |what: String| AppError::file(what, "write to a file that ends in .svg: it opens in any browser");
    let mut options = usvg::Options::default();
    let fonts = options.fontdb_mut();
    fonts.load_system_fonts();
    let known = |family: &&&str| fonts.faces().any(|face| face.families.iter().any(|(name, _)| name == **family));
    let any = || fonts.faces().next().and_then(|face| face.families.first()).map(|(name, _)| name.clone());
    let Some(family) = FAMILIES.iter().find(known).map(|family| family.to_string()).or_else(any) else {
        return Err(cannot("this system has no fonts, and a picture without words says nothing".to_string()));
    };
    fonts.set_sans_serif_family(family);
    let tree =
        usvg::Tree::from_str(svg, &options).map_err(|e| cannot(format!("the picture could not be read: {e}")))?;
    let longest = tree.size().width().max(tree.size().height());
    let scale = SCALE.min(LONGEST / longest);
    let side = |length: f32| ((length * scale).ceil() as u32).max(1);
    let mut image = tiny_skia::Pixmap::new(side(tree.size().width()), side(tree.size().height()))
        .ok_or_else(|| cannot("the picture is too large for a PNG".to_string()))?;
    resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut image.as_mut());
    image.encode_png().map_err(|e| cannot(format!("the picture could not be written as PNG: {e}")))
}

/// Says that this build cannot.
///
/// # Errors
/// Always.
#[cfg(not(feature = "png"))]
pub fn png(_svg: &str) -> Result<Vec<u8>, AppError> {
    Err(AppError::usage(
        "this build draws no PNG",
        "write to a file that ends in .svg, or build with `cargo build --release --features png`",
    ))
}
