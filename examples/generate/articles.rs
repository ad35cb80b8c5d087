//! Made-up articles in any number, for measuring at scale: statements of made-up people, a part of them repeated later in
//! other articles with changes of a known kind. The same seed gives the same bytes.

use std::fmt::Write;
use std::sync::LazyLock;

/// Statements in one article.
pub const STATEMENTS: u64 = 12;

/// One statement in so many is a repeat of an earlier one.
const REPEAT_ONE_IN: u64 = 5;

/// What was done to the words of a repeated statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Nothing,
    Punctuation,
    /// One word in so many was replaced.
    Words(usize),
    /// Only the second half is left.
    Clip,
    Ellipsis,
    /// Two letters swapped in a few words.
    Typos,
}

const CHANGES: [Change; 7] = [
    Change::Nothing,
    Change::Punctuation,
    Change::Words(20),
    Change::Words(8),
    Change::Clip,
    Change::Ellipsis,
    Change::Typos,
];

/// A statement that repeats an earlier one.
#[derive(Clone, Debug)]
pub struct Planted {
    /// Number of the article that had it first, and of the statement in it.
    pub of: (u64, u64),
    /// Number of the statement in this article.
    pub here: u64,
    pub change: Change,
}

#[derive(Clone, Debug)]
pub struct Article {
    pub outlet: String,
    pub date: String,
    pub title: String,
    pub text: String,
    pub planted: Vec<Planted>,
    /// Contents of the statements, without marks.
    pub contents: Vec<String>,
}

/// SplitMix64 (Steele, Lea, Flood 2014): small, seedable anywhere.
pub struct Dice(u64);

impl Dice {
    pub fn of(seed: u64, stream: u64) -> Dice {
        let mut dice = Dice(seed ^ stream.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        dice.next();
        dice
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }

    /// An index below `n` where small ones come up much more often, as words do.
    fn common_first(&mut self, n: usize) -> usize {
        let even = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        ((even * even * even) * n as f64) as usize
    }

    fn pick<'w>(&mut self, words: &'w [&'w str]) -> &'w str {
        words[self.common_first(words.len())]
    }

    /// A word of a class, as often as news uses it.
    fn word(&mut self, class: usize) -> &'static str {
        let words = &WORDS[class];
        let at = self.below(words.last().map_or(1, |(sum, _)| *sum));
        words[words.partition_point(|(sum, _)| *sum <= at)].1
    }
}

/// Words as news uses them: each with the number of paragraphs it stands in, in the table that linking weighs words by.
/// Made-up statements then share as much by chance as real ones do.
const USED: &str = include_str!("../../src/lang/background.en.tsv");

/// Words of that table in three classes, with running sums of how often they are used.
static WORDS: LazyLock<[Vec<(u64, &str)>; 3]> = LazyLock::new(|| {
    let mut classes: [Vec<(u64, &str)>; 3] = Default::default();
    for (number, line) in USED.lines().skip(1).enumerate() {
        let Some((word, used)) = line.split_once('\t') else { continue };
        let plain = word.len() >= 4 && word.bytes().all(|letter| letter.is_ascii_lowercase());
        // the commonest are function words
        if let Some(used) = used.parse::<u64>().ok().filter(|used| plain && *used < 1500) {
            let class = &mut classes[number % 3];
            class.push((class.last().map_or(0, |(sum, _)| *sum) + used, word));
        }
    }
    classes
});

const THING: usize = 0;
const DOING: usize = 1;
const MANNER: usize = 2;

const ROLES: &[&str] = &[
    "mayor",
    "spokesman",
    "minister",
    "chairwoman",
    "engineer",
    "police chief",
    "economist",
    "union leader",
    "historian",
];
const GIVEN: &[&str] = &[
    "Anna", "Peter", "Maria", "Jonas", "Ines", "Oskar", "Lena", "Viktor", "Clara", "Emil", "Sofia", "Anton", "Greta",
    "Hugo", "Marta", "Felix", "Rosa", "Karl", "Nora", "Ivan",
];
const OUTLETS: &[&str] = &[
    "The Harbour Post",
    "Inland Courier",
    "Northern Ledger",
    "Daily Compass",
    "Lagoon Gazette",
    "The Meridian",
    "Valley Standard",
    "Coast Wire",
    "Morning Herald",
    "Evening Dispatch",
    "The Observer of Talvik",
    "Ridge Tribune",
];
const ONSETS: &[&str] = &["b", "br", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "st", "t", "v", "w", "z"];
const VOWELS: &[&str] = &["a", "e", "i", "o", "u", "ei", "au"];
const ENDS: &[&str] = &["berg", "dal", "ensen", "holm", "ik", "ler", "mann", "nov", "stad", "tin", "vik", "wick"];

/// A made-up name, one of `many`.
fn name(dice: &mut Dice, many: usize) -> String {
    let mut own = Dice::of(71, dice.common_first(many) as u64);
    let mut made = String::new();
    for part in [ONSETS, VOWELS, ONSETS, VOWELS, ENDS] {
        made.push_str(part[own.below(part.len() as u64) as usize]);
    }
    made[..1].to_uppercase() + &made[1..]
}

/// The content of a statement, without a stop.
fn content(dice: &mut Dice) -> String {
    let mut made = format!("the {} {}", dice.word(MANNER), dice.word(THING));
    let _ = write!(made, " of {} will {} the {}", name(dice, 2000), dice.word(DOING), dice.word(THING));
    if dice.below(2) == 0 {
        let _ = write!(made, " and {} {} {}", dice.word(DOING), 2 + dice.below(400), dice.word(MANNER));
        let _ = write!(made, " {}", dice.word(THING));
    }
    if dice.below(2) == 0 {
        let _ = write!(made, " before the {} of {}", dice.word(THING), name(dice, 2000));
    }
    if dice.below(3) == 0 {
        let _ = write!(made, ", because the {} {}", dice.word(MANNER), dice.word(THING));
        let _ = write!(made, " cannot {} without {}", dice.word(DOING), name(dice, 2000));
    }
    made
}

/// What statement `number` of article `article` first said, and who: (speaker, role, content).
fn original(seed: u64, article: u64, number: u64) -> (String, &'static str, String) {
    let mut dice = Dice::of(seed, article * STATEMENTS + number + 1);
    let speaker = format!("{} {}", dice.pick(GIVEN), name(&mut dice, 3000));
    (speaker, dice.pick(ROLES), content(&mut dice))
}

fn changed(content: &str, change: Change, dice: &mut Dice) -> String {
    let words: Vec<&str> = content.split(' ').collect();
    let many = words.len();
    match change {
        Change::Nothing => content.to_string(),
        Change::Punctuation => content.replace(',', " –").replace(" and ", ", and "),
        Change::Words(every) => {
            let at = dice.below(every as u64) as usize % many;
            let swap = |(index, word): (usize, &&str)| match index % every == at && index > 0 {
                true => WORDS[MANNER][index * 97 % WORDS[MANNER].len()].1.to_string(),
                false => word.to_string(),
            };
            words.iter().enumerate().map(swap).collect::<Vec<String>>().join(" ")
        }
        Change::Clip => words[many / 2..].join(" "),
        Change::Ellipsis => format!("{} … {}", words[..many / 3].join(" "), words[many / 2..].join(" ")),
        Change::Typos => {
            let typo = |(index, word): (usize, &&str)| match index % 6 == 4 && word.len() > 4 && word.is_ascii() {
                true => format!("{}{}{}{}", &word[..2], &word[3..4], &word[2..3], &word[4..]),
                false => word.to_string(),
            };
            words.iter().enumerate().map(typo).collect::<Vec<String>>().join(" ")
        }
    }
}

/// Article `number` of the world with this seed.
pub fn article(seed: u64, number: u64) -> Article {
    let mut dice = Dice::of(seed ^ 0xA57, number);
    let mut planted = Vec::new();
    let mut contents = Vec::new();
    let mut text = String::new();
    for here in 0..STATEMENTS {
        let is_repeat = number > 0 && dice.below(REPEAT_ONE_IN) == 0;
        let of = if is_repeat { (dice.below(number), dice.below(STATEMENTS)) } else { (number, here) };
        let (speaker, role, said) = original(seed, of.0, of.1);
        let change = CHANGES[dice.below(CHANGES.len() as u64) as usize];
        let said = if is_repeat { changed(&said, change, &mut dice) } else { said };
        if is_repeat {
            planted.push(Planted { of, here, change });
        }
        let narrative = content(&mut dice);
        let _ = write!(text, "In {} {narrative}. ", name(&mut dice, 2000));
        match dice.below(3) {
            0 => _ = write!(text, "“{}{},” said {speaker}, a {role}.\n\n", said[..1].to_uppercase(), &said[1..]),
            1 => _ = write!(text, "{speaker}, a {role}, said that {said}.\n\n"),
            _ => {
                _ = write!(
                    text,
                    "The {role} {speaker} told reporters: “{}{}.”\n\n",
                    said[..1].to_uppercase(),
                    &said[1..]
                )
            }
        }
        contents.push(said);
    }
    let (year, month, day) = (2020 + number / 4000 % 9, 1 + number / 300 % 12, 1 + number / 11 % 28);
    Article {
        outlet: OUTLETS[dice.below(OUTLETS.len() as u64) as usize].to_string(),
        date: format!("{year}-{month:02}-{day:02}"),
        title: format!("What {} heard about the {}", name(&mut dice, 2000), dice.word(THING)),
        text,
        planted,
        contents,
    }
}
