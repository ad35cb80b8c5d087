//! PROV-JSON (W3C member submission): documents, statements and claims as entities, outlets and speakers as agents, the
//! derivation by this program as the activity. Where no order is known, PROV gets no arrow: what two documents share
//! becomes an entity of its own.

use serde_json::{Map, Value, json};

use crate::model::{DocumentRelation, EntityKind, Evidence, Id, Order};
use crate::render::escape::json_text;

use super::{Corpus, IRI, Paper, value};

/// Everything stored as one PROV document.
pub fn prov(corpus: &Corpus) -> String {
    let mut out = Prov::default();
    add_activity(&mut out, corpus);
    add_agents(&mut out, corpus);
    for paper in &corpus.papers {
        add_paper(&mut out, paper);
        add_statements(&mut out, paper);
    }
    add_claims(&mut out, corpus);
    add_derivations(&mut out, corpus);
    add_repeats(&mut out, corpus);
    json_text(&out.whole())
}

const ACTIVITY: &str = "p:derivation";
const PROGRAM: &str = "p:program";

/// The sections of a PROV document; relations are numbered within theirs.
#[derive(Default)]
struct Prov {
    sections: Map<String, Value>,
}

impl Prov {
    fn put(&mut self, section: &str, name: String, value: Value) {
        let section = self.sections.entry(section).or_insert_with(|| json!({}));
        if let Some(section) = section.as_object_mut() {
            section.insert(name, value);
        }
    }

    fn relate(&mut self, section: &str, value: Value) {
        let number = self.sections.get(section).and_then(Value::as_object).map_or(0, Map::len) + 1;
        self.put(section, format!("_:{section}{number}"), value);
    }

    fn whole(self) -> Value {
        let mut whole = Map::new();
        whole.insert(
            "prefix".to_string(),
            json!({ "p": IRI, "prov": "http://www.w3.org/ns/prov#", "xsd": "http://www.w3.org/2001/XMLSchema#" }),
        );
        whole.extend(self.sections);
        Value::Object(whole)
    }
}

fn name(id: &Id) -> String {
    format!("p:{id}")
}

fn kind(name: &str) -> Value {
    json!({ "$": name, "type": "prov:QUALIFIED_NAME" })
}

/// Sets an attribute that may be missing.
fn set(entity: &mut Value, key: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        entity[key] = value.into();
    }
}

fn add_activity(out: &mut Prov, corpus: &Corpus) {
    let versions: Vec<&str> = corpus.runs.iter().map(|(version, _)| version.as_str()).collect();
    let options: Vec<&str> = corpus.runs.iter().map(|(_, options)| options.as_str()).collect();
    let mut activity = json!({ "prov:label": "statements, speakers, claims and lineage derived from the documents" });
    if !corpus.runs.is_empty() {
        activity["p:version"] = json!(versions);
        activity["p:options"] = json!(options);
    }
    out.put("activity", ACTIVITY.to_string(), activity);
    let program = json!({ "prov:label": "provenance", "prov:type": kind("prov:SoftwareAgent") });
    out.put("agent", PROGRAM.to_string(), program);
    out.relate("wasAssociatedWith", json!({ "prov:activity": ACTIVITY, "prov:agent": PROGRAM }));
}

fn add_agents(out: &mut Prov, corpus: &Corpus) {
    for paper in &corpus.papers {
        if let (Some(id), Some(outlet)) = (&paper.outlet_id, paper.outlet()) {
            out.put("agent", name(id), json!({ "prov:label": outlet, "prov:type": kind("prov:Organization") }));
        }
    }
    for speaker in &corpus.speakers {
        let mut agent = json!({ "prov:label": speaker.name, "p:kind": speaker.kind.name() });
        // groups and the unnamed are neither to PROV
        let class = match speaker.kind {
            EntityKind::Person => Some(kind("prov:Person")),
            EntityKind::Organisation => Some(kind("prov:Organization")),
            _ => None,
        };
        set(&mut agent, "prov:type", class);
        out.put("agent", name(&speaker.id), agent);
    }
}

fn add_paper(out: &mut Prov, paper: &Paper) {
    let document = &paper.document;
    let mut entity = json!({ "prov:type": kind("p:Document"), "p:sha256": paper.sha256 });
    set(&mut entity, "prov:label", paper.title());
    set(&mut entity, "prov:location", paper.address());
    set(&mut entity, "p:published", value(&document.published).map(|date| date.as_str()));
    set(&mut entity, "p:language", value(&document.language).map(String::as_str));
    set(&mut entity, "p:guesses", paper.guesses());
    let id = name(&paper.id);
    out.put("entity", id.clone(), entity);
    out.relate("used", json!({ "prov:activity": ACTIVITY, "prov:entity": id }));
    if let (Some(outlet), true) = (&paper.outlet_id, paper.outlet().is_some()) {
        out.relate("wasAttributedTo", json!({ "prov:entity": id, "prov:agent": name(outlet) }));
    }
    if let Some(earlier) = &paper.revision_of {
        let revision = json!({
            "prov:generatedEntity": id, "prov:usedEntity": name(earlier), "prov:type": kind("prov:Revision"),
        });
        out.relate("wasDerivedFrom", revision);
    }
}

fn add_statements(out: &mut Prov, paper: &Paper) {
    for statement in &paper.statements {
        let attribution = &statement.attribution;
        let words: Vec<&str> = attribution.content.iter().map(|span| span.of(&paper.document.text)).collect();
        let id = name(&statement.id);
        let entity = json!({
            "prov:type": kind("p:Statement"), "prov:value": words.join(" … "), "p:kind": attribution.kind.name(),
            "p:confidence": (attribution.confidence * 1000.0).round() / 1000.0,
        });
        out.put("entity", id.clone(), entity);
        out.relate("wasGeneratedBy", json!({ "prov:entity": id, "prov:activity": ACTIVITY }));
        // PROV-DM's wasQuotedFrom: the statement repeats part of the document
        let quotation = json!({
            "prov:generatedEntity": id, "prov:usedEntity": name(&paper.id), "prov:type": kind("prov:Quotation"),
        });
        out.relate("wasDerivedFrom", quotation);
        if let Some(speaker) = &statement.speaker {
            // the document credits the speaker; nothing says that the speaker agrees
            let credit = json!({ "prov:entity": id, "prov:agent": name(speaker), "p:credited_in": name(&paper.id) });
            out.relate("wasAttributedTo", credit);
        }
    }
}

fn add_claims(out: &mut Prov, corpus: &Corpus) {
    for face in &corpus.claims {
        let id = name(&face.claim.id);
        let types = json!([kind("p:Claim"), kind("prov:Collection")]);
        out.put("entity", id.clone(), json!({ "prov:type": types, "prov:label": face.text }));
        for member in &face.claim.members {
            out.relate("hadMember", json!({ "prov:collection": id, "prov:entity": name(member) }));
        }
    }
}

fn add_derivations(out: &mut Prov, corpus: &Corpus) {
    for it in &corpus.derivations {
        if it.relation == DocumentRelation::CommonSource {
            let unseen = format!("p:unseen-{}-{}", it.from, it.to);
            let words = "a source that is not in the store";
            out.put("entity", unseen.clone(), json!({ "prov:type": kind("p:UnseenSource"), "prov:label": words }));
            for end in [&it.from, &it.to] {
                let derived = derived(name(end), unseen.clone(), it.relation, it.order, it.score, &it.evidence);
                out.relate("wasDerivedFrom", derived);
            }
        } else if it.order == Order::Unknown {
            let both = format!("p:undirected-{}-{}", it.from, it.to);
            let types = json!([kind("p:UndirectedRelation"), kind("prov:Collection")]);
            let words = "one repeats the other, or both a third; nothing says which";
            let entity = json!({ "prov:type": types, "prov:label": words, "p:relation": it.relation.name() });
            out.put("entity", both.clone(), entity);
            for end in [&it.from, &it.to] {
                out.relate("hadMember", json!({ "prov:collection": both, "prov:entity": name(end) }));
            }
        } else {
            let derived = derived(name(&it.to), name(&it.from), it.relation, it.order, it.score, &it.evidence);
            out.relate("wasDerivedFrom", derived);
        }
    }
}

/// Repeats of claims, from statement to statement; those of unknown order stay members of one claim and no more.
fn add_repeats(out: &mut Prov, corpus: &Corpus) {
    let firsts = corpus.firsts();
    for it in corpus.claim_edges.iter().filter(|it| it.order != Order::Unknown) {
        let ends = (firsts.get(&(&it.claim, &it.to)), firsts.get(&(&it.claim, &it.from)));
        if let ((Some(later), Some(earlier)), false) = (ends, it.relation == DocumentRelation::CommonSource) {
            let (later, earlier) = (name(&later.id), name(&earlier.id));
            let mut repeat = derived(later, earlier, it.relation, it.order, it.score, &it.evidence);
            repeat["p:claim"] = json!(name(&it.claim));
            out.relate("wasDerivedFrom", repeat);
        }
    }
}

fn derived(
    later: String,
    earlier: String,
    relation: DocumentRelation,
    order: Order,
    score: f64,
    evidence: &[Evidence],
) -> Value {
    let rules: Vec<&str> = evidence.iter().map(|it| it.rule.as_str()).collect();
    let mut value = json!({
        "prov:generatedEntity": later, "prov:usedEntity": earlier, "p:relation": relation.name(),
        "p:order": order.name(), "p:score": (score * 10_000.0).round() / 10_000.0,
    });
    if !rules.is_empty() {
        value["p:evidence"] = json!(rules);
    }
    value
}
