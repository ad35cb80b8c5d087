//! A picture as PNG, where this program was built with the feature `png`; else one clear sentence.

#[cfg(feature = "png")]
use std::collections::BTreeSet;

use super::AppError;

/// A picture as PNG.
#[derive(Debug)]
pub struct Png {
    pub bytes: Vec<u8>,
    /// Signs that no font of the system draws, each once: they stand as empty boxes or not at all.
    pub undrawn: Vec<String>,
}

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
pub fn png(svg: &str) -> Result<Png, AppError> {
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
    let bytes = image.encode_png().map_err(|e| cannot(format!("the picture could not be written as PNG: {e}")))?;
    let mut undrawn = BTreeSet::new();
    collect_undrawn(tree.root(), &mut undrawn);
    Ok(Png { bytes, undrawn: undrawn.into_iter().collect() })
}

/// Signs that became no outline: glyph 0 is what a font has for those it does not know, and fonts of coloured pictures
/// (emoji) have images, which are not drawn here.
#[cfg(feature = "png")]
fn collect_undrawn(group: &resvg::usvg::Group, found: &mut BTreeSet<String>) {
    use resvg::usvg::Node;
    for node in group.children() {
        match node {
            Node::Group(inner) => collect_undrawn(inner, found),
            Node::Text(text) => {
                let has_images = has_image(text.flattened());
                let glyphs = text.layouted().iter().flat_map(|span| &span.positioned_glyphs);
                let undrawn = glyphs.filter(|glyph| glyph.id.0 == 0 || has_images && !glyph.text.is_ascii());
                found.extend(undrawn.map(|glyph| glyph.text.clone()).filter(|text| !text.trim().is_empty()));
            }
            _ => {}
        }
    }
}

#[cfg(feature = "png")]
fn has_image(group: &resvg::usvg::Group) -> bool {
    use resvg::usvg::Node;
    group.children().iter().any(|node| match node {
        Node::Image(_) => true,
        Node::Group(inner) => has_image(inner),
        _ => false,
    })
}

#[cfg(all(test, feature = "png"))]
mod tests {
    use super::*;

    fn drawn(words: &str) -> Option<Png> {
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"200\" height=\"40\"><text x=\"4\" y=\"20\" font-family=\"sans-serif\" font-size=\"12\">{words}</text></svg>"
        );
        // a machine without fonts draws nothing
        png(&svg).ok()
    }

    #[test]
    fn a_picture_has_ink_and_its_size() {
        let Some(png) = drawn("Who repeats whom") else { return };
        let image = resvg::tiny_skia::Pixmap::decode_png(&png.bytes).expect("a PNG");
        assert_eq!((image.width(), image.height()), (300, 60));
        assert!(image.pixels().iter().any(|pixel| pixel.alpha() > 0), "no ink");
        assert!(png.undrawn.is_empty(), "{:?}", png.undrawn);
    }

    #[test]
    fn signs_without_a_font_are_told() {
        // a private sign that no font has
        let Some(png) = drawn("a \u{10fffd} b") else { return };
        assert_eq!(png.undrawn, ["\u{10fffd}"]);
    }
}

/// Says that this build cannot.
///
/// # Errors
/// Always.
#[cfg(not(feature = "png"))]
pub fn png(_svg: &str) -> Result<Png, AppError> {
    Err(AppError::usage(
        "this build draws no PNG",
        "write to a file that ends in .svg, or build with `cargo build --release --features png`",
    ))
}
