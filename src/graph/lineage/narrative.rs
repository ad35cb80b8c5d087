//! Narrative that names no source and may repeat what another document has from somebody.
//!
//! In: material and the derivations found in it. Out: candidates, a stretch of one document's own narrative with a
//! statement of another document. Nothing is called a repeat here: whoever asks compares the words.
//!
//! Left out on purpose: sentences that hold a word of reporting (their source may just not have been found), those that
//! follow an attributed sentence in the same paragraph (it may still be the same voice), quotations, headlines, and
//! documents that credit the same thing to somebody anywhere else. Hearsay ("there have been reports of …") counts as
//! narrative between documents that share text.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::graph::first_seen::surely_before;
use crate::graph::{Material, StatementCard};
use crate::lang::{self, CueTable};
use crate::model::{Derivation, DocumentRelation, Id, Order};
use crate::text::Span;

use super::pair::File;
use super::profile::{Profile, SentenceWords};
use super::shared::words_span;
use super::voice::{Voice, voice};

/// Heavy words that a stretch must share with a statement, and the share of the statement's heavy words they must be.
const SHARED_WORDS: usize = 3;
const SHARED_PART: f64 = 0.4;

/// Runs of four words that must be shared where nothing else relates the documents: eight words in a row.
const SHARED_RUNS: usize = 5;

/// So many claims in common make two documents speak of the same things.
pub const SHARED_CLAIMS: usize = 2;

/// A claim in more documents than this brings none together.
pub const WIDE_CLAIM: usize = 40;

/// What else speaks for it that one document knows the other, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tie {
    /// They share narrative: one derives from the other, or both from a third.
    Text,
    /// They carry several claims in common.
    Claims,
    Nothing,
}

/// A stretch of narrative that may repeat a statement.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BareRepeat {
    pub document: Id,
    pub window: Span,
    pub statement: Id,
    pub tie: Tie,
    /// The window begins with words that tell it as hearsay: they are part of the repeat.
    pub hearsay: bool,
}

/// Which documents are asked about, and which others each of them is compared with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Around {
    pub asked: BTreeSet<Id>,
    /// Document → those that share runs of words with it.
    pub near: BTreeMap<Id, BTreeSet<Id>>,
    /// Document → those that carry several of its claims, none of them in more than `WIDE_CLAIM` documents.
    pub sharing: BTreeMap<Id, BTreeSet<Id>>,
}

/// `derivations` must hold those into the documents of the material, and of kin all that lead there.
pub fn bare_repeats(
    material: &Material,
    files: &[File],
    derivations: &[Derivation],
    around: &Around,
) -> Vec<BareRepeat> {
    let said = Said::of(material, files);
    let kin = Kin::of(files, derivations, around);
    let mut found: Vec<BareRepeat> = (0..files.len())
        .into_par_iter()
        .filter(|&at| around.asked.contains(&files[at].card.id) && !kin.is_alone(at))
        .flat_map_iter(|at| {
            let windows = windows(&files[at]);
            let mut found = said.by_kin(files, &kin, at, &windows);
            found.extend(said.by_runs(files, &kin, at, &windows));
            found
        })
        .collect();
    // a pair found in two ways stays with its strongest tie
    found.sort();
    found.dedup_by(|next, kept| {
        (&next.document, next.window, &next.statement) == (&kept.document, kept.window, &kept.statement)
    });
    found
}

/// Whether either of two documents that share no narrative may have a statement of the other without its source: a sentence
/// without quoted words shares a long run with the other one. `by_runs` finds nothing between others.
pub(super) fn may_have_from(a: &Profile, b: &Profile) -> bool {
    let has_from = |own: &Profile, other: &Profile| {
        own.sentences.iter().filter(|it| is_own_words(it)).any(|it| {
            let runs = sorted(own.runs_in(it.from, it.to).collect());
            runs.into_iter().filter(|run| other.places(*run).next().is_some()).count() >= SHARED_RUNS
        })
    };
    has_from(a, b) || has_from(b, a)
}

/// A sentence that can be a window of narrative as far as its words tell: nothing quoted, and enough to go by.
fn is_own_words(sentence: &SentenceWords) -> bool {
    sentence.quoted == 0 && sentence.keys.len() >= SHARED_WORDS
}

/// One or two sentences of narrative as a range of words.
struct Window {
    from: usize,
    to: usize,
    /// Sorted heavy keys, each once.
    keys: Vec<u64>,
    /// How many sentences.
    sentences: usize,
    /// Told by nobody, with its place in the text.
    hearsay: Option<Span>,
}

/// A statement with a source, as words of its document.
struct Saying<'m> {
    card: &'m StatementCard,
    file: usize,
    claim: Option<&'m Id>,
    /// Sorted heavy keys, each once.
    keys: Vec<u64>,
    /// Sorted runs of words, each once.
    runs: Vec<u64>,
}

/// All statements that name a source.
struct Said<'m> {
    sayings: Vec<Saying<'m>>,
    of_file: Vec<Vec<usize>>,
    /// Runs of words in the sayings of each file, sorted, each once.
    runs: Vec<Vec<u64>>,
}

impl<'m> Said<'m> {
    fn of(material: &'m Material, files: &[File<'m>]) -> Self {
        let file_of: BTreeMap<&Id, usize> = files.iter().enumerate().map(|(at, file)| (&file.card.id, at)).collect();
        let mut claim_of: BTreeMap<&Id, &Id> = BTreeMap::new();
        for card in &material.claims {
            claim_of.extend(card.claim.members.iter().map(|member| (member, &card.claim.id)));
        }
        let (of_file, runs) = (vec![Vec::new(); files.len()], vec![Vec::new(); files.len()]);
        let mut said = Said { sayings: Vec::new(), of_file, runs };
        for card in material.statements.iter().filter(|card| is_sourced(card)) {
            let Some(&file) = file_of.get(&card.document) else { continue };
            let profile = files[file].profile;
            let ranges: Vec<(usize, usize)> = card.spans.iter().map(|span| word_range(profile, *span)).collect();
            let keys: BTreeSet<u64> = ranges
                .iter()
                .flat_map(|&(from, to)| &profile.words[from..to])
                .filter(|word| word.heavy)
                .map(|word| word.key)
                .collect();
            if keys.len() < SHARED_WORDS {
                continue;
            }
            let number = said.sayings.len();
            let runs: BTreeSet<u64> = ranges.iter().flat_map(|&(from, to)| profile.runs_in(from, to)).collect();
            said.of_file[file].push(number);
            let claim = claim_of.get(&card.id).copied();
            said.runs[file].extend(&runs);
            let (keys, runs) = (keys.into_iter().collect(), runs.into_iter().collect());
            said.sayings.push(Saying { card, file, claim, keys, runs });
        }
        for runs in &mut said.runs {
            *runs = sorted(std::mem::take(runs));
        }
        said
    }

    /// Candidates among the documents that `at` shares text or claims with.
    fn by_kin(&self, files: &[File], kin: &Kin, at: usize, windows: &[Window]) -> Vec<BareRepeat> {
        let mut found = Vec::new();
        if windows.is_empty() {
            return found;
        }
        for (other, tie) in kin.around(at) {
            for saying in self.of_file[other].iter().map(|&number| &self.sayings[number]) {
                let may_repeat = self.may_repeat(files, kin, at, saying, None);
                let best_alone =
                    windows.iter().filter(|it| it.sentences == 1).map(|it| shared(&it.keys, &saying.keys)).max();
                for window in windows {
                    let fits = match window.hearsay {
                        Some(within) => tie == Tie::Text && self.may_repeat(files, kin, at, saying, Some(within)),
                        None => may_repeat,
                    };
                    if !fits {
                        continue;
                    }
                    let count = shared(&window.keys, &saying.keys);
                    let enough = count >= SHARED_WORDS && count as f64 >= SHARED_PART * saying.keys.len() as f64;
                    // two sentences only where neither has it alone
                    if enough && (window.sentences == 1 || Some(count) > best_alone) {
                        found.push(candidate(&files[at], window, saying, tie));
                    }
                }
            }
        }
        found
    }

    /// Candidates in the documents nearby that share a long run of words.
    fn by_runs(&self, files: &[File], kin: &Kin, at: usize, windows: &[Window]) -> Vec<BareRepeat> {
        let mut found = Vec::new();
        let plain = windows.iter().filter(|window| window.sentences == 1 && window.hearsay.is_none());
        let plain: Vec<(&Window, Vec<u64>)> =
            plain.map(|window| (window, sorted(files[at].profile.runs_in(window.from, window.to).collect()))).collect();
        let all = sorted(plain.iter().flat_map(|(_, runs)| runs).copied().collect());
        for &other in kin.near[at].iter().filter(|other| shared(&all, &self.runs[**other]) >= SHARED_RUNS) {
            for saying in self.of_file[other].iter().map(|&number| &self.sayings[number]) {
                for (window, runs) in &plain {
                    if shared(runs, &saying.runs) >= SHARED_RUNS && self.may_repeat(files, kin, at, saying, None) {
                        found.push(candidate(&files[at], window, saying, Tie::Nothing));
                    }
                }
            }
        }
        found
    }

    /// Whether the document may have the saying from elsewhere and without a source: it is not the earlier one, and does
    /// not credit the same thing to anybody, unless in the very words in question (`within`).
    fn may_repeat(&self, files: &[File], kin: &Kin, at: usize, saying: &Saying, within: Option<Span>) -> bool {
        if kin.is_forebear(at, saying.file) {
            return false;
        }
        if let (Some(own), Some(theirs)) = (&files[at].card.published, &files[saying.file].card.published)
            && surely_before(own, theirs)
        {
            return false;
        }
        let elsewhere = |own: &&Saying| within.is_none_or(|span| !own.card.spans.iter().all(|it| span.contains(*it)));
        !self.of_file[at].iter().map(|&number| &self.sayings[number]).filter(elsewhere).any(|own| {
            let least = own.keys.len().min(saying.keys.len());
            let count = shared(&own.keys, &saying.keys);
            own.claim.is_some() && own.claim == saying.claim || count >= SHARED_WORDS && 2 * count >= least
        })
    }
}

fn is_sourced(card: &StatementCard) -> bool {
    card.repeat_of.is_none() && (!card.source.is_empty() || card.has_speaker())
}

fn candidate(file: &File, window: &Window, saying: &Saying, tie: Tie) -> BareRepeat {
    BareRepeat {
        document: file.card.id.clone(),
        window: words_span(file.profile, window.from, window.to),
        statement: saying.card.id.clone(),
        tie,
        hearsay: window.hearsay.is_some(),
    }
}

/// The words that lie inside a span, as a range.
pub fn word_range(profile: &Profile, span: Span) -> (usize, usize) {
    let from = profile.words.partition_point(|word| word.span.start < span.start);
    let to = profile.words.partition_point(|word| word.span.end <= span.end);
    (from, to.max(from))
}

/// Sorted, each once.
fn sorted(mut runs: Vec<u64>) -> Vec<u64> {
    runs.sort_unstable();
    runs.dedup();
    runs
}

/// How many keys two sorted lists share.
fn shared(a: &[u64], b: &[u64]) -> usize {
    let (mut i, mut j, mut count) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, count) = (i + 1, j + 1, count + 1),
        }
    }
    count
}

/// The narrative of a document: sentences, and pairs of neighbours in one line. Nothing where the language's words of
/// reporting are not known.
fn windows(file: &File) -> Vec<Window> {
    let card = file.card;
    let Some(cues) = lang::cues(lang::language(&card.language)) else { return Vec::new() };
    let profile = file.profile;
    let spans: Vec<Span> = profile.sentences.iter().map(|it| words_span(profile, it.from, it.to)).collect();
    let same_line = |a: usize, b: usize| !card.text.get(spans[a].end..spans[b].start).unwrap_or("\n").contains('\n');
    let voices: Vec<Voice> = spans.iter().map(|span| voice_of(file, *span, cues)).collect();
    let bare: Vec<bool> = (0..spans.len())
        .map(|at| {
            let continues = at > 0 && voices[at - 1] == Voice::Somebodys && same_line(at - 1, at);
            let in_headline = card.headlines.iter().any(|headline| headline.overlaps(spans[at]));
            let voiced = voices[at] == Voice::Somebodys;
            !voiced && !continues && !in_headline && is_own_words(&profile.sentences[at])
        })
        .collect();
    let mut found = Vec::new();
    for at in (0..spans.len()).filter(|&at| bare[at]) {
        let sentence = &profile.sentences[at];
        let (hearsay, from) = match voices[at] {
            Voice::Hearsay(from) => {
                let start = spans[at].start + from;
                (Some(spans[at]), profile.words.partition_point(|word| word.span.start < start))
            }
            _ => (None, sentence.from),
        };
        found.push(Window { from, to: sentence.to, keys: sentence.keys.clone(), sentences: 1, hearsay });
        let both_plain = voices[at..].iter().take(2).all(|voice| *voice == Voice::Plain);
        if both_plain && at + 1 < spans.len() && bare[at + 1] && same_line(at, at + 1) {
            let next = &profile.sentences[at + 1];
            let keys: BTreeSet<u64> = sentence.keys.iter().chain(&next.keys).copied().collect();
            let keys = keys.into_iter().collect();
            found.push(Window { from: sentence.from, to: next.to, keys, sentences: 2, hearsay: None });
        }
    }
    found
}

/// The voice of a sentence. What somebody is credited with in a clause that hangs on hearsay does not make the hearsay
/// theirs: "there have been reports of gunfire in the old town, which many expect to be cleared".
fn voice_of(file: &File, span: Span, cues: &CueTable) -> Voice {
    let text = span.of(&file.card.text);
    let voice = voice(text, cues);
    let hanging = match voice {
        Voice::Hearsay(from) => {
            HANGING.iter().filter_map(|it| text[from..].find(it)).min().map(|at| span.start + from + at)
        }
        _ => None,
    };
    let credited = |part: &&Span| part.overlaps(span) && hanging.is_none_or(|at| part.start < at);
    if file.parts.iter().any(|part| credited(&part)) { Voice::Somebodys } else { voice }
}

/// What a clause begins with that hangs on the one before.
const HANGING: &[&str] = &[", which ", ", who ", ", whose ", ", where "];

/// Which documents share text, and which come before which.
struct Kin {
    group_of: Vec<usize>,
    groups: BTreeMap<usize, Vec<usize>>,
    /// File → files that carry several of its claims.
    sharing: Vec<Vec<usize>>,
    /// File → files that share runs of words with it.
    near: Vec<Vec<usize>>,
    /// File → files it derives from, and whether it does by more than naming them.
    parents: Vec<Vec<(usize, bool)>>,
}

impl Kin {
    fn of(files: &[File], derivations: &[Derivation], around: &Around) -> Self {
        let number: BTreeMap<&Id, usize> = files.iter().enumerate().map(|(at, file)| (&file.card.id, at)).collect();
        let mut group_of: Vec<usize> = (0..files.len()).collect();
        let mut parents = vec![Vec::new(); files.len()];
        for derivation in derivations {
            let (Some(&from), Some(&to)) = (number.get(&derivation.from), number.get(&derivation.to)) else { continue };
            let by_text = derivation.relation != DocumentRelation::Cites;
            if derivation.order != Order::Unknown {
                parents[to].push((from, by_text));
            }
            if by_text {
                let (a, b) = (root(&group_of, from), root(&group_of, to));
                group_of[a.max(b)] = a.min(b);
            }
        }
        let group_of: Vec<usize> = (0..files.len()).map(|at| root(&group_of, at)).collect();
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, group) in group_of.iter().enumerate() {
            groups.entry(*group).or_default().push(at);
        }
        let places = |of: &BTreeMap<Id, BTreeSet<Id>>, at: usize| -> Vec<usize> {
            let others = of.get(&files[at].card.id).into_iter().flatten();
            others.filter_map(|id| number.get(id)).copied().filter(|other| *other != at).collect()
        };
        let sharing = (0..files.len()).map(|at| places(&around.sharing, at)).collect();
        let near = (0..files.len()).map(|at| places(&around.near, at)).collect();
        Kin { group_of, groups, sharing, near, parents }
    }

    /// Whether there is nobody to compare a document with.
    fn is_alone(&self, at: usize) -> bool {
        self.near[at].is_empty() && self.sharing[at].is_empty() && self.groups[&self.group_of[at]].len() == 1
    }

    /// The documents that this one shares text or claims with.
    fn around(&self, at: usize) -> BTreeMap<usize, Tie> {
        let sharing = self.sharing[at].iter().map(|&other| (other, Tie::Claims));
        let group = self.groups.get(&self.group_of[at]).into_iter().flatten().map(|&other| (other, Tie::Text));
        // the later ones win: shared text is the stronger tie
        sharing.chain(group).filter(|(other, _)| *other != at).collect()
    }

    /// Whether `older` is among what `of` derives from, at any distance, or what it names.
    fn is_forebear(&self, older: usize, of: usize) -> bool {
        let mut seen = BTreeSet::new();
        let mut waiting = vec![of];
        while let Some(at) = waiting.pop() {
            if self.parents[at].iter().any(|(parent, by_text)| *parent == older && (*by_text || at == of)) {
                return true;
            }
            if seen.insert(at) {
                waiting.extend(self.parents[at].iter().filter(|(_, by_text)| *by_text).map(|(parent, _)| *parent));
            }
        }
        false
    }
}

impl Around {
    /// Every document of a material that is whole with all others in it. `near`: places of those that share runs of words.
    pub fn of(material: &Material, near: &[(usize, usize)]) -> Around {
        let id = |at: usize| material.documents[at].id.clone();
        let mut around =
            Around { asked: material.documents.iter().map(|it| it.id.clone()).collect(), ..Around::default() };
        for &(a, b) in near {
            around.near.entry(id(a)).or_default().insert(id(b));
            around.near.entry(id(b)).or_default().insert(id(a));
        }
        let document: BTreeMap<&Id, &Id> = material.statements.iter().map(|it| (&it.id, &it.document)).collect();
        let mut counts: BTreeMap<(&Id, &Id), usize> = BTreeMap::new();
        for card in &material.claims {
            let members = card.claim.members.iter();
            let list: BTreeSet<&Id> = members.filter_map(|member| document.get(member).copied()).collect();
            for a in list.iter().filter(|_| list.len() <= WIDE_CLAIM) {
                list.iter().filter(|b| a != *b).for_each(|b| *counts.entry((a, b)).or_default() += 1);
            }
        }
        for ((a, b), _) in counts.into_iter().filter(|(_, count)| *count >= SHARED_CLAIMS) {
            around.sharing.entry(a.clone()).or_default().insert(b.clone());
        }
        around
    }
}

fn root(groups: &[usize], of: usize) -> usize {
    let mut at = of;
    while groups[at] != at {
        at = groups[at];
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{ClaimCard, DocumentCard};
    use crate::model::{Claim, Date, Kind};

    const SAID: &str = "Two boats packed with tar were towed away from the barrier before dawn, the agency reported.";
    const BARE: &str = "Rescue workers towed two boats packed with tar away from the barrier before dawn.";

    /// Two documents of one claim-sharing pair; the first has the statement. `own`: words of the second that it credits.
    fn material(second: &str, days: (&str, &str), own: Option<&str>) -> Material {
        let card = |id: &str, day: &str, text: &str| DocumentCard {
            id: Id(id.into()),
            published: Date::parse_iso(day),
            text: text.to_string(),
            language: "en".to_string(),
            ..DocumentCard::default()
        };
        let documents = vec![card("d1", days.0, SAID), card("d2", days.1, second)];
        let mut statements =
            vec![statement("s1", "d1", SAID, "Two boats packed with tar were towed away from the barrier before dawn")];
        statements.extend(own.map(|words| statement("s2", "d2", second, words)));
        let shared = |id: &str| ClaimCard {
            claim: Claim { id: Id(id.into()), representative: Id("s1".into()), members: vec![Id("s1".into())] },
            text: String::new(),
            speaker_name: String::new(),
            speaker: None,
        };
        Material { documents, statements, claims: vec![shared("c1")], ..Material::default() }
    }

    fn statement(id: &str, document: &str, text: &str, words: &str) -> StatementCard {
        let start = text.find(words).expect("the words stand there");
        let span = Span::new(start, start + words.len());
        StatementCard {
            id: Id(id.into()),
            document: Id(document.into()),
            speaker: None,
            speaker_name: String::new(),
            source: "the agency".to_string(),
            cue: "reported".to_string(),
            content: words.to_string(),
            start,
            spans: vec![span],
            parts: vec![span],
            kind: Kind::Indirect,
            marks_lost: false,
            chain: Vec::new(),
            repeat_of: None,
        }
    }

    /// The windows of the second document that may repeat the first one's statement, the two being related by text.
    fn windows_of(material: &Material) -> Vec<String> {
        let derivation = Derivation {
            from: Id("d1".into()),
            to: Id("d2".into()),
            relation: DocumentRelation::Paraphrased,
            order: Order::Unknown,
            score: 0.7,
            evidence: Vec::new(),
        };
        let found = repeats(material, &[derivation]);
        found.iter().map(|it| it.window.of(&material.documents[1].text).to_string()).collect()
    }

    fn repeats(material: &Material, derivations: &[Derivation]) -> Vec<BareRepeat> {
        let mut texts = crate::graph::Texts::default();
        texts.read(&material.documents);
        let ground = crate::graph::Ground::new(material, &texts, &[]);
        ground.bare_repeats(derivations, &Around::of(material, &[(0, 1)]))
    }

    const OPEN: (&str, &str) = ("2024-03-04", "2024-03-05");

    #[test]
    fn narrative_that_may_repeat_is_offered() {
        assert_eq!(windows_of(&material(BARE, OPEN, None)), [BARE.trim_end_matches('.')]);
        let two = "Two boats packed with tar lay at the barrier. They were towed away before dawn.";
        let offered = windows_of(&material(two, OPEN, None));
        assert!(offered.contains(&two.trim_end_matches('.').to_string()), "{offered:?}");
    }

    #[test]
    fn what_is_earlier_attributed_or_after_an_attribution_is_not() {
        assert!(windows_of(&material(BARE, ("2024-03-05", "2024-03-04"), None)).is_empty());
        let credited = BARE.replace("Rescue workers towed", "Rescue workers said they towed");
        assert!(windows_of(&material(&credited, OPEN, None)).is_empty());
        assert!(windows_of(&material(BARE, OPEN, Some("towed two boats packed with tar away"))).is_empty());
        let after = format!("The harbour is shut, the mayor said. {BARE}");
        assert!(windows_of(&material(&after, OPEN, None)).is_empty());
        let elsewhere = format!("{BARE}\n\nTwo boats packed with tar were towed away, the mayor added.");
        let own = "Two boats packed with tar were towed away";
        assert!(windows_of(&material(&elsewhere, OPEN, Some(own))).is_empty());
    }

    #[test]
    fn hearsay_may_repeat_what_somebody_says_elsewhere() {
        let hearsay = "there have been reports of two boats packed with tar towed away from the barrier before dawn";
        assert_eq!(windows_of(&material(&format!("Meanwhile {hearsay}"), OPEN, None)), [hearsay]);
        let hanging = format!("{hearsay}, which many expect to be closed with tar boats before dawn");
        let own = "to be closed with tar boats before dawn";
        assert_eq!(windows_of(&material(&hanging, OPEN, Some(own))), [hanging.as_str()]);
        // somebody has reports of it
        assert!(windows_of(&material(hearsay, OPEN, Some("two boats packed with tar"))).is_empty());
        let told = format!("{hearsay}, a rescue worker said");
        assert!(windows_of(&material(&told, OPEN, None)).is_empty());
        // without shared text hearsay proves nothing
        let ground_of = material(hearsay, OPEN, None);
        assert!(repeats(&ground_of, &[]).is_empty());
    }

    #[test]
    fn headlines_and_other_languages_are_left_out() {
        let mut in_headline = material(BARE, OPEN, None);
        in_headline.documents[1].headlines = vec![Span::new(0, BARE.len())];
        assert!(windows_of(&in_headline).is_empty());
        let mut unknown = material(BARE, OPEN, None);
        unknown.documents[1].language = "und".to_string();
        assert!(windows_of(&unknown).is_empty());
    }
}
