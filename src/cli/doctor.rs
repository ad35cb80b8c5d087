//! `provenance doctor`: the program, the store and the machine, looked over.

use clap::Args;
use serde_json::json;

use crate::app::{self, AppError};

use super::answer::{Answer, Rows, columns};
use super::context::Context;
use super::screen::visible;

/// Look over the program, the store and the machine; say what deserves attention.
#[derive(Args, Debug)]
pub(crate) struct Arguments {}

pub(crate) fn run(_: &Arguments, context: &Context) -> Result<Answer, AppError> {
    let seen = app::doctor(context.db());
    let items: Vec<_> = seen.iter().map(|it| json!({"name": it.name, "value": it.value, "hint": it.hint})).collect();
    let warnings = seen.iter().filter(|it| it.hint.is_some()).count();
    let mut answer = Answer::new(json!({"schema": "provenance.doctor/1", "warnings": warnings, "checks": items}));
    answer.list = "checks";
    answer.human = Some(
        seen.iter()
            .map(|it| {
                let mark = if it.hint.is_some() { "!" } else { " " };
                let hint = it.hint.as_ref().map_or(String::new(), |hint| format!("\n{:14}hint: {}", "", visible(hint)));
                format!("{mark} {:12}{}{hint}\n", it.name, visible(&it.value))
            })
            .collect(),
    );
    answer.rows = Rows {
        columns: columns(&["name", "value", "hint"]),
        rows: seen
            .iter()
            .map(|it| vec![it.name.to_string(), it.value.clone(), it.hint.clone().unwrap_or_default()])
            .collect(),
    };
    answer.notes.push(match warnings {
        0 => "nothing deserves attention; `provenance verify` looks at every stored row".to_string(),
        1 => "1 thing deserves attention".to_string(),
        many => format!("{many} things deserve attention"),
    });
    Ok(answer)
}
