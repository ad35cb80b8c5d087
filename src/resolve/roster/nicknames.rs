//! Nicknames that a document gives to somebody it names.

use super::Roster;

impl Roster {
    /// "known as “Red”", "by the nickname “White Rex”": a name for the person last mentioned before.
    pub(super) fn add_nicknames(&mut self, text: &str) {
        self.mentions.sort_by_key(|mention| (mention.span.start, mention.span.end));
        let folded = text;
        for sign in ["nickname ", "nicknamed ", "known as ", "call sign ", "callsign ", "alias ", "code name "] {
            for (at, _) in folded.match_indices(sign) {
                let rest = &text[at + sign.len()..];
                let Some(name) = quoted(rest) else { continue };
                let before = self.mentions.partition_point(|mention| mention.span.start < at);
                let Some(mention) = before.checked_sub(1).map(|i| self.mentions[i]) else { continue };
                let between = text.get(mention.span.end..at).unwrap_or("\n\n");
                // "Hale spoke of the man known as “Red”": the participle belongs to the noun before it, not to Hale.
                let own = !sign.ends_with("ed ") && !sign.ends_with("as ") || between.split_whitespace().all(is_copula);
                if own && between.len() <= 400 && !between.contains("\n\n") {
                    self.people[mention.person].nicknames.insert(name.to_string());
                }
            }
        }
    }
}

/// What may stand between a name and "known as" or "nicknamed" where both are about one person.
fn is_copula(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    const WORDS: &[&str] = &[
        "",
        "who",
        "is",
        "was",
        "are",
        "were",
        "has",
        "had",
        "been",
        "also",
        "better",
        "best",
        "widely",
        "commonly",
        "often",
        "popularly",
        "sometimes",
        "once",
        "formerly",
        "long",
        "affectionately",
        "he",
        "she",
        "and",
        "later",
        "himself",
        "herself",
    ];
    WORDS.contains(&word.as_str())
}

fn quoted(rest: &str) -> Option<&str> {
    let open = rest.chars().next().filter(|&c| crate::text::is_quotation_mark(c))?;
    let inner = &rest[open.len_utf8()..];
    // An apostrophe ends nothing that a double mark opened: “Lyin’ Fred”.
    let single = |c: char| matches!(c, '\'' | '’' | '‘' | '‚' | '‛');
    let closes = |c: char| crate::text::is_quotation_mark(c) && (single(open) || !single(c));
    let end = inner.find(closes)?;
    let name = inner[..end].trim_matches(|c: char| c == ',' || c == '.' || c.is_whitespace());
    let short = !name.is_empty() && name.len() <= 40 && !name.contains('\n');
    (short && name.chars().next().is_some_and(char::is_uppercase)).then_some(name)
}
