//! What a document repeats without a source: found by comparing its narrative with what others have from somebody, and
//! stored as statements of nobody with `repeat_of`.
//!
//! They depend on all documents, so they are dropped before anything is settled and made anew after the derivations are known:
//! a function of the set of documents and decisions, whatever the order of ingest.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::app::analyse::{folded, variant};
use crate::graph::lineage::rules::UNSOURCED;
use crate::graph::lineage::{SHARED_CLAIMS, WIDE_CLAIM};
use crate::graph::{Around, BareRepeat, Ground, Material, Texts, Tie, surely_before};
use crate::lang;
use crate::link::{self, Bare, Closeness};
use crate::model::{Act, Attribution, Decision, Derivation, Evidence, Id, Kind, Variant, Verb};
use crate::store::{NewStatement, StatementRow, Store, StoredDocument};
use crate::text::Span;

use super::Stored;
use super::families::closed;
use super::loaded::Loaded;

/// The options of the runs that mark such statements.
const RUN: &str = "step=repeats without a source";

/// Attributions less sure than this are nothing to measure others by.
const SURE: f64 = 0.5;

/// Two repeats may share at most this part of the shorter one's words.
const SHARED_PART: f64 = 0.34;

/// Documents read together: some that are looked at with all those around them.
const TOGETHER: usize = 1024;

/// Takes away all that `update` stored.
pub(super) fn clear(store: &Store) -> Stored<()> {
    store.drop_unsourced(RUN)
}

/// Finds anew what these documents repeat without a source. Returns the claims that have other such statements than before.
pub(super) fn update(
    store: &Store,
    documents: &BTreeSet<i64>,
    texts: &mut Texts,
    decisions: &[Decision],
) -> Stored<BTreeSet<i64>> {
    let mut claims = BTreeSet::new();
    for &document in documents {
        if store.repeats_something(document)? {
            claims.extend(store.claims_carried(document)?);
            store.drop_unsourced_in(document)?;
        }
    }
    // What speaks of the same things mostly stands near in time: so the fewest have to be read several times.
    let mut in_time: Vec<(Option<i64>, i64)> = Vec::with_capacity(documents.len());
    for &document in documents {
        in_time.push((store.rank(document)?, document));
    }
    in_time.sort_unstable();
    let mut together = Neighbours::default();
    for (_, document) in in_time {
        let next = Neighbours::of(store, document, Side::Earlier)?;
        if next.documents.len() == 1 {
            continue;
        }
        if together.documents.union(&next.documents).count() > TOGETHER {
            claims.extend(std::mem::take(&mut together).update(store, texts, decisions)?);
        }
        together.add(next);
    }
    claims.extend(together.update(store, texts, decisions)?);
    store.drop_idle_run(RUN)?;
    Ok(claims)
}

/// Documents, not of the families of the new ones, that may repeat a statement of a new one.
pub(super) fn may_repeat(store: &Store, new: &BTreeSet<i64>, texts: &mut Texts) -> Stored<BTreeSet<i64>> {
    let mut found = BTreeSet::new();
    for &document in new {
        let around = Neighbours::of(store, document, Side::Later)?;
        let loaded = around.load(store, texts)?;
        let Some(own) = store.document_id(document)? else { continue };
        let turned = |of: &BTreeMap<Id, BTreeSet<Id>>| -> BTreeMap<Id, BTreeSet<Id>> {
            let others = of.get(&own).into_iter().flatten();
            others.map(|other| (other.clone(), BTreeSet::from([own.clone()]))).collect()
        };
        let (near, sharing) = (turned(&around.around.near), turned(&around.around.sharing));
        let asked = near.keys().chain(sharing.keys()).cloned().collect();
        let ground = Ground::new(&loaded.material, texts, &[]);
        for it in ground.bare_repeats(&around.derivations(store)?, &Around { asked, near, sharing }) {
            found.extend(store.document_key(&it.document)?);
        }
    }
    Ok(found)
}

/// Some documents with all that they may have something from.
#[derive(Default)]
struct Neighbours {
    documents: BTreeSet<i64>,
    around: Around,
}

/// Which neighbours count, where dates tell: nobody repeats what is printed on a later day.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Earlier,
    Later,
}

impl Neighbours {
    /// All of its family, and of the others those on one side of it.
    fn of(store: &Store, document: i64, side: Side) -> Stored<Neighbours> {
        let ids = |keys: &[i64]| -> Stored<BTreeSet<Id>> {
            keys.iter().filter_map(|key| store.document_id(*key).transpose()).collect()
        };
        let own = store.document_id(document)?.unwrap_or_default();
        let published = store.published(document)?;
        let counts = |other: &i64| -> Stored<bool> {
            let (Some(own), Some(theirs)) = (&published, &store.published(*other)?) else { return Ok(true) };
            Ok(!if side == Side::Earlier { surely_before(own, theirs) } else { surely_before(theirs, own) })
        };
        let on_side = |others: Vec<i64>| -> Stored<Vec<i64>> {
            others.into_iter().filter_map(|other| counts(&other).map(|it| it.then_some(other)).transpose()).collect()
        };
        let near = on_side(store.near(document)?.into_iter().map(|(other, _)| other).collect())?;
        let sharing = on_side(store.sharing_claims(document, SHARED_CLAIMS, WIDE_CLAIM)?)?;
        let mut documents = closed(document, &|it| store.related_by_text(it))?;
        documents.extend(near.iter().chain(&sharing));
        let around = Around {
            asked: BTreeSet::from([own.clone()]),
            near: BTreeMap::from([(own.clone(), ids(&near)?)]),
            sharing: BTreeMap::from([(own, ids(&sharing)?)]),
        };
        Ok(Neighbours { documents, around })
    }

    fn add(&mut self, other: Neighbours) {
        self.documents.extend(other.documents);
        self.around.asked.extend(other.around.asked);
        self.around.near.extend(other.around.near);
        self.around.sharing.extend(other.around.sharing);
    }

    fn load(&self, store: &Store, texts: &mut Texts) -> Stored<Loaded> {
        Ok(Loaded::of(store, &self.documents, texts)?.with_sources_only())
    }

    fn derivations(&self, store: &Store) -> Stored<Vec<Derivation>> {
        store.derivations_into(&self.documents)
    }

    /// Stores what the asked documents repeat; returns the claims repeated.
    fn update(&self, store: &Store, texts: &mut Texts, decisions: &[Decision]) -> Stored<BTreeSet<i64>> {
        let loaded = self.load(store, texts)?;
        let derivations = self.derivations(store)?;
        let candidates = Ground::new(&loaded.material, texts, &[]).bare_repeats(&derivations, &self.around);
        if candidates.is_empty() {
            return Ok(BTreeSet::new());
        }
        let known = Known::load(store, &candidates)?;
        let found: Vec<Repeat> = candidates.par_iter().filter_map(|candidate| known.judge(candidate)).collect();
        let mut claims: BTreeMap<Id, Id> = BTreeMap::new();
        for card in &loaded.material.claims {
            claims.extend(card.claim.members.iter().map(|member| (member.clone(), card.claim.id.clone())));
        }
        let found = without_rejected(found, &claims, decisions);
        let parents: BTreeSet<(&Id, &Id)> = derivations.iter().map(|it| (&it.from, &it.to)).collect();
        keep(store, &known, &choose(found, &loaded.material, &claims, &parents))
    }
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
        let mut keys = Vec::with_capacity(wanted.len());
        for id in wanted {
            keys.extend(store.key_of_statement(id)?);
        }
        let rows = store.statements(&keys)?;
        let ids: BTreeSet<&Id> =
            candidates.iter().map(|it| &it.document).chain(rows.iter().map(|row| &row.statement.document)).collect();
        let mut documents = BTreeMap::new();
        for id in ids {
            if let Some(key) = store.document_key(id)? {
                documents.extend(store.document(key)?.map(|document| (id.clone(), document)));
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
        // As its own document calls the speaker: who that is across documents may change with the next one.
        let speaker = Some(said.speaker.clone()).filter(|name| !name.is_empty());
        let (said, narrative) = (link::prepare(said), link::prepare(&narrative));
        let text = &self.documents.get(&original.document)?.document.text;
        let credited: Vec<String> =
            it.source.iter().chain(&it.chain).map(|span| span.of(text).to_string()).chain(speaker.clone()).collect();
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
        attribution.evidence = vec![Evidence::new(UNSOURCED, 1.0, note(&bare, speaker.as_deref()))];
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

/// Stores the repeats as members of the claims they repeat, and returns these.
fn keep(store: &Store, known: &Known, repeats: &[Repeat]) -> Stored<BTreeSet<i64>> {
    let mut claims = BTreeSet::new();
    if repeats.is_empty() {
        return Ok(claims);
    }
    let run = store.run(env!("CARGO_PKG_VERSION"), RUN)?;
    for repeat in repeats {
        let (Some(document), Some(original)) =
            (known.documents.get(&repeat.document), known.rows.get(&repeat.original))
        else {
            continue;
        };
        let words = repeat.span.of(&document.document.text);
        let new = NewStatement {
            attribution: repeat.attribution.clone(),
            speaker: None,
            folded: folded(words),
            link_keys: Vec::new(),
            embedding: None,
        };
        store.add_unsourced(document, &new, original.key, run)?;
        claims.extend(store.claim_of(original.key)?.map(|claim| claim.key));
    }
    Ok(claims)
}
