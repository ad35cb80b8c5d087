//! What every format and view keeps to: the same bytes every run, nothing lost, nothing active, a link and a title on
//! every mark.

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
            let options = options(*view);
            std::fs::write(folder.join(format!("{name}-{nodes}.dot")), dot::dot(&graph, &options)).expect("written");
        }
    }
}
