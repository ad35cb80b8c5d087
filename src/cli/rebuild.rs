//! `provenance rebuild`.

use clap::Args;

use crate::app::{self, AppError};
use crate::model::Extractor;

use super::answer::Answer;
use super::context::Context;
use super::progress::Bar;

/// Drop everything derived and derive it anew from documents and decisions; ids stay the same.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Which extractor to use.
    #[arg(long, default_value = "accurate", value_parser = ["accurate", "fast", "rules"])]
    extractor: String,
}

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<Answer, AppError> {
    let mut store = context.existing_store()?;
    let bar = Bar::new();
    let extractor = Extractor::of_name(&arguments.extractor).unwrap_or_default();
    let rebuilt = app::rebuild(&mut store, extractor, &bar);
    bar.done();
    Ok(Answer::words(format!("{} documents derived anew\n", rebuilt?)))
}
