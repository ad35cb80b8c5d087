//! Speed of linking, without the store: reading a variant's words, its candidate keys, and the score of a pair.
//! `cargo bench --bench linking`

#[path = "../examples/generate/articles.rs"]
#[allow(dead_code)]
mod articles;

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use provenance::link::{LinkOptions, link_prepared, prepare, weighted_keys};
use provenance::model::{Act, Id, IdKind, Kind, Variant};

fn variants() -> Vec<Variant> {
    let contents = (0..40).flat_map(|number| articles::article(1, number).contents);
    contents
        .map(|text| Variant {
            statement: Id::of(IdKind::Statement, &[&text]),
            document: Id::default(),
            text,
            speaker: "Anna Berg".to_string(),
            speaker_aliases: Vec::new(),
            cue: "said".to_string(),
            kind: Kind::Indirect,
            negated: false,
            act: Act::Statement,
            entity: None,
            outlet: String::new(),
            date: None,
            language: "en".to_string(),
            embedding: None,
        })
        .collect()
}

fn linking(criterion: &mut Criterion) {
    let variants = variants();
    let prepared: Vec<_> = variants.iter().map(prepare).collect();
    let mut group = criterion.benchmark_group("linking");
    group.throughput(Throughput::Elements(variants.len() as u64));
    group.bench_function("prepare", |bench| {
        bench.iter_batched(
            || &variants,
            |all| all.iter().for_each(|it| _ = black_box(prepare(it))),
            BatchSize::SmallInput,
        );
    });
    group.bench_function("keys", |bench| {
        bench.iter(|| prepared.iter().for_each(|it| _ = black_box(weighted_keys(it))));
    });
    group.bench_function("score of a pair", |bench| {
        let options = LinkOptions::default();
        bench.iter(|| prepared.windows(2).for_each(|two| _ = black_box(link_prepared(&two[0], &two[1], &options))));
    });
    group.finish();
}

criterion_group!(benches, linking);
criterion_main!(benches);
