//! Measuring retrieval: mean average precision at five and precision at one over judged queries.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::lang::Language;
use crate::link::Retriever;

/// One known claim of a bank.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct BankClaim {
    pub id: String,
    pub claim: String,
    #[serde(default)]
    pub title: String,
}

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

/// An index over a bank of claims.
pub fn index_bank(bank: &[BankClaim], language: &Language) -> Retriever {
    let texts: Vec<String> = bank.iter().map(|claim| format!("{} {}", claim.claim, claim.title)).collect();
    Retriever::new(texts.iter().map(String::as_str), language)
}

/// Runs every query against the bank. Average precision at five is divided by the number of relevant claims, five at most.
pub fn measure_retrieval(bank: &[BankClaim], queries: &[JudgedQuery], language: &Language) -> RetrievalMeasures {
    let index = index_bank(bank, language);
    let (mut map5, mut precision1) = (0.0, 0.0);
    for query in queries {
        let relevant: BTreeSet<&str> = query.relevant.iter().map(String::as_str).collect();
        let ranked = index.rank(&query.text, 5, language);
        let hits: Vec<bool> = ranked.iter().map(|(place, _)| relevant.contains(bank[*place].id.as_str())).collect();
        map5 += average_precision_at_five(&hits, relevant.len());
        precision1 += f64::from(u8::from(hits.first() == Some(&true)));
    }
    let count = queries.len().max(1) as f64;
    RetrievalMeasures { queries: queries.len(), map5: map5 / count, precision1: precision1 / count }
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
