//! Lineage on the command line, with the real program in a fresh directory: diff, lineage, timeline, outlet, and what is
//! repeated without a source.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Run {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {}\n{}", self.out, self.err))
    }
}

fn run(folder: &Path, arguments: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_provenance"))
        .current_dir(folder)
        .env_remove("PROVENANCE_DB")
        .env("COLUMNS", "110")
        .env("NO_COLOR", "1")
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let run = Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    };
    assert!(!run.err.contains("panicked"), "{}", run.err);
    run
}

const FIRST: &str = "Storm breaks the north quay\n\nMarch 4, 2025\n\n\
    The north quay of Lindow burned for nine hours on Tuesday after a barge laden with paint came loose in the storm.\n\n\
    Two cranes collapsed into the basin and blocked the entrance, which leaves eleven freighters waiting outside the bay.\n\n\
    “We warned the company three times that those ropes were rotten,” said Tomas Okafor, who leads the dockers' union.\n\n\
    Harbour master Mara Lindqvist said that nobody was on board when the ropes gave way.\n\n\
    About a dozen small boats tried to reach the Halden basin and were turned back or sunk, the Meridian agency reported, \
    citing emergency services.\n\n\
    The company, Northline Shipping, paid a fine of forty thousand crowns for a similar accident four years ago.\n\n\
    Divers will search the basin on Thursday, and the quay stays closed until the cranes have been lifted out.\n";

/// The same without marks and without the agency.
const SECOND: &str = "Lindow harbour in ruins\n\nMarch 5, 2025\n\n\
    The north quay of Lindow burned for nine hours on Tuesday after a barge laden with paint came loose in the storm.\n\n\
    Two cranes fell into the basin and blocked the entrance, leaving eleven freighters waiting outside the bay.\n\n\
    We warned the company three times that those ropes were rotten, said Tomas Okafor, who heads the dockers' union.\n\n\
    Harbour master Mara Lindqvist said that nobody was on board when the ropes gave way.\n\n\
    In another development, about a dozen small boats tried to reach the Halden basin. However, emergency services turned \
    back or sunk the boats.\n\n\
    The company, Northline Shipping, had paid a fine of forty thousand crowns for a similar accident four years ago.\n\n\
    Divers will comb the basin on Thursday, and the quay remains closed until the cranes have been lifted out.\n";

const OTHER: &str = "Bakers' strike ends\n\nMarch 6, 2025\n\nThe bakers of Lindow went back to their ovens on Thursday. “We have \
    won nothing but sleep,” said Ida Moreau, who speaks for them.\n";

const BOATS: &str = "about a dozen small boats tried to reach the Halden basin. However, emergency services turned back or sunk \
    the boats";

/// Three articles of ours, read in this order.
fn newsroom(order: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text, _) in ARTICLES {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    for wanted in order {
        let (name, _, outlet) = ARTICLES.iter().find(|(name, ..)| name == wanted).unwrap();
        let read = run(folder.path(), &["ingest", "--extractor", "rules", "--outlet", outlet, name]);
        assert_eq!(read.code, 0, "{}", read.err);
    }
    folder
}

const ARTICLES: &[(&str, &str, &str)] = &[
    ("first.txt", FIRST, "The Lindow Echo"),
    ("second.txt", SECOND, "Quickbrief"),
    ("other.txt", OTHER, "The Lindow Echo"),
];

const ALL: &[&str] = &["first.txt", "second.txt", "other.txt"];

fn statements(folder: &Path) -> Vec<Value> {
    run(folder, &["export", "json"]).json()["statements"].as_array().unwrap().clone()
}

/// The one statement that is repeated without a source.
fn unsourced(folder: &Path) -> Value {
    let mut found: Vec<Value> = statements(folder).into_iter().filter(|it| !it["repeat_of"].is_null()).collect();
    assert_eq!(found.len(), 1, "{found:#?}");
    found.remove(0)
}

fn error_and_hint(run: &Run, code: i32, words: &str) {
    assert_eq!(run.code, code, "{}{}", run.out, run.err);
    assert!(run.err.contains("error: ") && run.err.contains("hint: ") && run.err.contains(words), "{}", run.err);
}

#[test]
fn what_lost_its_source_is_found_and_nobodys_word() {
    let folder = newsroom(ALL);
    let found = unsourced(folder.path());
    assert_eq!(found["content"][0]["exact"], BOATS);
    assert_eq!((&found["source"], &found["cue"]), (&Value::Array(vec![]), &Value::Array(vec![])));
    assert!(found["speaker"].is_null());
    let original = statements(folder.path()).into_iter().find(|it| it["id"] == found["repeat_of"]).unwrap();
    assert!(original["source"][0]["exact"].as_str().unwrap().contains("Meridian"), "{original:#}");
    assert_eq!(original["claim"], found["claim"]);
    let said = run(folder.path(), &["who-said", "small boats tried"]);
    assert!(said.out.contains("repeated without source"), "{}", said.out);
    let of_speaker =
        run(folder.path(), &["who-said", "small boats tried", "--speaker", "Meridian agency", "--json"]).json();
    let ids: Vec<&Value> = of_speaker["results"].as_array().unwrap().iter().map(|it| &it["id"]).collect();
    assert_eq!(ids, [&original["id"]]);
    let why = run(folder.path(), &["why", found["id"].as_str().unwrap()]);
    assert!(why.out.contains("lineage.unsourced"), "{}", why.out);
}

#[test]
fn the_order_of_ingest_and_a_rebuild_change_nothing() {
    let one = newsroom(ALL);
    let two = newsroom(&["other.txt", "second.txt", "first.txt"]);
    let export = |folder: &Path| run(folder, &["export", "json"]).out;
    assert_eq!(export(one.path()), export(two.path()));
    assert_eq!(run(two.path(), &["rebuild", "--extractor", "rules"]).code, 0);
    assert_eq!(export(one.path()), export(two.path()));
}

#[test]
fn a_rejected_repeat_is_gone_and_comes_back() {
    let folder = newsroom(ALL);
    let found = unsourced(folder.path());
    let (id, original) = (found["id"].as_str().unwrap(), found["repeat_of"].as_str().unwrap());
    assert_eq!(run(folder.path(), &["reject", id, original]).code, 0);
    assert!(statements(folder.path()).iter().all(|it| it["repeat_of"].is_null()));
    assert_eq!(run(folder.path(), &["undo"]).code, 0);
    assert_eq!(unsourced(folder.path())["id"], found["id"]);
}

#[test]
fn variants_name_what_became_of_the_source() {
    let folder = newsroom(ALL);
    let claim = unsourced(folder.path())["claim"].as_str().unwrap().to_string();
    let shown = run(folder.path(), &["variants", &claim]);
    assert!(shown.out.contains("source turned into actor (“emergency services”)"), "{}", shown.out);
    assert!(shown.out.contains("speaker dropped"), "{}", shown.out);
    let json = run(folder.path(), &["variants", &claim, "--json"]).json();
    let last = json["variants"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["repeat_of"], last["compared_with"]);
}

#[test]
fn diff_tells_kept_reworded_dropped_added_and_copied() {
    let folder = newsroom(ALL);
    let shown = run(folder.path(), &["diff", "first.txt", "second.txt"]);
    assert_eq!(shown.code, 0, "{}", shown.err);
    for words in ["likely", "marks lost", "copied text", "source turned into actor", "[-“We warned-]", "{+"] {
        assert!(shown.out.contains(words), "{words:?} not in {}", shown.out);
    }
    let json = run(folder.path(), &["diff", "first.txt", "second.txt", "--json"]).json();
    assert_eq!(json["schema"], "provenance.diff/1");
    assert_eq!((&json["relation"]["direction"], &json["relation"]["from"]), (&"from → to".into(), &json["a"]["id"]));
    let fates: Vec<&str> =
        json["statements"].as_array().unwrap().iter().map(|it| it["fate"].as_str().unwrap()).collect();
    assert_eq!(fates, ["reworded", "kept", "reworded"]);
    let text: Vec<char> = SECOND.chars().collect();
    for shared in json["text"]["runs"].as_array().unwrap() {
        let (start, end) =
            (shared["b"]["start"].as_u64().unwrap() as usize, shared["b"]["end"].as_u64().unwrap() as usize);
        assert_eq!(text[start..end].iter().collect::<String>(), shared["b"]["exact"].as_str().unwrap());
    }
    assert!(json["text"]["copied_share_b"].as_f64().unwrap() > 0.5, "{json:#}");
}

#[test]
fn diff_of_strangers_finds_nothing_and_errors_name_the_way_out() {
    let folder = newsroom(ALL);
    let strangers = run(folder.path(), &["diff", "first.txt", "other.txt"]);
    assert_eq!(strangers.code, 1, "{}", strangers.out);
    assert!(strangers.out.contains("no relation"), "{}", strangers.out);
    error_and_hint(&run(folder.path(), &["diff", "first.txt", "first.txt"]), 2, "same document");
    error_and_hint(&run(folder.path(), &["diff", "first.txt", "nowhere.txt"]), 1, "nowhere.txt");
}

#[test]
fn lineage_shows_voices_repeats_and_wordings() {
    let folder = newsroom(ALL);
    let claim = unsourced(folder.path())["claim"].as_str().unwrap().to_string();
    let shown = run(folder.path(), &["lineage", &claim]);
    for words in ["first seen", "emergency services ─told→", "─said→", "└─", "without source", "wordings"] {
        assert!(shown.out.contains(words), "{words:?} not in {}", shown.out);
    }
    let json = run(folder.path(), &["lineage", &claim, "--json"]).json();
    assert_eq!(json["repeats"][0]["from"], json["first_seen"][0]);
    assert_eq!(json["wording_tree"].as_array().unwrap().len(), 2);
    error_and_hint(&run(folder.path(), &["lineage", "c00000"]), 1, "c00000");
}

#[test]
fn a_timeline_has_the_marks_of_the_picture() {
    let folder = newsroom(ALL);
    let shown = run(folder.path(), &["timeline", "small boats tried"]);
    assert!(shown.out.contains("◆1") && shown.out.contains("●1") && shown.out.contains("2025-03-04"), "{}", shown.out);
    let json = run(folder.path(), &["timeline", "--json"]).json();
    let by_speaker = run(folder.path(), &["timeline", "--by", "speaker", "--json"]).json();
    assert_eq!(json["events"].as_array().unwrap().len(), by_speaker["events"].as_array().unwrap().len());
    assert_eq!(run(folder.path(), &["timeline", "-o", "time.svg"]).code, 0);
    assert_eq!(
        run(folder.path(), &["graph", "--view", "lanes", "--title", "Who had it when", "-o", "lanes.svg"]).code,
        0
    );
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("time.svg"), read("lanes.svg"));
    error_and_hint(&run(folder.path(), &["timeline", "-o", "time.pdf"]), 2, "SVG");
}

#[test]
fn an_outlet_tells_what_arrives_without_a_source() {
    let folder = newsroom(ALL);
    let json = run(folder.path(), &["outlet", "quickbrief", "--json"]).json();
    assert_eq!(json["schema"], "provenance.outlet/1");
    assert_eq!((&json["received"]["claims"], &json["received"]["without_source"]), (&3.into(), &1.into()), "{json:#}");
    assert_eq!(json["from"][0]["from"], "The Lindow Echo");
    assert_eq!(json["from"][0]["median_lag_days"], 1);
    let echo = run(folder.path(), &["outlet", "Lindow Echo"]);
    assert!(echo.out.contains("others have claims from it") && echo.out.contains("2 documents"), "{}", echo.out);
    error_and_hint(&run(folder.path(), &["outlet", "Quikbrief"]), 1, "did you mean Quickbrief (1)?");
}

/// The two articles with a sentence each in the same place, which says the same in other words.
fn with_counterparts(second_source: &str, order: [usize; 2]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let place = "outside the bay.\n\n";
    let own = format!("outside the bay. {second_source} added that rotten gear had caught up with the port.\n\n");
    let official = "outside the bay. A senior official said the port was paying for years of rotten ropes.\n\n";
    let articles = [
        ("first.txt", "The Lindow Echo", FIRST.replace(place, official)),
        ("second.txt", "Quickbrief", SECOND.replace(place, &own)),
    ];
    for (name, outlet, text) in order.map(|at| &articles[at]) {
        std::fs::write(folder.path().join(name), text).unwrap();
        assert_eq!(run(folder.path(), &["ingest", "--extractor", "rules", "--outlet", outlet, name]).code, 0);
    }
    folder
}

/// The statements of the two officials.
fn officials(folder: &Path) -> Vec<Value> {
    let of_them =
        |it: &Value| it["content"][0]["exact"].as_str().is_some_and(|it| it.contains("rotten") && it.contains("port"));
    let found: Vec<Value> = statements(folder).into_iter().filter(of_them).collect();
    assert_eq!(found.len(), 2, "{found:#?}");
    found
}

#[test]
fn counterparts_in_one_place_are_one_claim_and_say_why() {
    let folder = with_counterparts("A top harbour official", [0, 1]);
    let found = officials(folder.path());
    assert_eq!(found[0]["claim"], found[1]["claim"]);
    let (a, b) = (found[0]["id"].as_str().unwrap(), found[1]["id"].as_str().unwrap());
    let why = run(folder.path(), &["why", a, b]);
    assert!(why.out.contains("link.place") && why.out.contains("the same place"), "{}", why.out);
    let lineage = run(folder.path(), &["lineage", found[0]["claim"].as_str().unwrap()]);
    assert!(lineage.out.contains("└─"), "{}", lineage.out);
    // the other way round, and made anew
    let other = with_counterparts("A top harbour official", [1, 0]);
    let export = |folder: &Path| run(folder, &["export", "json"]).out;
    assert_eq!(export(folder.path()), export(other.path()));
    assert_eq!(run(other.path(), &["rebuild", "--extractor", "rules"]).code, 0);
    assert_eq!(export(folder.path()), export(other.path()));
    // a rejection parts them
    assert_eq!(run(folder.path(), &["reject", a, b]).code, 0);
    let parted = officials(folder.path());
    assert_ne!(parted[0]["claim"], parted[1]["claim"]);
}

#[test]
fn somebody_else_in_the_same_place_is_no_counterpart() {
    let folder = with_counterparts("A tired docker", [0, 1]);
    let found = officials(folder.path());
    assert_ne!(found[0]["claim"], found[1]["claim"]);
}

#[test]
fn a_counterpart_goes_with_its_document() {
    let folder = with_counterparts("A top harbour official", [0, 1]);
    let document = officials(folder.path())[0]["document"]["id"].as_str().unwrap().to_string();
    assert_eq!(run(folder.path(), &["forget", &document, "--yes"]).code, 0);
    let left = run(folder.path(), &["export", "json"]).json();
    assert!(!left["links"].to_string().contains("link.place"), "{:#}", left["links"]);
    assert_eq!(run(folder.path(), &["verify"]).code, 0);
}
