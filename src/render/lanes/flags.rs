//! Where the marks of the lanes stand. What one outlet carries at one moment is a flag: a pole at the moment, and the
//! marks in rows beside it. Flags that would cover each other stand on top of each other, and the lane grows.

use std::collections::BTreeMap;

use crate::model::{Date, Precision};
use crate::render::axis::{Axis, minutes};
use crate::render::metrics::Face;
use crate::render::scene::{Carry, Scene};

/// Words beside marks.
pub const NUMBER: Face = Face::plain(12.0);
/// From one bare mark to the next.
const STEP: f64 = 10.0;
/// What a mark with a number needs besides the number.
const BESIDE: f64 = 13.0;
/// Height of a row of marks, with and without numbers.
const NUMBERED_ROW: f64 = 13.0;
const BARE_ROW: f64 = 10.0;
/// A flag is at most so high; what does not fit becomes one mark.
const MAX_ROWS: usize = 8;
/// Between a pole and its first mark.
const POLE: f64 = 7.0;

/// One mark: what stands there (several where there is no room for each) and its centre.
pub struct Mark<'s> {
    pub carries: Vec<&'s Carry>,
    pub x: f64,
    pub y: f64,
}

/// A pole: the moment of a flag, from top to bottom.
pub struct Pole {
    pub x: f64,
    pub top: f64,
    pub bottom: f64,
}

/// Everything in the lanes, laid out.
pub struct Field<'s> {
    /// Top and height of every lane.
    pub lanes: Vec<(f64, f64)>,
    pub marks: Vec<Mark<'s>>,
    pub poles: Vec<Pole>,
    pub numbered: bool,
}

/// The place that flags may take: the axis with its ends, and the gutter of what has no day.
pub struct Room {
    pub axis: Option<Axis>,
    pub left: f64,
    pub right: f64,
    pub gutter: (f64, f64),
    /// A flag takes at most this share of the axis.
    pub widest: f64,
}

/// A flag before it has a place: its marks with their offsets from its left end and their row.
struct Flag<'s> {
    carries: Vec<&'s Carry>,
    left: f64,
    width: f64,
    rows: usize,
    /// `None` in the gutter.
    pole: Option<f64>,
    /// Per row: at most so wide.
    room: f64,
}

/// Lays out all carries of the scene, lane after lane, from `top` down. `least(carrier)`: the least height of its lane.
pub fn field<'s>(scene: &'s Scene, room: &Room, top: f64, numbered: bool, least: impl Fn(usize) -> f64) -> Field<'s> {
    let mut groups: BTreeMap<(usize, Option<i64>), Vec<&Carry>> = BTreeMap::new();
    for carry in &scene.carries {
        groups.entry((carry.carrier, slot(carry.date.as_ref()))).or_default().push(carry);
    }
    let mut field = Field { lanes: Vec::new(), marks: Vec::new(), poles: Vec::new(), numbered };
    let row_height = if numbered { NUMBERED_ROW } else { BARE_ROW };
    let mut y = top;
    for lane in 0..scene.carriers.len() {
        let of_lane = groups.range((lane, None)..(lane + 1, None));
        let flags: Vec<Flag> =
            of_lane.map(|((_, when), carries)| flag(scene, carries, *when, room, numbered)).collect();
        let bases = pack(&flags);
        let rows = flags.iter().zip(&bases).map(|(flag, base)| base + flag.rows).max().unwrap_or(1);
        let used = rows as f64 * row_height;
        let height = (used + 1.3).max(least(lane));
        let first = y + (height - used) / 2.0;
        for (flag, base) in flags.into_iter().zip(bases) {
            field.raise(scene, flag, first + base as f64 * row_height, row_height);
        }
        field.lanes.push((y, height));
        y += height;
    }
    field
}

/// The minute, for a date with a time; noon, for a day; `None` where the day is unknown.
fn slot(date: Option<&Date>) -> Option<i64> {
    let date = date?;
    let day = minutes(date)?;
    Some(if date.precision() == Precision::Minute { day } else { day + 12 * 60 })
}

fn step(scene: &Scene, carry: &Carry, numbered: bool) -> f64 {
    if numbered { NUMBER.width(&scene.claims[carry.claim].number.to_string()) + BESIDE } else { STEP }
}

fn flag<'s>(scene: &Scene, carries: &[&'s Carry], when: Option<i64>, room: &Room, numbered: bool) -> Flag<'s> {
    let whole: f64 = carries.iter().map(|carry| step(scene, carry, numbered)).sum();
    let widest = carries.iter().map(|carry| step(scene, carry, numbered)).fold(0.0, f64::max);
    let pole = when.zip(room.axis.as_ref()).map(|(minute, axis)| axis.x_of_minutes(minute));
    let (left, right) = if pole.is_some() { (room.left, room.right) } else { room.gutter };
    let share = if pole.is_some() { room.widest } else { 1.0 };
    let most = ((right - left) * share).max(widest);
    let (mut width, mut rows) = (whole, 1);
    if whole > most {
        width = most;
        rows = rows_needed(scene, carries, most, numbered);
    }
    let left = match pole {
        Some(x) if x + POLE + width <= right => x + POLE,
        // beside the right end the flag flies to the left
        Some(x) => (x - POLE + 2.0 - width).max(left),
        None => left,
    };
    Flag { carries: carries.to_vec(), left, width, rows: rows.min(MAX_ROWS), pole, room: most }
}

fn rows_needed(scene: &Scene, carries: &[&Carry], most: f64, numbered: bool) -> usize {
    let (mut used, mut rows) = (0.0, 1);
    for carry in carries {
        let step = step(scene, carry, numbered);
        if used + step > most && used > 0.0 {
            rows += 1;
            used = 0.0;
        }
        used += step;
    }
    rows
}

/// The row in which every flag begins: the uppermost where it covers no other.
fn pack(flags: &[Flag]) -> Vec<usize> {
    let span = |flag: &Flag| {
        let pole = flag.pole.unwrap_or(flag.left);
        (flag.left.min(pole) - 3.0, (flag.left + flag.width).max(pole) + 3.0)
    };
    let mut bases: Vec<usize> = Vec::new();
    for (n, flag) in flags.iter().enumerate() {
        let (from, to) = span(flag);
        let clashes = |base: usize| {
            flags[..n].iter().zip(&bases).any(|(other, &at)| {
                let (other_from, other_to) = span(other);
                from < other_to && other_from < to && base < at + other.rows && at < base + flag.rows
            })
        };
        bases.push((0..).find(|&base| !clashes(base)).unwrap_or(0));
    }
    bases
}

impl<'s> Field<'s> {
    /// Puts the marks of a flag into their places.
    fn raise(&mut self, scene: &Scene, flag: Flag<'s>, top: f64, row_height: f64) {
        let (mut x, mut row) = (flag.left, 0);
        let mut carries = flag.carries.iter().copied().enumerate().peekable();
        while let Some((n, carry)) = carries.next() {
            let step = step(scene, carry, self.numbered);
            if x + step > flag.left + flag.room + 0.01 && x > flag.left {
                x = flag.left;
                row += 1;
            }
            let y = top + (row as f64 + 0.5) * row_height;
            let next = carries.peek().map_or(0.0, |(_, next)| self::step(scene, next, self.numbered));
            let last_place = row + 1 == MAX_ROWS && x + step + next > flag.left + flag.room;
            if last_place && n + 1 < flag.carries.len() {
                self.marks.push(Mark { carries: flag.carries[n..].to_vec(), x: x + STEP / 2.0, y });
                break;
            }
            self.marks.push(Mark { carries: vec![carry], x: x + STEP / 2.0, y });
            x += step;
        }
        if let Some(x) = flag.pole {
            self.poles.push(Pole { x, top, bottom: top + flag.rows as f64 * row_height });
        }
    }
}
