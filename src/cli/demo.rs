//! `provenance demo`: the whole way through on the bundled corpus, with what to try next.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use crate::app::{self, AppError, GraphOptions, IngestOptions, WhoSaidOptions};
use crate::render::{self, PictureOptions, View};
use crate::store::Store;

use super::answer::Answer;
use super::context::Context;
use super::graph::write_file;
use super::progress::Bar;
use super::{ingest, who_said};

/// Try everything on a bundled corpus of made-up news: store it, link it, ask it, draw it.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Where to put the corpus, the store and the pictures.
    #[arg(default_value = "provenance-demo")]
    folder: PathBuf,
}

/// Pictures that the demo draws: file name and view.
const PICTURES: [(&str, View); 2] = [("repeats.svg", View::Repeats), ("lanes.svg", View::Lanes)];

/// The day printed on the demo's report: the last one of the corpus, so that every run gives the same bytes.
const MADE_ON: &str = "2025-03-17";

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<Answer, AppError> {
    let folder = &arguments.folder;
    let corpus = folder.join("articles");
    app::write_corpus(&corpus)?;
    let db = folder.join("demo.db");
    let mut store = Store::open(&db)?;
    let bar = Bar::new();
    let report = app::ingest(&mut store, app::sources(&[corpus]), &IngestOptions::default(), &bar);
    bar.done();
    let report = report?;
    let read = ingest::answer(&report, &store, false, context)?;
    let found = app::who_said(&store, app::DEMO_QUESTION, &WhoSaidOptions::default())?;
    let answered = who_said::answer(&found, false, context)?;
    let written = draw(&store, folder)?;
    let words = format!(
        "{}\n$ provenance who-said \"{}\"\n{}\n{}\n{}",
        read.human.unwrap_or_default(),
        app::DEMO_QUESTION,
        answered.human.unwrap_or_default(),
        written.iter().map(|path| format!("wrote {}\n", path.display())).collect::<String>(),
        next(&db),
    );
    let mut answer = Answer::new(json!({
        "schema": "provenance.demo/1", "store": db, "written": written, "ingest": read.json,
        "who_said": answered.json,
    }));
    answer.human = Some(words);
    Ok(answer)
}

/// Draws the pictures and writes the report; returns the paths.
fn draw(store: &Store, folder: &Path) -> Result<Vec<PathBuf>, AppError> {
    let graph = app::graph(store, &GraphOptions::default())?;
    let mut written = Vec::new();
    for (name, view) in PICTURES {
        let path = folder.join(name);
        let svg = render::svg(&graph, &PictureOptions { view, ..PictureOptions::default() });
        write_file(&path, svg.as_bytes())?;
        written.push(path);
    }
    let path = folder.join("report.html");
    let material = app::report(store, &graph, "The gate of Port Halvorn", MADE_ON)?;
    write_file(&path, render::report::html(&graph, &material).as_bytes())?;
    written.push(path);
    Ok(written)
}

fn next(db: &Path) -> String {
    let db = db.display();
    format!(
        "try next:\n  provenance --db {db} speakers\n  provenance --db {db} speaker Stolkow\n  provenance --db {db} claims\n  provenance --db {db} outlets\n  \
         provenance --db {db} graph --view repeats -o out.svg\n  provenance ingest YOUR-ARTICLES/\n"
    )
}
