//! One document from text to analysis: read, extract, resolve, keys for search and linking. A pure function.

use crate::extract::{self, ExtractOptions};
use crate::lang::{self, Language};
use crate::link::{self, Meaning, Outline};
use crate::model::{Attribution, Date, Document, Extractor, Id, LocalEntity, Variant};
use crate::read;
use crate::resolve;
use crate::store::{Analysis, NewStatement};
use crate::text::Span;

/// Everything that can be derived from one document alone.
pub fn analyse(document: &Document, extractor: Extractor) -> Analysis {
    analyse_outlined(document, extractor).0
}

/// As `analyse`; with it the outline of every statement, as long as its words lie ready.
pub(super) fn analyse_outlined(document: &Document, extractor: Extractor) -> (Analysis, Vec<Outline>) {
    let language = lang::language(document.language_code());
    let text = document.text.as_str();
    let reading = read::reading(text, language);
    let options = ExtractOptions {
        extractor,
        published: document.published.as_ref().map(|date| date.value.clone()),
        ..ExtractOptions::default()
    };
    let attributions = extract::attributions(&reading, language, &options);
    let speakers = resolve::speakers(&reading, &attributions, language);
    let mut variants: Vec<Variant> = Vec::with_capacity(attributions.len());
    for (attribution, speaker) in attributions.iter().zip(&speakers.of) {
        let entity = speaker.as_ref().and_then(|it| speakers.entities.get(it.local));
        variants.push(variant(document, attribution, entity, language));
    }
    if extractor == Extractor::Accurate
        && let Some(mut meaning) = Meaning::of(language)
    {
        let made = meaning.of_variants(&variants);
        variants.iter_mut().zip(made).for_each(|(variant, made)| variant.embedding = Some(made));
    }
    let mut statements = Vec::with_capacity(variants.len());
    let mut outlines = Vec::with_capacity(variants.len());
    for ((attribution, speaker), variant) in attributions.into_iter().zip(speakers.of).zip(variants) {
        let prepared = link::prepare(&variant);
        outlines.push(link::outline(&prepared));
        statements.push(NewStatement {
            folded: folded(&variant.text),
            link_keys: link::candidate_keys(&prepared),
            embedding: variant.embedding,
            attribution,
            speaker: speaker.map(|it| (it.local, it.via, it.evidence)),
        });
    }
    let analysis =
        Analysis { passages: reading.passages, entities: speakers.entities, statements, folded: folded(text) };
    (analysis, outlines)
}

/// The match keys of a text, joined by spaces.
pub(super) fn folded(text: &str) -> String {
    let keys: Vec<String> = lang::keys(text).into_iter().map(|(key, _)| key).collect();
    keys.join(" ")
}

/// What linking may look at. Statement and document ids are filled in once they are stored.
pub(super) fn variant(
    document: &Document,
    attribution: &Attribution,
    speaker: Option<&LocalEntity>,
    language: &Language,
) -> Variant {
    let published = document.published.as_ref().map(|date| &date.value);
    let printed = Printed { text: &document.text, outlet: document.outlet_name(), published };
    variant_in(&printed, attribution, speaker, language)
}

/// What linking looks at of a document.
pub(super) struct Printed<'d> {
    pub text: &'d str,
    pub outlet: &'d str,
    pub published: Option<&'d Date>,
}

/// As `variant`, from the parts of a document.
pub(super) fn variant_in(
    printed: &Printed,
    attribution: &Attribution,
    speaker: Option<&LocalEntity>,
    language: &Language,
) -> Variant {
    let words = |spans: &[Span]| {
        let parts: Vec<&str> = spans.iter().map(|span| span.of(printed.text)).collect();
        parts.join(" ")
    };
    let mut aliases: Vec<String> = speaker
        .map(|entity| entity.aliases.iter().map(|alias| alias.text.clone()).chain(entity.roles.clone()).collect())
        .unwrap_or_default();
    aliases.sort();
    aliases.dedup();
    let said_on: Option<&Date> = attribution.said_on.as_ref();
    Variant {
        statement: Id::default(),
        document: Id::default(),
        text: words(&attribution.content),
        speaker: speaker.map_or(String::new(), |entity| entity.name.clone()),
        speaker_aliases: aliases,
        cue: words(&attribution.cue),
        kind: attribution.kind,
        negated: attribution.negated,
        act: attribution.act,
        entity: None,
        outlet: printed.outlet.to_string(),
        date: said_on.or(printed.published).cloned(),
        language: language.code.to_string(),
        embedding: None,
    }
}
