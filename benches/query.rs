//! How long a question takes: `cargo bench --bench query`. The example corpus, in memory; whole stores are timed by
//! `tests/consumers/who_said_times.py`.

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use provenance::app::{
    DEMO_QUESTION, IngestOptions, Silent, WhoSaidOptions, ingest, sources, who_said, who_said_fuzzy,
};
use provenance::model::Extractor;
use provenance::store::Store;

fn corpus() -> Store {
    let mut store = Store::in_memory().expect("a store in memory");
    let articles = sources(&[Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/corpus")]);
    let options = IngestOptions { extractor: Extractor::Fast, ..IngestOptions::default() };
    ingest(&mut store, articles, &options, &Silent).expect("the example corpus");
    store
}

fn query(criterion: &mut Criterion) {
    let store = corpus();
    let options = WhoSaidOptions::default();
    let mut group = criterion.benchmark_group("query");
    for (name, words) in [("two words", DEMO_QUESTION), ("one common word", "said"), ("no hit", "zeppelin ballast")] {
        group.bench_function(name, |bench| {
            bench.iter(|| who_said(&store, black_box(words), &options).map(|it| it.results.len()))
        });
    }
    group.bench_function("any wording", |bench| {
        bench.iter(|| who_said_fuzzy(&store, black_box("the walls of the port"), &options).map(|it| it.results.len()))
    });
    group.finish();
}

criterion_group!(benches, query);
criterion_main!(benches);
