//! The network's links against Graphviz's on the same boxes and links: crossings of both, as drawn, by one count.

use std::io::Write;
use std::process::{Command, Stdio};

use super::super::layered::Drawing;
use super::super::network;
use super::super::nodes;
use super::super::samples::{Size, graph};
use super::super::scene::Scene;

type Line = Vec<(f64, f64)>;

/// Graphviz's plain output; `None`, said aloud, where it is not installed.
pub fn run_dot(source: &str) -> Option<String> {
    let piped =
        Command::new("dot").arg("-Tplain").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let Ok(mut child) = piped else {
        eprintln!("skipped: Graphviz is not installed (no `dot` on the PATH)");
        return None;
    };
    let mut input = child.stdin.take().expect("piped");
    let source = source.to_string();
    let writer = std::thread::spawn(move || input.write_all(source.as_bytes()));
    let output = child.wait_with_output().expect("dot ends");
    writer.join().expect("ends").expect("dot reads");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn dot_lines(sizes: &[(f64, f64)], links: &[(usize, usize)]) -> Option<Vec<Line>> {
    let mut source =
        String::from("digraph { rankdir=LR; nodesep=0.14; ranksep=0.9; node [shape=box fixedsize=true];\n");
    for (n, (width, height)) in sizes.iter().enumerate() {
        source.push_str(&format!("n{n} [width={:.3} height={:.3}];\n", width / 72.0, height / 72.0));
    }
    for (from, to) in links {
        source.push_str(&format!("n{from} -> n{to} [arrowhead=none];\n"));
    }
    source.push_str("}\n");
    let plain = run_dot(&source)?;
    let edges = plain.lines().filter_map(|line| line.strip_prefix("edge ")).map(|line| {
        let words: Vec<&str> = line.split(' ').collect();
        let count: usize = words[2].parse().expect("a number of points");
        let numbers: Vec<f64> = words[3..3 + 2 * count].iter().map(|it| it.parse().expect("a number")).collect();
        let points: Line = numbers.chunks(2).map(|pair| (pair[0], pair[1])).collect();
        // a spline of cubic pieces that share their ends
        let pieces = points.windows(4).step_by(3);
        pieces.flat_map(|piece| curve([piece[0], piece[1], piece[2], piece[3]])).collect()
    });
    Some(edges.collect())
}

/// The links as the picture draws them: straight where level, else bent.
fn our_lines(drawing: &Drawing) -> Vec<Line> {
    let bent = |route: &Line| {
        let pieces = route.windows(2).flat_map(|pair| {
            let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
            let bend = (x1 - x0) * nodes::BEND;
            curve([(x0, y0), (x0 + bend, y0), (x1 - bend, y1), (x1, y1)])
        });
        pieces.collect()
    };
    drawing.routes.iter().map(bent).collect()
}

fn curve([a, b, c, d]: [(f64, f64); 4]) -> Line {
    // an odd number of steps: curves that mirror each other meet between points and not on one
    const STEPS: u32 = 13;
    let at = |t: f64| {
        let (p, q, r, s) = ((1.0 - t).powi(3), 3.0 * t * (1.0 - t).powi(2), 3.0 * t * t * (1.0 - t), t.powi(3));
        (p * a.0 + q * b.0 + r * c.0 + s * d.0, p * a.1 + q * b.1 + r * c.1 + s * d.1)
    };
    (0..=STEPS).map(|n| at(f64::from(n) / f64::from(STEPS))).collect()
}

/// How often the lines cross each other; lines that only touch do not cross.
fn crossings(lines: &[Line]) -> usize {
    let mut count = 0;
    for (n, line) in lines.iter().enumerate() {
        for other in &lines[n + 1..] {
            for a in line.windows(2) {
                count += other.windows(2).filter(|b| cross(a, b)).count();
            }
        }
    }
    count
}

fn cross(a: &[(f64, f64)], b: &[(f64, f64)]) -> bool {
    let side = |p: (f64, f64), q: (f64, f64), r: (f64, f64)| (q.0 - p.0) * (r.1 - p.1) - (q.1 - p.1) * (r.0 - p.0);
    let apart = |x: f64, y: f64| (x > 1e-9 && y < -1e-9) || (x < -1e-9 && y > 1e-9);
    apart(side(a[0], a[1], b[0]), side(a[0], a[1], b[1])) && apart(side(b[0], b[1], a[0]), side(b[0], b[1], a[1]))
}

#[test]
fn one_count_for_all_lines() {
    let line = |ends: [(f64, f64); 2]| ends.to_vec();
    assert_eq!(crossings(&[line([(0.0, 0.0), (2.0, 2.0)]), line([(0.0, 2.0), (2.0, 0.0)])]), 1);
    assert_eq!(crossings(&[line([(0.0, 0.0), (2.0, 2.0)]), line([(0.0, 0.0), (2.0, 0.0)])]), 0);
    let bent = [
        curve([(0.0, 0.0), (5.0, 0.0), (5.0, 9.0), (10.0, 9.0)]),
        curve([(0.0, 9.0), (5.0, 9.0), (5.0, 0.0), (10.0, 0.0)]),
    ];
    assert_eq!(crossings(&bent), 1);
}

/// Networks of about 60 boxes of different density. Ours may have a twentieth more crossings than Graphviz's; what the
/// layout counts is what is drawn.
#[test]
fn no_more_crossings_than_graphviz() {
    let mut report = String::new();
    let (mut all_ours, mut all_theirs) = (0, 0);
    for (outlets, claims) in [(20, 34), (30, 24), (26, 28), (14, 40)] {
        let scene = Scene::of(&graph(&Size { outlets, claims }));
        let (boxes, links) = network::parts(&scene);
        let ends: Vec<(usize, usize)> = links.iter().map(|link| (link.from, link.to)).collect();
        let (sizes, drawing) = nodes::laid_out(&boxes, &links, true);
        let ours = crossings(&our_lines(&drawing));
        assert_eq!(ours, drawing.crossings, "what is counted is what is drawn");
        let Some(theirs) = dot_lines(&sizes, &ends) else { return };
        let theirs = crossings(&theirs);
        report.push_str(&format!("{} boxes, {} links: ours {ours}, Graphviz {theirs}\n", boxes.len(), links.len()));
        (all_ours, all_theirs) = (all_ours + ours, all_theirs + theirs);
        assert!(ours as f64 <= theirs as f64 * 1.05, "{report}");
    }
    eprintln!("{report}in all: ours {all_ours}, Graphviz {all_theirs}");
}
