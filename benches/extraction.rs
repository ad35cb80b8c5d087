//! Text to attributions, by tier; the accurate one on every instruction set of the machine. `cargo bench --bench extraction`.
//!
//! One thread, reading not counted. The article is one of the examples, repeated to about 750 words. Processor time over
//! many real articles: `provenance evaluate GOLD.jsonl --speed`.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};

use provenance::extract::{ExtractOptions, attributions, attributions_by, encoder};
use provenance::lang::language;
use provenance::model::Extractor;
use provenance::read::reading;

const ARTICLE: &str = include_str!("../examples/corpus/02_courier_original.txt");
const WORDS: usize = 750;

fn article() -> String {
    let words = ARTICLE.split_whitespace().count().max(1);
    vec![ARTICLE; (WORDS / words).max(1)].join("\n\n")
}

fn extraction(criterion: &mut Criterion) {
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().expect("no pool before this one");
    let text = article();
    let english = language("en");
    let reading = reading(&text, english);
    let mut group = criterion.benchmark_group("extraction");
    group.throughput(Throughput::Elements(text.split_whitespace().count() as u64));
    group.sample_size(20);
    for extractor in [Extractor::Rules, Extractor::Fast] {
        let options = ExtractOptions { extractor, ..ExtractOptions::default() };
        group.bench_function(extractor.name(), |bencher| bencher.iter(|| attributions(&reading, english, &options)));
    }
    for (path, encoder) in encoder::on_every_path() {
        let options = ExtractOptions::default();
        group.bench_function(format!("accurate, {path}"), |bencher| {
            bencher.iter(|| attributions_by(&encoder, &reading, english, &options));
        });
    }
    group.finish();
}

criterion_group!(benches, extraction);
criterion_main!(benches);
