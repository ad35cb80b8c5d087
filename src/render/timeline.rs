//! The lanes of a claim in characters, for the terminal: the same facts as the picture `lanes`.
//!
//! In: a provenance graph, how many columns there are, and whether a lane is an outlet or a speaker. Out: places of marks on a
//! real axis of time, what has no day in a gutter, and every mark as an event in order of time.

use std::collections::BTreeMap;

use crate::graph::ProvenanceGraph;
use crate::model::{Date, Id, Order};

use super::axis::{Axis, minutes};
use super::scene::{Carry, Scene, undated_last};
use super::style;

/// What makes a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaneBy {
    Outlet,
    Speaker,
}

/// One document carries one claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Index into `Timeline::lanes`.
    pub lane: usize,
    pub date: Option<Date>,
    pub outlet: String,
    pub document: Id,
    pub claim: Id,
    /// The claim's number, as in the pictures.
    pub number: usize,
    pub symbol: char,
    /// "first seen", "repeats: copy", … as in the legend of the pictures.
    pub manner: &'static str,
    pub order: Order,
    /// The document names no source for it, though others do.
    pub unsourced: bool,
    pub wording: String,
}

/// One lane: its marks as (column, row, index of the event), and the undated ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lane {
    pub label: String,
    pub marks: Vec<(usize, usize, usize)>,
    pub undated: Vec<usize>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timeline {
    /// Column and label; empty where nothing is dated to the day.
    pub ticks: Vec<(usize, String)>,
    pub lanes: Vec<Lane>,
    /// By date (undated last), lane and claim.
    pub events: Vec<Event>,
    /// Claims by number: id, speaker and words.
    pub claims: Vec<(usize, Id, Option<String>, String)>,
    pub not_shown: String,
}

/// Columns of a mark with its number: "◆12 ".
const MARK: usize = 4;

/// Marks by manner: first seen, repeats with a known direction, everything else.
const FIRST: char = '◆';
const REPEATS: char = '●';
const ALSO: char = '○';

/// Lays the graph's claims out on `columns` columns.
pub fn timeline(graph: &ProvenanceGraph, columns: usize, by: LaneBy, max_nodes: usize) -> Timeline {
    let scene = Scene::of(graph).limited(max_nodes);
    let mut lanes = lanes(&scene, by);
    let labels: BTreeMap<(bool, usize), usize> = lanes.iter().enumerate().map(|(n, (key, _))| (*key, n)).collect();
    let mut carries: Vec<(usize, &Carry)> =
        scene.carries.iter().filter_map(|it| Some((*labels.get(&lane_key(&scene, it, by))?, it))).collect();
    carries.sort_by(|(i, a), (j, b)| {
        (undated_last(&a.date), i, scene.claims[a.claim].number, &a.document).cmp(&(
            undated_last(&b.date),
            j,
            scene.claims[b.claim].number,
            &b.document,
        ))
    });
    let events: Vec<Event> = carries.iter().map(|(lane, it)| event(&scene, *lane, it)).collect();
    let axis = Axis::over(events.iter().filter_map(|it| it.date.as_ref()), 0.0, columns.saturating_sub(MARK) as f64);
    let mut made: Vec<Lane> = lanes.drain(..).map(|(_, label)| Lane { label, ..Lane::default() }).collect();
    for (n, event) in events.iter().enumerate() {
        let lane = &mut made[event.lane];
        match (event.date.as_ref().and_then(minutes), &axis) {
            (Some(minute), Some(axis)) => {
                let column = axis.x_of_minutes(minute).floor().max(0.0) as usize;
                let (column, row) = place(lane, column, columns, axis.day_width());
                lane.marks.push((column, row, n));
            }
            _ => lane.undated.push(n),
        }
    }
    Timeline {
        ticks: axis.map_or(Vec::new(), |axis| ticks(&axis)),
        lanes: made,
        events,
        claims: scene
            .claims
            .iter()
            .map(|it| (it.number, it.id.clone(), it.speaker.as_ref().map(|(_, name)| name.clone()), it.text.clone()))
            .collect(),
        not_shown: scene.not_shown(),
    }
}

/// The first free place for a mark: side by side within its day, then a row further down.
fn place(lane: &Lane, from: usize, columns: usize, day_width: f64) -> (usize, usize) {
    let abreast = (day_width as usize / MARK).max(1);
    let free = |row: usize, at: usize| !lane.marks.iter().any(|(other, r, _)| *r == row && other.abs_diff(at) < MARK);
    let places = |row: usize| (0..abreast).map(move |n| (from + n * MARK, row));
    let fits = |(at, row): &(usize, usize)| at + MARK <= columns.max(from + MARK) && free(*row, *at);
    (0..=lane.marks.len()).flat_map(places).find(fits).unwrap_or((from, lane.marks.len()))
}

/// Lanes with their keys, in order: outlets as in the picture, speakers by their first mark.
fn lanes(scene: &Scene, by: LaneBy) -> Vec<((bool, usize), String)> {
    match by {
        LaneBy::Outlet => scene.carriers.iter().enumerate().map(|(n, it)| ((true, n), it.label.clone())).collect(),
        LaneBy::Speaker => {
            let mut found: Vec<((bool, usize), String)> = Vec::new();
            for (n, claim) in scene.claims.iter().enumerate() {
                let key = speaker_key(scene, n);
                if !found.iter().any(|(known, _)| *known == key) {
                    let name = claim.speaker.as_ref().map_or("(speaker unknown)".to_string(), |(_, name)| name.clone());
                    found.push((key, name));
                }
            }
            found
        }
    }
}

fn lane_key(scene: &Scene, carry: &Carry, by: LaneBy) -> (bool, usize) {
    match by {
        LaneBy::Outlet => (true, carry.carrier),
        LaneBy::Speaker => speaker_key(scene, carry.claim),
    }
}

/// The first claim of the same speaker stands for the speaker; all claims of unknown speakers share a lane.
fn speaker_key(scene: &Scene, claim: usize) -> (bool, usize) {
    let id = scene.claims[claim].speaker.as_ref().map(|(id, _)| id);
    let same = |other: &super::scene::ClaimMark| other.speaker.as_ref().map(|(id, _)| id) == id;
    (id.is_some(), scene.claims.iter().position(same).unwrap_or(claim))
}

fn event(scene: &Scene, lane: usize, it: &Carry) -> Event {
    let manner = style::carried(it.first_seen, it.relation);
    let symbol = match (it.first_seen, it.relation, it.order) {
        (true, ..) => FIRST,
        (_, Some(_), order) if order != Order::Unknown => REPEATS,
        _ => ALSO,
    };
    Event {
        lane,
        date: it.date.clone(),
        outlet: scene.carriers[it.carrier].label.clone(),
        document: it.document.clone(),
        claim: scene.claims[it.claim].id.clone(),
        number: scene.claims[it.claim].number,
        symbol,
        manner: manner.words,
        order: it.order,
        unsourced: it.note.contains("without source") || it.note.contains("no source named"),
        wording: it.wording.clone(),
    }
}

/// Ticks as far apart as their labels need.
fn ticks(axis: &Axis) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    for (x, label) in axis.ticks() {
        let column = x.floor().max(0.0) as usize;
        let free = found.last().is_none_or(|(at, before)| column >= at + before.chars().count() + 2);
        if free {
            found.push((column, label));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::samples::{Size, graph};

    #[test]
    fn every_carry_is_one_mark() {
        for (outlets, claims) in [(2, 3), (10, 30), (60, 340)] {
            let graph = graph(&Size { outlets, claims });
            let scene = Scene::of(&graph);
            for by in [LaneBy::Outlet, LaneBy::Speaker] {
                let found = timeline(&graph, 90, by, usize::MAX);
                let marks: usize = found.lanes.iter().map(|lane| lane.marks.len() + lane.undated.len()).sum();
                assert_eq!((marks, found.events.len()), (scene.carries.len(), scene.carries.len()), "{by:?} {claims}");
                let dated = |event: &Event| event.date.as_ref().and_then(minutes).is_some();
                for lane in &found.lanes {
                    assert!(lane.marks.iter().all(|(column, _, n)| *column < 90 && dated(&found.events[*n])));
                    assert!(lane.undated.iter().all(|n| !dated(&found.events[*n])));
                }
            }
        }
    }

    #[test]
    fn marks_in_one_row_do_not_touch() {
        let found = timeline(&graph(&Size { outlets: 10, claims: 30 }), 60, LaneBy::Outlet, usize::MAX);
        for lane in &found.lanes {
            for (n, a) in lane.marks.iter().enumerate() {
                assert!(lane.marks[n + 1..].iter().all(|b| a.1 != b.1 || a.0.abs_diff(b.0) >= MARK), "{lane:?}");
            }
        }
    }
}
