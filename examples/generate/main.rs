//! Writes made-up articles as JSON Lines, for measuring at scale:
//! `cargo run --release --example generate -- 100000 > articles.jsonl`

mod articles;

use std::io::{self, BufWriter, Write};

fn main() -> io::Result<()> {
    let mut numbers = std::env::args().skip(1).map(|word| word.parse::<u64>());
    let (Some(Ok(many)), seed) = (numbers.next(), numbers.next()) else {
        eprintln!(
            "error: how many articles?\nhint: cargo run --release --example generate -- 1000 [SEED] > articles.jsonl"
        );
        std::process::exit(2);
    };
    let seed = seed.and_then(Result::ok).unwrap_or(1);
    let mut out = BufWriter::new(io::stdout().lock());
    for number in 0..many {
        let it = articles::article(seed, number);
        let planted: Vec<serde_json::Value> = (it.planted.iter())
            .map(|plant| {
                let content = &it.contents[plant.here as usize];
                serde_json::json!({"of": [plant.of.0, plant.of.1], "change": format!("{:?}", plant.change), "content": content})
            })
            .collect();
        let record = serde_json::json!({
            "doc_id": format!("made-up-{seed}-{number}"), "outlet": it.outlet, "date": it.date, "title": it.title,
            "language": "en", "text": it.text, "planted": planted,
        });
        writeln!(out, "{record}")?;
    }
    out.flush()
}
