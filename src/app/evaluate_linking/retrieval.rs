//! Measuring retrieval: mean average precision at five and precision at one over judged queries.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::app::matching::{Bank, BankClaim, MatchOptions};
use crate::lang::language;

/// One query with the ids that answer it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct JudgedQuery {
    pub id: String,
    pub text: String,
    pub relevant: Vec<String>,
}

/// How well a bank answers its queries.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RetrievalMeasures {
    pub queries: usize,
    pub map5: f64,
    pub precision1: f64,
}

/// What one query was answered: ids with scores, best first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ranked {
    pub id: String,
    pub results: Vec<RankedClaim>,
}

/// One claim of an answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RankedClaim {
    pub id: String,
    pub score: f64,
}

/// Runs every query against the bank. Average precision at five is divided by the number of relevant claims, five at most.
pub fn measure_retrieval(
    bank: &[BankClaim],
    queries: &[JudgedQuery],
    options: &MatchOptions,
) -> (RetrievalMeasures, Vec<Ranked>) {
    let index = Bank::new(bank, language("en"));
    let answers: Vec<Ranked> = queries
        .iter()
        .map(|query| {
            let hits = index.rank(&query.text, options);
            let results =
                hits.iter().map(|hit| RankedClaim { id: bank[hit.place].id.clone(), score: hit.score }).collect();
            Ranked { id: query.id.clone(), results }
        })
        .collect();
    let (mut map5, mut precision1) = (0.0, 0.0);
    for (query, answer) in queries.iter().zip(&answers) {
        let relevant: BTreeSet<&str> = query.relevant.iter().map(String::as_str).collect();
        let hits: Vec<bool> = answer.results.iter().map(|it| relevant.contains(it.id.as_str())).collect();
        map5 += average_precision_at_five(&hits, relevant.len());
        precision1 += f64::from(u8::from(hits.first() == Some(&true)));
    }
    let count = queries.len().max(1) as f64;
    let measures = RetrievalMeasures { queries: queries.len(), map5: map5 / count, precision1: precision1 / count };
    (measures, answers)
}

fn average_precision_at_five(hits: &[bool], relevant: usize) -> f64 {
    let (mut found, mut sum) = (0.0, 0.0);
    for (rank, hit) in hits.iter().take(5).enumerate() {
        if *hit {
            found += 1.0;
            sum += found / (rank + 1) as f64;
        }
    }
    sum / relevant.clamp(1, 5) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn average_precision_by_hand() {
        assert_eq!(average_precision_at_five(&[true], 1), 1.0);
        assert_eq!(average_precision_at_five(&[false, true], 1), 0.5);
        assert_eq!(average_precision_at_five(&[true, false, true], 2), (1.0 + 2.0 / 3.0) / 2.0);
        assert_eq!(average_precision_at_five(&[], 1), 0.0);
    }
}
