//! The program in a fresh folder, articles to feed it, and a small reproducible source of chance.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Generous: the machine may be busy. What is measured is printed.
pub const PATIENCE: Duration = Duration::from_secs(120);

#[track_caller]
pub fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let outcome = work();
    let took = started.elapsed();
    println!("{what}: {took:.2?}");
    assert!(took < PATIENCE, "{what} took {took:?}");
    outcome
}

/// One run of the program: exit code, standard output, standard error.
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Run {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {}\n{}", self.out, self.err))
    }

    #[track_caller]
    pub fn ok(self) -> Run {
        assert_eq!(self.code, 0, "{}\n{}", self.out, self.err);
        self
    }
}

pub fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_provenance"));
    command.current_dir(folder).env_remove("PROVENANCE_DB").env("COLUMNS", "110").env("NO_COLOR", "1");
    command.stdin(Stdio::null());
    command
}

#[track_caller]
pub fn finished(command: &mut Command) -> Run {
    let output = command.output().unwrap();
    let run = Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).expect("UTF-8 on standard output"),
        err: String::from_utf8(output.stderr).expect("UTF-8 on standard error"),
    };
    assert!(!run.err.contains("panicked"), "{}", run.err);
    assert!((0..=5).contains(&run.code), "exit code {}: {}", run.code, run.err);
    run
}

#[track_caller]
pub fn run(folder: &Path, arguments: &[&str]) -> Run {
    finished(program(folder).args(arguments))
}

/// The whole store in the public contract: two stores with the same are logically the same.
#[track_caller]
pub fn export(folder: &Path, db: &str) -> String {
    run(folder, &["--db", db, "export", "json"]).ok().out
}

/// Whether the long form of the measurements is wanted.
pub fn full() -> bool {
    std::env::var_os("PROVENANCE_ROBUST").is_some_and(|wanted| wanted == "full")
}

/// The example corpus of this project.
pub fn corpus() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/corpus");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Copies the corpus into `folder/articles`; returns the names relative to `folder`.
pub fn newsroom(folder: &Path) -> Vec<String> {
    std::fs::create_dir_all(folder.join("articles")).unwrap();
    corpus()
        .iter()
        .map(|path| {
            let name = format!("articles/{}", path.file_name().unwrap().to_str().unwrap());
            std::fs::copy(path, folder.join(&name)).unwrap();
            name
        })
        .collect()
}

/// Short articles that overlap: some statements return word for word, some reworded.
pub fn articles(count: usize) -> Vec<String> {
    const WHO: [&str; 7] = [
        "Ada Brandt",
        "Piotr Wieczorek",
        "the harbour board",
        "Minister Lena Okafor",
        "police",
        "Ivo Kadlec",
        "the water company",
    ];
    const WHAT: [&str; 9] = [
        "the harbour defences would be raised by two metres",
        "the dam would hold through the night",
        "the bridge is closed until further notice",
        "nobody had been hurt in the fire",
        "the ferry would sail again on Monday",
        "the budget for the sea wall was too small",
        "the tests of the drinking water had found nothing",
        "the inquiry had never been stopped",
        "a second pipe would be laid next spring",
    ];
    (0..count)
        .map(|i| {
            let (who, what) = (WHO[i % WHO.len()], WHAT[(i / 3) % WHAT.len()]);
            let (other, more) = (WHO[(i * 5 + 2) % WHO.len()], WHAT[(i * 7 + 1) % WHAT.len()]);
            format!(
                "News from the coast, part {i}\n\n2025-03-{:02}\n\n{who} said on Tuesday that {what}, in report number {i}.\n\n“We know that {more},” {other} told the Lindow Echo.\n",
                i % 28 + 1
            )
        })
        .collect()
}

/// SplitMix64: the same numbers on every machine.
pub struct Chance(pub u64);

impl Chance {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

/// Strings that mean harm: our own, made here.
pub fn hostile_strings() -> Vec<String> {
    let mut strings: Vec<String> = [
        "",
        " ",
        "it's",
        "C++",
        "air - x",
        "NEAR(",
        "NEAR(a b, 3)",
        "\"",
        "\"\"",
        "'",
        "''",
        "a AND b",
        "a OR",
        "NOT",
        "AND",
        "*",
        "a*",
        "^a",
        "col:x",
        "{a b}: c",
        "-x",
        "--",
        "--help",
        "-",
        "+a",
        "a+b",
        "(",
        ")",
        "()",
        "[a]",
        "'; DROP TABLE document; --",
        "1; DELETE FROM link",
        "\u{0}",
        "a\u{0}b",
        "\u{1b}[31mred\u{1b}[0m",
        "\u{1b}]8;;http://x\u{7}y\u{1b}]8;;\u{7}",
        "\u{1b}]52;c;ZXZpbA==\u{7}",
        "\u{9b}31m",
        "\u{7f}",
        "\u{202e}evil",
        "\u{2066}a\u{2069}",
        "a\u{200b}b",
        "\u{feff}x",
        "zero\u{200d}width",
        "\u{fffd}",
        "\u{ffff}",
        "\u{10ffff}",
        "e\u{301}\u{301}\u{301}",
        "日本語",
        "العربية",
        "Ω≈ç√∫",
        "🙂👩‍👩‍👧",
        "İıŞ",
        "ß",
        "ﬀ",
        "ǆ",
        "\u{1d400}",
        "<script>alert(1)</script>",
        "]]>",
        "<!--",
        "\"];",
        "\\N \\G \\L",
        "\\",
        "\\\\",
        "$(touch x)",
        "`touch x`",
        "|touch x",
        "; touch x",
        "../../x",
        "C:\\x",
        "%s%n%x",
        "{{7*7}}",
        "${7*7}",
        "javascript:alert(1)",
        "=1+1",
        "+1",
        "-1",
        "@x",
        "\tx",
        "\rx",
        "=cmd|' /C calc'!A0",
        "true",
        "null",
        "undefined",
        "NaN",
        "0x0",
        "1e309",
        "-0",
        "999999999999999999999",
        "s12345",
        "d00000",
        "c!!!!!",
        "p\u{301}0000",
        "h00000",
        "l00000",
        "o00000",
        "s'; --",
        "\n",
        "a\nb",
        "\r\n",
        "\u{2028}",
        "\u{85}",
    ]
    .iter()
    .map(|text| text.to_string())
    .collect();
    strings.push("a ".repeat(5_000));
    strings.push("\"".repeat(3_000));
    strings.push("(".repeat(3_000));
    strings.push("x".repeat(20_000));
    strings.push("é".repeat(9_000));
    strings
}

/// The shared collection of naughty strings, where it is at hand.
pub fn naughty_strings() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/eval/hostile/naughty_strings.json");
    match std::fs::read_to_string(&path) {
        Ok(json) => serde_json::from_str(&json).unwrap(),
        Err(_) => {
            println!("skipped: {} is not here", path.display());
            Vec::new()
        }
    }
}
