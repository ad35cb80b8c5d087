//! `provenance graph`: pictures and data of who repeats whom.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::app::{self, AppError, GraphOptions};
use crate::render::{self, FORMATS, PictureOptions, VIEWS, View};

use super::answer::Answer;
use super::context::Context;
use super::screen;

/// Draw who repeats which claim: SVG, DOT, JSON and more.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Claim ids, or words that someone said; left out: every claim in two documents or more.
    about: Vec<String>,
    /// File to write; its ending chooses the format. Left out: to standard output as --to.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Format on standard output.
    #[arg(long, default_value = "svg", value_name = "FORMAT")]
    to: String,
    /// Which picture.
    #[arg(long, default_value = "repeats", value_parser = clap::builder::PossibleValuesParser::new(VIEWS.iter().map(|(_, name, _)| *name)))]
    view: String,
    /// Pictures show at most so many marks and say how many more there are.
    #[arg(long, default_value_t = 40, value_name = "N")]
    max_nodes: usize,
    /// Only what stands near this id.
    #[arg(long, value_name = "ID")]
    around: Option<String>,
    /// How near.
    #[arg(long, default_value_t = 2, value_name = "N")]
    hops: usize,
    /// Claims in a single document too.
    #[arg(long)]
    all: bool,
    #[arg(long, default_value = "Who repeats whom", value_name = "WORDS")]
    title: String,
    /// Who draws an SVG: the built-in pictures, or Graphviz where it is installed.
    #[arg(long, default_value = "builtin", value_parser = ["builtin", "graphviz"])]
    engine: String,
}

/// How long Graphviz may take.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<Answer, AppError> {
    let store = context.store()?;
    let wanted = match &arguments.output {
        Some(path) => ending(path),
        None => arguments.to.clone(),
    };
    let known = || FORMATS.iter().map(|format| format.name).chain(["png"]).collect::<Vec<_>>().join(", ");
    // a PNG is the SVG, drawn
    let is_png = wanted == "png";
    let format = render::format(if is_png { "svg" } else { &wanted }).ok_or_else(|| {
        AppError::usage(format!("there is no graph format {wanted:?}"), format!("known: {}", known()))
    })?;
    let graph = app::graph(
        &store,
        &GraphOptions {
            about: arguments.about.clone(),
            around: arguments.around.clone(),
            hops: arguments.hops,
            all: arguments.all,
        },
    )?;
    if graph.node_count() == 0 {
        return Err(AppError::not_found(
            "there is nothing to draw: no claim stands in two documents",
            "`provenance graph --all` draws single claims too",
        ));
    }
    let options = PictureOptions {
        view: View::of_name(&arguments.view).unwrap_or_default(),
        max_nodes: arguments.max_nodes,
        title: arguments.title.clone(),
        ..PictureOptions::default()
    };
    let bytes = match (arguments.engine.as_str(), format.name) {
        ("graphviz", "svg") => {
            let dot = render::format("dot").map_or(String::new(), |dot| (dot.render)(&graph, &options));
            app::run_graphviz(&dot, "svg", PATIENCE)?
        }
        ("graphviz", other) => {
            return Err(AppError::usage(
                format!("Graphviz draws svg, not {other}"),
                "write to a file that ends in .svg",
            ));
        }
        _ => (format.render)(&graph, &options).into_bytes(),
    };
    let (bytes, undrawn) = if is_png {
        let png = app::png(&String::from_utf8_lossy(&bytes))?;
        (png.bytes, png.undrawn)
    } else {
        (bytes, Vec::new())
    };
    match &arguments.output {
        Some(path) => {
            write_file(path, &bytes)?;
            let what =
                format!("wrote {}: {} nodes, {} edges\n", path.display(), graph.node_count(), graph.edge_count());
            let mut answer = Answer::words(screen::visible(what.trim_end()) + "\n");
            answer.notes.extend(undrawn_note(&undrawn));
            Ok(answer)
        }
        None if is_png => Err(AppError::usage("a PNG is not printed", "give a file: `-o picture.png`")),
        None => {
            let text = String::from_utf8_lossy(&bytes);
            screen::print(&text).map_err(|e| AppError::file(format!("the graph could not be printed: {e}"), ""))?;
            Ok(Answer::silent())
        }
    }
}

/// A warning about signs that are not in the picture.
fn undrawn_note(signs: &[String]) -> Option<String> {
    const SHOWN: usize = 12;
    let shown = signs.iter().take(SHOWN).map(|sign| screen::visible(sign)).collect::<Vec<_>>().join(" ");
    let more = if signs.len() > SHOWN { format!(" and {} more", signs.len() - SHOWN) } else { String::new() };
    (!signs.is_empty()).then(|| {
        format!(
            "warning: no font of this system draws {shown}{more}: they are missing from the picture · install a font that has \
             them (Noto Sans), or write to a file that ends in .svg"
        )
    })
}

/// The ending of a file name, a double one (`nodes.csv`) where a format has it.
fn ending(path: &std::path::Path) -> String {
    let name = path.file_name().map_or(String::new(), |name| name.to_string_lossy().to_lowercase());
    let double = FORMATS.iter().map(|format| format.extension).filter(|it| it.contains('.'));
    let found = double.into_iter().find(|it| name.ends_with(&format!(".{it}"))).map(String::from);
    found.unwrap_or_else(|| path.extension().map_or(String::new(), |ending| ending.to_string_lossy().to_lowercase()))
}

pub(crate) fn write_file(path: &std::path::Path, bytes: &[u8]) -> Result<(), AppError> {
    std::fs::write(path, bytes)
        .map_err(|e| AppError::file(format!("{}: {e}", path.display()), "check the folder and its permissions"))
}
