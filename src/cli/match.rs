//! `provenance match`: has this been said or checked before?

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use crate::app::matching::{
    Bank, BankClaim, Hit, MatchOptions, MatchQuery, StatementHit, code_points, match_statements, read_bank,
    read_queries,
};
use crate::app::{self, AppError, Source};
use crate::lang::language;
use crate::store::{Filter, Store};

use super::Outcome;
use super::answer::{Answer, Rows, columns};
use super::context::{Context, Format};
use super::quoted::{facts, in_place, speaker};
use super::screen::{self, MARK, styled, visible};

/// Has this been said or checked before? Known claims or statements, ranked for any text, in any wording.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// A file of queries (JSON Lines of {"id", "text"}), a text file (one query a line), any words, or - for standard input.
    #[arg(value_name = "QUERIES.jsonl|TEXT|-")]
    queries: String,
    /// Known claims to search instead of the store: JSON Lines or CSV of id, claim, title.
    #[arg(long, value_name = "CLAIMS")]
    bank: Option<PathBuf>,
    /// Most results for a query.
    #[arg(long, default_value_t = 10, value_name = "N")]
    limit: usize,
    /// Leave out results that are less alike than this (0 to 1).
    #[arg(long, default_value_t = 0.0, value_name = "SCORE")]
    min_score: f64,
    /// Compare words only, not meanings.
    #[arg(long)]
    words_only: bool,
}

/// One query with its answer in both forms.
struct Matched {
    query: MatchQuery,
    json: Vec<Value>,
    words: Vec<String>,
    rows: Vec<Vec<String>>,
}

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<Answer, AppError> {
    let queries = queries(&arguments.queries)?;
    let options = MatchOptions { most: arguments.limit, meaning: !arguments.words_only, least: arguments.min_score };
    let matched = match &arguments.bank {
        Some(path) => {
            let claims = bank(path)?;
            let bank = Bank::new(&claims, language("en"));
            queries.into_iter().map(|query| from_bank(query, &bank, &claims, &options, context)).collect()
        }
        None => {
            let store = context.store()?;
            queries
                .into_iter()
                .map(|query| from_store(query, &store, &options, context))
                .collect::<Result<Vec<_>, AppError>>()?
        }
    };
    answer(&matched, context)
}

fn from_bank(
    query: MatchQuery,
    bank: &Bank,
    claims: &[BankClaim],
    options: &MatchOptions,
    context: &Context,
) -> Matched {
    let hits = bank.rank(&query.text, options);
    let each = |hit: &Hit| (&claims[hit.place], hit.score);
    Matched {
        json: hits
            .iter()
            .map(|hit| {
                let claim = &claims[hit.place];
                json!({
                    "id": claim.id, "score": rounded(hit.score), "claim": claim.claim, "title": claim.title,
                    "words": rounded(hit.words), "meaning": hit.meaning.map(rounded),
                    "shared": code_points(&claim.claim, &hit.shared),
                })
            })
            .collect(),
        words: hits.iter().map(|hit| claim_line(hit, &claims[hit.place], context)).collect(),
        rows: hits
            .iter()
            .map(each)
            .map(|(claim, score)| vec![query.id.clone(), claim.id.clone(), format!("{score:.3}"), claim.claim.clone()])
            .collect(),
        query,
    }
}

/// A claim with the words that the query has too between ⟦ ⟧.
fn claim_line(hit: &Hit, claim: &BankClaim, context: &Context) -> String {
    let (mut words, mut at) = (String::new(), 0);
    for span in &hit.shared {
        words.push_str(&visible(&claim.claim[at..span.start]));
        words.push_str(&styled(&format!("⟦{}⟧", visible(span.of(&claim.claim))), MARK, context.colour));
        at = span.end;
    }
    words.push_str(&visible(&claim.claim[at..]));
    format!("  {:.2}  {}  {words}\n", hit.score, visible(&claim.id))
}

fn from_store(
    query: MatchQuery,
    store: &Store,
    options: &MatchOptions,
    context: &Context,
) -> Result<Matched, AppError> {
    let hits = match_statements(store, &query.text, &Filter::default(), options)?;
    let as_json = |hit: &StatementHit| {
        let mut found = json!(app::statement_json(&hit.statement));
        if let Some(fields) = found.as_object_mut() {
            let text = &hit.statement.document.document.text;
            fields.insert("score".to_string(), rounded(hit.score).into());
            fields.insert("words".to_string(), rounded(hit.words).into());
            fields.insert("meaning".to_string(), hit.meaning.map(rounded).into());
            fields.insert("shared".to_string(), json!(code_points(text, &hit.statement.highlights)));
        }
        found
    };
    let in_words = |hit: &StatementHit| {
        let it = &hit.statement;
        format!("  {:.2}  {}\n        {}: {}\n", hit.score, facts(it, context), speaker(it), in_place(it, context))
    };
    let row = |hit: &StatementHit| {
        let id = hit.statement.statement.id.to_string();
        vec![query.id.clone(), id, format!("{:.3}", hit.score), hit.statement.exact()]
    };
    Ok(Matched {
        json: hits.iter().map(as_json).collect(),
        words: hits.iter().map(in_words).collect(),
        rows: hits.iter().map(row).collect(),
        query,
    })
}

/// Four decimals: more would be noise.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

/// As JSON one object for each query, one a line, whether there are many queries or one.
fn answer(matched: &[Matched], context: &Context) -> Result<Answer, AppError> {
    let objects: Vec<Value> = matched
        .iter()
        .map(|it| json!({"schema": "provenance.match/1", "id": it.query.id, "results": it.json}))
        .collect();
    let found = matched.iter().any(|it| !it.json.is_empty());
    let mut answer = Answer::silent();
    if matches!(context.format, Format::Json | Format::Jsonl) {
        let lines: String = objects.iter().map(|object| format!("{object}\n")).collect();
        screen::print(&screen::safe_json(&lines))
            .map_err(|e| AppError::file(format!("the answer could not be printed: {e}"), ""))?;
    } else {
        answer = Answer::new(json!(objects));
        let block = |it: &Matched| {
            let body = if it.words.is_empty() { "  nothing alike\n".to_string() } else { it.words.concat() };
            format!("{}\n{body}", visible(&it.query.text))
        };
        answer.human = Some(matched.iter().map(block).collect::<Vec<_>>().join("\n"));
        answer.rows = Rows {
            columns: columns(&["query", "id", "score", "text"]),
            rows: matched.iter().flat_map(|it| it.rows.clone()).collect(),
        };
    }
    if !found {
        answer.outcome = Outcome::NothingFound;
    }
    Ok(answer)
}

/// Queries from a file, from standard input, or the words themselves.
fn queries(typed: &str) -> Result<Vec<MatchQuery>, AppError> {
    let path = Path::new(typed);
    let bytes = match typed {
        "-" => Source::StandardInput.bytes()?,
        _ if path.is_file() => Source::File(path.to_path_buf()).bytes()?,
        _ if is_jsonl(path) => {
            return Err(AppError::file(format!("there is no file {typed}"), "check the spelling of the path"));
        }
        _ => return Ok(vec![MatchQuery { id: "1".to_string(), text: typed.to_string() }]),
    };
    let is_json = is_jsonl(path) || bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
    let found = if is_json {
        read_queries(&bytes).map_err(|error| {
            AppError::file(format!("{typed}: {error}"), "each line is {\"id\": \"…\", \"text\": \"…\"}")
        })?
    } else {
        let text = String::from_utf8_lossy(&bytes);
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.zip(1..).map(|(line, number)| MatchQuery { id: number.to_string(), text: line.to_string() }).collect()
    };
    if found.is_empty() {
        return Err(AppError::usage("there is no query", "give words, or a file with one query a line"));
    }
    Ok(found)
}

fn is_jsonl(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("jsonl"))
}

pub(super) fn bank(path: &Path) -> Result<Vec<BankClaim>, AppError> {
    let bytes = Source::File(path.to_path_buf()).bytes()?;
    let is_csv = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
    let hint = "a bank is JSON Lines of {\"id\", \"claim\", \"title\"}, or CSV with these columns";
    let claims =
        read_bank(&bytes, is_csv).map_err(|error| AppError::file(format!("{}: {error}", path.display()), hint))?;
    if claims.is_empty() {
        return Err(AppError::file(format!("{} holds no claim", path.display()), hint));
    }
    Ok(claims)
}
