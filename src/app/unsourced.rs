//! What a document repeats without a source: found by comparing its narrative with what others have from somebody, and
//! stored as statements of nobody with `repeat_of`.
//!
//! They depend on all documents, so they are dropped before anything is settled and made anew after the derivations are known:
//! a function of the set of documents and decisions, whatever the order of ingest.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::graph::lineage::rules::UNSOURCED;
use crate::graph::{BareRepeat, Ground, Material, StatementCard, Texts, Tie};
use crate::lang;
use crate::link::{self, Bare, Closeness};
use crate::model::{Act, Attribution, Decision, Derivation, Evidence, Id, Kind, Variant, Verb};
use crate::store::{NewStatement, StatementRow, Store, StoreError, StoredDocument};
use crate::text::Span;

use super::analyse::{folded, variant};

type Stored<T> = Result<T, StoreError>;

/// The options of the runs that mark such statements.
const RUN: &str = "step=repeats without a source";

/// Attributions less sure than this are nothing to measure others by.
const SURE: f64 = 0.5;

/// Two repeats may share at most this part of the shorter one's words.
const SHARED_PART: f64 = 0.34;

/// Takes away what `derive` stored.
pub(super) fn clear(store: &Store) -> Stored<()> {
    store.drop_unsourced(RUN)
}

/// How the documents derive from each other. What they repeat without a source is stored and added to the material.
/// `texts` are those of its documents.
pub(super) fn derive(
    store: &Store,
    material: &mut Material,
    texts: &Texts,
    decisions: &[Decision],
) -> Stored<Vec<Derivation>> {
    let ground = Ground::new(material, texts);
    let derivations = ground.derivations();
    let candidates = ground.bare_repeats(&derivations);
    if candidates.is_empty() {
        return Ok(derivations);
    }
    let known = Known::load(store, &candidates)?;
    let found: Vec<Repeat> = candidates.par_iter().filter_map(|candidate| known.judge(candidate)).collect();
    let mut claims: BTreeMap<Id, Id> = BTreeMap::new();
    for card in &material.claims {
        claims.extend(card.claim.members.iter().map(|member| (member.clone(), card.claim.id.clone())));
    }
    let found = without_rejected(found, &claims, decisions);
    let parents: BTreeSet<(&Id, &Id)> = derivations.iter().map(|it| (&it.from, &it.to)).collect();
    let chosen = choose(found, material, &claims, &parents);
    keep(store, material, &known, &chosen)?;
    Ok(derivations)
}

/// A stretch of a document that repeats a statement of another.
struct Repeat {
    document: Id,
    /// In the document.
    span: Span,
    original: Id,
    original_document: Id,
    tie: Tie,
    bare: Bare,
    attribution: Attribution,
    id: Id,
}

/// Rows and documents that the candidates speak of.
struct Known {
    documents: BTreeMap<Id, StoredDocument>,
    rows: BTreeMap<Id, StatementRow>,
    variants: BTreeMap<Id, Variant>,
}

impl Known {
    fn load(store: &Store, candidates: &[BareRepeat]) -> Stored<Known> {
        let wanted: BTreeSet<&Id> = candidates.iter().map(|it| &it.statement).collect();
        let keys: Vec<i64> =
            store.statement_ids()?.into_iter().filter(|(_, id)| wanted.contains(id)).map(|(key, _)| key).collect();
        let rows = store.statements(&keys)?;
        let ids: BTreeSet<&Id> =
            candidates.iter().map(|it| &it.document).chain(rows.iter().map(|row| &row.statement.document)).collect();
        let mut documents = BTreeMap::new();
        for (key, id) in store.document_keys()? {
            if ids.contains(&id) {
                documents.extend(store.document(key)?.map(|document| (id, document)));
            }
        }
        let mut known = Known { documents, rows: BTreeMap::new(), variants: BTreeMap::new() };
        for row in rows {
            let Some(document) = known.documents.get(&row.statement.document) else { continue };
            let speaker = store.local_entity_of(row.key)?;
            let language = lang::language(document.document.language_code());
            let made = variant(&document.document, &row.statement.attribution, speaker.as_ref(), language);
            known.variants.insert(row.statement.id.clone(), made);
            known.rows.insert(row.statement.id.clone(), row);
        }
        Ok(known)
    }

    /// The repeat in a candidate, if it is one.
    fn judge(&self, candidate: &BareRepeat) -> Option<Repeat> {
        let original = &self.rows.get(&candidate.statement)?.statement;
        let it = &original.attribution;
        let is_claim =
            matches!(it.act, Act::Statement | Act::Announcement | Act::ClaimOfResponsibility | Act::Accusation);
        if !is_claim || it.negated || it.confidence < SURE {
            return None;
        }
        let document = &self.documents.get(&candidate.document)?.document;
        let language = lang::language(document.language_code());
        let whole = Attribution::new(it.extractor, Vec::new(), Vec::new(), vec![candidate.window]);
        let narrative = variant(document, &whole, None, language);
        let said = self.variants.get(&candidate.statement)?;
        let (said, narrative) = (link::prepare(said), link::prepare(&narrative));
        let text = &self.documents.get(&original.document)?.document.text;
        let credited: Vec<String> = it
            .source
            .iter()
            .chain(&it.chain)
            .map(|span| span.of(text).to_string())
            .chain(original.speaker_name.clone())
            .collect();
        let closeness = match candidate.tie {
            Tie::Text => Closeness::Text,
            Tie::Claims => Closeness::Claims,
            Tie::Nothing => Closeness::Nothing,
        };
        let bare = link::bare_repeat(&said, &credited, &narrative, closeness)?;
        let start = candidate.window.start;
        // what is told as hearsay is repeated from there on
        let from = if candidate.hearsay { 0 } else { bare.span.start };
        let span = Span::new(start + from, start + bare.span.end);
        let mut attribution = Attribution::new(it.extractor, Vec::new(), Vec::new(), vec![span]);
        attribution.act = it.act;
        attribution.marks_lost = it.kind == Kind::Direct && bare.of_statement >= 0.95 && bare.of_stretch >= 0.95;
        attribution.confidence = (100.0 * bare.of_statement.min(bare.of_stretch)).floor() / 100.0;
        attribution.evidence = vec![Evidence::new(UNSOURCED, 1.0, note(&bare, original.speaker_name.as_deref()))];
        Some(Repeat {
            id: store_id(&candidate.document, &attribution, &document.text),
            document: candidate.document.clone(),
            span,
            original: candidate.statement.clone(),
            original_document: original.document.clone(),
            tie: candidate.tie,
            bare,
            attribution,
        })
    }
}

fn store_id(document: &Id, attribution: &Attribution, text: &str) -> Id {
    crate::store::statement_id(document, attribution, &crate::text::CodePoints::new(text))
}

fn note(bare: &Bare, speaker: Option<&str>) -> String {
    format!(
        "it has {:.0} % of what {} says there, by weight of the words, and {:.0} % of it is in that; the sentence names no \
         source, and nor does the one before it",
        bare.of_statement * 100.0,
        speaker.unwrap_or("a named source"),
        bare.of_stretch * 100.0,
    )
}

/// Takes out what people said is no repeat: the rejected ones, and others of the same claim in the same words of the document.
fn without_rejected(found: Vec<Repeat>, claims: &BTreeMap<Id, Id>, decisions: &[Decision]) -> Vec<Repeat> {
    let rejected = |repeat: &&Repeat| {
        let (x, y) = (repeat.id.as_str(), repeat.original.as_str());
        let pair = |it: &Decision| [(x, y), (y, x)].contains(&(it.a.as_str(), it.b.as_str()));
        decisions.iter().any(|it| it.verb == Verb::Reject && pair(it))
    };
    let place = |repeat: &Repeat| (repeat.document.clone(), claims.get(&repeat.original).cloned(), repeat.span);
    let blocked: Vec<(Id, Option<Id>, Span)> = found.iter().filter(rejected).map(place).collect();
    let stands = |repeat: &Repeat| {
        let (document, claim, span) = place(repeat);
        !blocked.iter().any(|(at, of, words)| *at == document && *of == claim && words.overlaps(span))
    };
    found.into_iter().filter(stands).collect()
}

/// One repeat per claim and document, and none over another: first those of documents that the document derives from,
/// then the closest in words, then the earliest.
fn choose(
    mut found: Vec<Repeat>,
    material: &Material,
    claims: &BTreeMap<Id, Id>,
    parents: &BTreeSet<(&Id, &Id)>,
) -> Vec<Repeat> {
    let dates: BTreeMap<&Id, String> = material
        .documents
        .iter()
        .map(|card| (&card.id, card.published.as_ref().map_or("9999".to_string(), |date| date.to_string())))
        .collect();
    found.sort_by(|x, y| {
        let parent = |it: &Repeat| !parents.contains(&(&it.original_document, &it.document));
        let date = |it: &Repeat| dates.get(&it.original_document);
        (&x.document, parent(x), x.tie)
            .cmp(&(&y.document, parent(y), y.tie))
            .then(y.bare.fit().total_cmp(&x.bare.fit()))
            .then_with(|| (date(x), &x.original, x.span).cmp(&(date(y), &y.original, y.span)))
    });
    let mut kept: Vec<Repeat> = Vec::new();
    let mut from = 0;
    for repeat in found {
        if kept.get(from).is_some_and(|first| first.document != repeat.document) {
            from = kept.len();
        }
        let claim = claims.get(&repeat.original);
        let in_the_way = kept[from..].iter().any(|other| {
            let both = other.span.end.min(repeat.span.end).saturating_sub(other.span.start.max(repeat.span.start));
            let least = other.span.len().min(repeat.span.len());
            claims.get(&other.original) == claim || both as f64 > SHARED_PART * least as f64
        });
        if !in_the_way {
            kept.push(repeat);
        }
    }
    kept.sort_by(|x, y| (&x.document, x.span).cmp(&(&y.document, y.span)));
    kept
}

/// Stores the repeats, and adds them to the material as members of the claims they repeat.
fn keep(store: &Store, material: &mut Material, known: &Known, repeats: &[Repeat]) -> Stored<()> {
    if repeats.is_empty() {
        return Ok(());
    }
    let run = store.run(env!("CARGO_PKG_VERSION"), RUN)?;
    let mut claim_of: BTreeMap<Id, usize> = BTreeMap::new();
    for (at, card) in material.claims.iter().enumerate() {
        claim_of.extend(card.claim.members.iter().map(|member| (member.clone(), at)));
    }
    for repeat in repeats {
        let (Some(document), Some(original)) =
            (known.documents.get(&repeat.document), known.rows.get(&repeat.original))
        else {
            continue;
        };
        let words = repeat.span.of(&document.document.text).to_string();
        let new = NewStatement {
            attribution: repeat.attribution.clone(),
            speaker: None,
            folded: folded(&words),
            link_keys: Vec::new(),
            embedding: None,
        };
        store.add_unsourced(document, &new, original.key, run)?;
        if let Some(&at) = claim_of.get(&repeat.original) {
            material.claims[at].claim.members.push(repeat.id.clone());
        }
        material.statements.push(StatementCard {
            id: repeat.id.clone(),
            document: repeat.document.clone(),
            speaker: None,
            speaker_name: String::new(),
            source: String::new(),
            cue: String::new(),
            content: words,
            start: repeat.span.start,
            spans: vec![repeat.span],
            parts: vec![repeat.span],
            kind: repeat.attribution.kind,
            marks_lost: repeat.attribution.marks_lost,
            chain: Vec::new(),
            repeat_of: Some(repeat.original.clone()),
        });
    }
    material.statements.sort_by(|x, y| x.id.cmp(&y.id));
    Ok(())
}
