//! Video players leave labels, titles and playing times in the text; a playlist leaves dozens.

use super::page::Page;
use crate::model::PassageKind::Boilerplate;

const LABELS: &[&str] = &["zone.clock", "zone.player"];

/// Most other lines between two player lines.
const GAP: usize = 3;
/// Most lines before the first player line that belong to it (file name, caption, title).
const LEAD: usize = 4;
/// Words of a line among player lines that stands apart by blank lines.
const APART: usize = 30;
/// Words of a line that stands in one block with player lines.
const TOGETHER: usize = 120;

pub(super) fn playlists(page: &mut Page, rule: &'static str) {
    let labels: Vec<usize> = (0..page.lines.len()).filter(|at| page.marked_by(*at, LABELS)).collect();
    let mut from = 0;
    for next in 1..=labels.len() {
        if next < labels.len() && labels[next] - labels[next - 1] <= GAP + 1 {
            continue;
        }
        mark_player(page, rule, &labels[from..next]);
        from = next;
    }
}

fn mark_player(page: &mut Page, rule: &'static str, labels: &[usize]) {
    let clocks = labels.iter().filter(|at| page.marked_by(**at, &["zone.clock"])).count();
    let (Some(&first), Some(&last)) = (labels.first(), labels.last()) else { return };
    if clocks == 0 || labels.len() < 2 {
        return;
    }
    let note = format!("{clocks} playing times in {} lines", last + 1 - first);
    for at in first..=last {
        let together = page.spaced && !page.lines[at].blank_before;
        if is_player_line(page, at, if together { TOGETHER } else { APART }) {
            take(page, at, rule, &note);
        }
    }
    for back in 1..=LEAD.min(first) {
        let at = first - back;
        let joined = page.spaced && !page.lines[at + 1].blank_before;
        let titled = back <= 2 && !page.lines[at].ends && page.lines[at].words <= 15;
        if !(joined || titled) || page.lines[at].words > APART || !is_player_line(page, at, APART) {
            break;
        }
        take(page, at, rule, &note);
    }
}

/// A sentence with a quotation in it may be body text between two players.
fn is_player_line(page: &Page, at: usize, most_words: usize) -> bool {
    let line = &page.lines[at];
    line.words <= most_words && !(line.quotes && line.ends)
}

fn take(page: &mut Page, at: usize, rule: &'static str, note: &str) {
    if !page.marked_by(at, LABELS) {
        page.marks[at] = None;
        page.mark(at, Boilerplate, rule, note);
    }
}
