//! What every format and view keeps to: the same bytes every run, a link and a title on every mark, A4, and a line in
//! the docs.

mod crossings;
mod hostile;

use super::samples::{Size, graph};
use super::*;

fn options(view: View) -> PictureOptions {
    PictureOptions { view, title: "A fire in the harbour".to_string(), ..PictureOptions::default() }
}

/// Pictures to look at: `cargo test --lib draw_samples -- --ignored` writes them to target/pictures.
#[test]
#[ignore = "writes pictures to look at"]
fn draw_samples() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pictures");
    std::fs::create_dir_all(&folder).expect("target can be written");
    for (view, name, _) in VIEWS {
        for (nodes, outlets, claims) in [(5, 2, 3), (40, 14, 26), (400, 60, 340)] {
            let graph = graph(&Size { outlets, claims });
            for max in [40, usize::MAX] {
                let options = PictureOptions { max_nodes: max, ..options(*view) };
                let cut = if max == 40 { "" } else { "-all" };
                std::fs::write(folder.join(format!("{name}-{nodes}{cut}.svg")), svg(&graph, &options))
                    .expect("written");
            }
            for format in FORMATS.iter().filter(|format| format.name != "svg") {
                let text = (format.render)(&graph, &options(*view));
                std::fs::write(folder.join(format!("{name}-{nodes}.{}", format.extension)), text).expect("written");
            }
        }
    }
}

/// Elements of an XML text by name, how often each; fails on anything that is not well-formed or could act.
fn elements(text: &str) -> std::collections::BTreeMap<String, usize> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(text);
    let mut found = std::collections::BTreeMap::new();
    let mut depth = 0;
    loop {
        let event = reader.read_event().expect("well-formed");
        match &event {
            Event::Start(start) | Event::Empty(start) => {
                let name = start.name().as_ref().to_string();
                assert!(!["script", "foreignObject", "image", "use", "iframe"].contains(&name.as_str()), "{name}");
                for attribute in start.attributes() {
                    let attribute = attribute.expect("well-formed");
                    let key = attribute.key.as_ref().to_string();
                    let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).expect("known entities");
                    assert!(!key.starts_with("on"), "{key}");
                    if key == "href" {
                        let lower = value.to_ascii_lowercase();
                        let fine = value.starts_with('#') || lower.starts_with("http") || lower.starts_with("file:");
                        assert!(fine, "{value}");
                    }
                }
                *found.entry(name).or_default() += 1;
                depth += i32::from(matches!(event, Event::Start(_)));
            }
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            Event::CData(_) | Event::DocType(_) | Event::PI(_) | Event::Comment(_) => panic!("{event:?}"),
            _ => {}
        }
    }
    assert_eq!(depth, 0);
    found
}

#[test]
fn every_mark_has_a_title_and_a_link() {
    for (view, name, _) in VIEWS {
        let picture = svg(&graph(&Size { outlets: 12, claims: 20 }), &options(*view));
        let found = elements(&picture);
        let marks = found.get("a").copied().unwrap_or(0);
        assert!(marks > 3, "{name}: {marks} marks");
        // one title a mark, and one of the whole picture
        assert_eq!(found["title"], marks + 1, "{name}");
    }
}

#[test]
fn the_same_graph_gives_the_same_bytes() {
    for format in FORMATS {
        for (view, name, _) in VIEWS {
            let draw = || (format.render)(&graph(&Size { outlets: 9, claims: 15 }), &options(*view));
            assert_eq!(draw(), draw(), "{} {name}", format.name);
        }
    }
}

#[test]
fn pictures_say_what_they_do_not_show() {
    let large = graph(&Size { outlets: 60, claims: 340 });
    for (view, name, _) in VIEWS {
        let picture = svg(&large, &PictureOptions { max_nodes: 40, ..options(*view) });
        assert!(picture.contains(" not shown"), "{name}");
        let whole = svg(&graph(&Size { outlets: 2, claims: 1 }), &options(*view));
        assert!(!whole.contains(" not shown"), "{name}");
    }
}

/// Width and height of a picture in points, and its smallest letters.
fn measures(picture: &str) -> (f64, f64, f64) {
    let number = |name: &str| {
        let (_, rest) = picture.split_once(&format!(" {name}=\"")).expect("the attribute");
        rest.split("pt\"").next().and_then(|number| number.parse::<f64>().ok()).expect("points")
    };
    let sizes = picture.split("font-size=\"").skip(1).filter_map(|rest| rest.split('"').next()?.parse().ok());
    (number("width"), number("height"), sizes.fold(f64::INFINITY, f64::min))
}

/// The size of the smallest letters when the picture is printed on A4, upright or turned, never enlarged.
fn letters_on_a4(picture: &str) -> f64 {
    let (width, height, letters) = measures(picture);
    let on = |x: f64, y: f64| (x / width).min(y / height);
    letters * on(595.0, 842.0).max(on(842.0, 595.0)).min(1.0)
}

#[test]
fn forty_nodes_can_be_read_on_a4() {
    let names = ["repeats", "lanes", "matrix", "network"];
    for size in [Size { outlets: 14, claims: 26 }, Size { outlets: 22, claims: 18 }, Size { outlets: 300, claims: 500 }]
    {
        let graph = graph(&size);
        for (view, name, _) in VIEWS.iter().filter(|(_, name, _)| names.contains(name)) {
            let picture = svg(&graph, &PictureOptions { max_nodes: 40, ..options(*view) });
            let letters = letters_on_a4(&picture);
            assert!(letters >= 12.0, "{name} of {} outlets: {letters:.1} pt, {:?}", size.outlets, measures(&picture));
        }
    }
}

#[test]
fn an_empty_graph_is_a_picture_too() {
    for format in FORMATS {
        for (view, _, _) in VIEWS {
            assert!(!(format.render)(&ProvenanceGraph::new(), &options(*view)).is_empty());
        }
    }
}

#[test]
fn every_view_and_format_has_its_line_in_the_docs() {
    let docs = include_str!("../../../docs/pictures.md");
    for name in VIEWS.iter().map(|(_, name, _)| *name).chain(FORMATS.iter().map(|format| format.name)) {
        assert!(docs.contains(&format!("`{name}`")), "docs/pictures.md does not tell of {name}");
    }
}
