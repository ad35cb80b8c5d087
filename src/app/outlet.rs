//! One outlet: whose statements it carries, from whom it has them and who has them from it, what it credits, and what
//! arrives without its source.

use std::collections::{BTreeMap, BTreeSet};

use strsim::jaro_winkler;

use crate::graph;
use crate::model::{ClaimEdge, DocumentRelation, Id, IdKind, Kind, Order, PassageKind};
use crate::store::{Found, StatementRow, Store, StoredDocument};
use crate::text::match_key;

use super::ask::Documents;
use super::outlets::{RepeatView, repeats};
use super::{AppError, face};

/// Names at least this alike are offered as "did you mean".
const RESEMBLES: f64 = 0.75;

/// Speakers and claims listed.
const MOST: usize = 12;

/// One outlet in detail.
#[derive(Clone, Debug, Default)]
pub struct OutletCard {
    pub id: Id,
    pub name: String,
    /// By date (undated last), then id.
    pub documents: Vec<StoredDocument>,
    /// Statements outside captions and boilerplate, those repeated without a source included.
    pub statements: usize,
    pub by_kind: Vec<(Kind, usize)>,
    /// Its own statements that name no source, and narrative that repeats what others have from somebody.
    pub own_without_source: usize,
    pub repeated_without_source: usize,
    /// Claims that it has from another outlet (direction known), and how many of these stand here without a source
    /// although they had one there.
    pub received: usize,
    pub received_without_source: usize,
    /// Whose statements it carries, the most first, and how many speakers there are.
    pub speakers: Vec<(Id, String, usize)>,
    pub speakers_in_all: usize,
    /// Outlets it has claims from, outlets that have claims from it, and those with whom no direction is known.
    pub from: Vec<RepeatView>,
    pub to: Vec<RepeatView>,
    pub open: Vec<RepeatView>,
    /// Whole texts: the other outlet (empty where unknown), how they are related, whether this outlet's is the derived one.
    pub texts: Vec<TextView>,
    pub credits: Vec<CreditView>,
    pub claims: Vec<TopClaim>,
}

/// Documents of this outlet related to documents of another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextView {
    pub other: String,
    pub relation: DocumentRelation,
    pub way: Way,
    pub documents: usize,
}

/// Which way a text went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// This outlet has it from the other.
    From,
    To,
    Open,
}

impl Way {
    pub fn name(self) -> &'static str {
        match self {
            Way::From => "from",
            Way::To => "to",
            Way::Open => "open",
        }
    }
}

/// How many of its documents give credit to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditView {
    pub name: String,
    pub is_wire: bool,
    /// Documents credited as a whole (dateline, headline, last line), and in part.
    pub whole: usize,
    pub part: usize,
    /// The words of one of them.
    pub example: String,
}

/// A claim that it carries.
#[derive(Clone, Debug)]
pub struct TopClaim {
    pub id: Id,
    pub short_id: String,
    pub text: String,
    pub speaker: Option<String>,
    pub documents: usize,
    pub outlets: usize,
}

/// The outlet that `typed` names: an id, or a name in any case and spelling of marks.
///
/// # Errors
/// No such outlet: the hint names those that resemble it.
pub fn outlet(store: &Store, typed: &str) -> Result<OutletCard, AppError> {
    let documents: BTreeMap<Id, StoredDocument> =
        store.documents()?.into_iter().map(|stored| (stored.id.clone(), stored)).collect();
    let name = find_outlet(store, typed, &documents)?;
    let own: BTreeSet<&Id> =
        documents.values().filter(|it| it.document.outlet_name() == name).map(|it| &it.id).collect();
    let rows: Vec<StatementRow> = store
        .all_statements()?
        .into_iter()
        .filter(|row| !matches!(row.statement.attribution.zone, PassageKind::Caption | PassageKind::Boilerplate))
        .collect();
    let mut card = OutletCard { name: name.clone(), ..OutletCard::default() };
    card.documents = documents.values().filter(|it| own.contains(&it.id)).cloned().collect();
    card.documents.sort_by_key(|it| {
        let date = it.document.published.as_ref().map(|date| date.value.clone());
        (date.is_none(), date, it.id.clone())
    });
    card.id = card.documents.first().and_then(|it| it.outlet_id.clone()).unwrap_or_default();
    count_statements(&mut card, &rows, &own);
    for it in repeats(store, &documents)? {
        match (it.order, it.from == name, it.to == name) {
            (_, false, false) => {}
            (Order::Unknown, true, _) => card.open.push(it),
            (Order::Unknown, ..) => {
                let other = it.from.clone();
                card.open.push(RepeatView { from: it.to, to: other, ..it });
            }
            (_, false, _) => card.from.push(it),
            _ => card.to.push(it),
        }
    }
    received(&mut card, &store.claim_edges()?, &rows, &own);
    card.texts = texts(store, &name, &documents)?;
    card.credits = credits(store, &own)?;
    card.claims = top_claims(store, &rows, &own, &documents)?;
    Ok(card)
}

fn find_outlet(store: &Store, typed: &str, documents: &BTreeMap<Id, StoredDocument>) -> Result<String, AppError> {
    let names: BTreeMap<&str, (Option<&Id>, usize)> = documents.values().fold(BTreeMap::new(), |mut names, stored| {
        let entry = names.entry(stored.document.outlet_name()).or_insert((stored.outlet_id.as_ref(), 0));
        entry.1 += 1;
        names
    });
    if let Found::One(IdKind::Outlet, _, id) = store.find_id(typed)?
        && let Some((name, _)) = names.iter().find(|(_, (known, _))| *known == Some(&id))
    {
        return Ok(name.to_string());
    }
    let wanted = match_key(typed);
    let bare = |key: &str| key.strip_prefix("the ").unwrap_or(key).to_string();
    let fits = |name: &&&str| !name.is_empty() && bare(&match_key(name)) == bare(&wanted);
    if let Some(name) = names.keys().find(|name| **name == typed && !name.is_empty()).or(names.keys().find(fits)) {
        return Ok(name.to_string());
    }
    let mut alike: Vec<(f64, &str, usize)> = names
        .iter()
        .filter(|(name, _)| !name.is_empty())
        .map(|(name, (_, count))| {
            let key = match_key(name);
            let inside = !wanted.is_empty() && (key.contains(&wanted) || wanted.contains(&key));
            (if inside { 1.0 } else { jaro_winkler(&key, &wanted) }, *name, *count)
        })
        .filter(|(score, ..)| *score >= RESEMBLES)
        .collect();
    alike.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.2.cmp(&a.2)).then(a.1.cmp(b.1)));
    let offered: Vec<String> = alike.iter().take(3).map(|(_, name, count)| format!("{name} ({count})")).collect();
    let hint = if offered.is_empty() {
        "`provenance outlets` lists them; a document's outlet can be given with `ingest --outlet`".to_string()
    } else {
        format!("did you mean {}?", offered.join(" or "))
    };
    Err(AppError::not_found(format!("no outlet {typed:?}"), hint))
}

fn count_statements(card: &mut OutletCard, rows: &[StatementRow], own: &BTreeSet<&Id>) {
    let mut speakers: BTreeMap<&Id, (&str, usize)> = BTreeMap::new();
    let mut kinds = [(Kind::Direct, 0), (Kind::Mixed, 0), (Kind::Indirect, 0)];
    for it in rows.iter().map(|row| &row.statement).filter(|it| own.contains(&it.document)) {
        card.statements += 1;
        if it.repeat_of.is_some() {
            card.repeated_without_source += 1;
            continue;
        }
        card.own_without_source += usize::from(it.attribution.source.is_empty() && it.speaker.is_none());
        kinds.iter_mut().filter(|(kind, _)| *kind == it.attribution.kind).for_each(|(_, count)| *count += 1);
        if let (Some(id), Some(name)) = (&it.speaker, &it.speaker_name) {
            speakers.entry(id).or_insert((name, 0)).1 += 1;
        }
    }
    card.by_kind = kinds.to_vec();
    card.speakers_in_all = speakers.len();
    card.speakers = speakers.into_iter().map(|(id, (name, count))| (id.clone(), name.to_string(), count)).collect();
    card.speakers.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| (&a.1, &a.0).cmp(&(&b.1, &b.0))));
    card.speakers.truncate(MOST);
}

/// Claims that came from other outlets, and those that lost their source on the way.
fn received(card: &mut OutletCard, edges: &[ClaimEdge], rows: &[StatementRow], own: &BTreeSet<&Id>) {
    let mut sourced: BTreeMap<(&Id, &Id), bool> = BTreeMap::new();
    for it in rows.iter().map(|row| &row.statement) {
        let Some(claim) = &it.claim else { continue };
        let names = it.repeat_of.is_none() && (!it.attribution.source.is_empty() || it.speaker.is_some());
        *sourced.entry((claim, &it.document)).or_default() |= names;
    }
    let names_source = |claim: &Id, document: &Id| sourced.get(&(claim, document)).copied().unwrap_or(false);
    for edge in edges.iter().filter(|edge| edge.order != Order::Unknown) {
        if own.contains(&edge.to) && !own.contains(&edge.from) {
            card.received += 1;
            let lost = names_source(&edge.claim, &edge.from) && !names_source(&edge.claim, &edge.to);
            card.received_without_source += usize::from(lost);
        }
    }
}

/// How the texts of this outlet hang together with those of others.
fn texts(store: &Store, name: &str, documents: &BTreeMap<Id, StoredDocument>) -> Result<Vec<TextView>, AppError> {
    let mut counted: BTreeMap<(String, DocumentRelation, Way), usize> = BTreeMap::new();
    for it in store.derivations()? {
        let (Some(from), Some(to)) = (documents.get(&it.from), documents.get(&it.to)) else { continue };
        let (from, to) = (from.document.outlet_name(), to.document.outlet_name());
        let (other, way) = match (from == name, to == name) {
            (true, false) => (to, Way::To),
            (false, true) => (from, Way::From),
            _ => continue,
        };
        let way = if it.order == Order::Unknown { Way::Open } else { way };
        *counted.entry((other.to_string(), it.relation, way)).or_default() += 1;
    }
    let mut found: Vec<TextView> = counted
        .into_iter()
        .map(|((other, relation, way), documents)| TextView { other, relation, way, documents })
        .collect();
    found.sort_by(|a, b| b.documents.cmp(&a.documents).then_with(|| (a.way, &a.other).cmp(&(b.way, &b.other))));
    Ok(found)
}

fn credits(store: &Store, own: &BTreeSet<&Id>) -> Result<Vec<CreditView>, AppError> {
    let material = super::graph::material(store)?;
    let mut found: BTreeMap<String, CreditView> = BTreeMap::new();
    for it in graph::credits(&material).into_iter().filter(|it| own.contains(&it.document)) {
        let view = found.entry(it.name.clone()).or_insert(CreditView {
            name: it.name,
            is_wire: it.is_wire,
            whole: 0,
            part: 0,
            example: it.words,
        });
        if it.whole { view.whole += 1 } else { view.part += 1 }
    }
    let mut list: Vec<CreditView> = found.into_values().collect();
    list.sort_by(|a, b| (b.whole + b.part).cmp(&(a.whole + a.part)).then_with(|| a.name.cmp(&b.name)));
    Ok(list)
}

/// Its claims by how many outlets and documents carry them; those that stand nowhere else are left out.
fn top_claims(
    store: &Store,
    rows: &[StatementRow],
    own: &BTreeSet<&Id>,
    documents: &BTreeMap<Id, StoredDocument>,
) -> Result<Vec<TopClaim>, AppError> {
    let mut carried: BTreeMap<&Id, BTreeSet<&Id>> = BTreeMap::new();
    for it in rows.iter().map(|row| &row.statement) {
        if let Some(claim) = &it.claim {
            carried.entry(claim).or_default().insert(&it.document);
        }
    }
    carried.retain(|_, list| list.len() > 1 && list.iter().any(|id| own.contains(*id)));
    let outlets = |list: &BTreeSet<&Id>| -> usize {
        let names = list.iter().filter_map(|id| documents.get(*id)).map(|it| (it.document.outlet_name(), &it.id));
        names.map(|(name, id)| if name.is_empty() { id.as_str() } else { name }).collect::<BTreeSet<_>>().len()
    };
    let mut ranked: Vec<(usize, usize, &Id)> =
        carried.iter().map(|(claim, list)| (outlets(list), list.len(), *claim)).collect();
    ranked.sort_by(|a, b| (b.0, b.1).cmp(&(a.0, a.1)).then(a.2.cmp(b.2)));
    let mut found = Vec::new();
    for (outlets, documents, claim) in ranked.into_iter().take(MOST) {
        let (text, speaker) = face(store, claim, &mut Documents::new())?.unwrap_or_default();
        let short_id = store.short_id(claim)?;
        found.push(TopClaim { id: claim.clone(), short_id, text, speaker, documents, outlets });
    }
    Ok(found)
}
