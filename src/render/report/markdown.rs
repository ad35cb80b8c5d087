//! The report as Markdown: the same parts as the HTML file, without the pictures.

use std::fmt::Write;

use crate::graph::ProvenanceGraph;
use crate::render::escape::{markdown as plain, web_address};
use crate::render::plural;
use crate::render::scene::{Carry, Scene};

use super::Report;
use super::parts::{Entry, entries, how, lost_source, quoted, scene, speakers};

pub fn markdown(graph: &ProvenanceGraph, report: &Report) -> String {
    let scene = scene(graph);
    let entries = entries(&scene);
    let mut out = format!("# {}\n\n", plain(&report.title));
    let made = if report.made_on.is_empty() { String::new() } else { format!(", {}", plain(&report.made_on)) };
    let _ = writeln!(
        out,
        "{}, {}{made}. “First seen” is the earliest document known here, which need not be the first there was.\n",
        plural(scene.claims.len(), "claim"),
        plural(scene.carriers.len(), "outlet")
    );
    let _ = writeln!(out, "## What lost its source\n");
    let lost = lost_source(&entries);
    for (entry, carry) in &lost {
        let name = &scene.carriers[carry.carrier].label;
        let was = quoted(report, carry).and_then(|it| it.lost.as_ref()).map_or(String::new(), |lost| {
            format!(" — in {} it is from {}: “{}”", plain(&lost.outlet), plain(&lost.credited), plain(&lost.exact))
        });
        let words = plain(&carry.wording);
        let _ = writeln!(out, "- {} prints c{} without a source: “{words}”{was}", plain(name), entry.number);
    }
    if lost.is_empty() {
        let _ = writeln!(out, "Nothing: every document that carries one of these claims names a source for it.");
    }
    let _ = writeln!(out, "\n## Claims\n");
    for entry in &entries {
        claim(&mut out, report, &scene, entry);
    }
    let _ = writeln!(out, "## Speakers\n\n| speaker | claims | documents |\n|---|---|---|");
    for (name, claims, documents) in speakers(&entries) {
        let _ = writeln!(out, "| {} | {claims} | {documents} |", plain(&name));
    }
    let _ = writeln!(out, "\n## Methods\n\n| | |\n|---|---|");
    for (name, value) in &report.methods {
        let _ = writeln!(out, "| {} | {} |", plain(name), plain(value));
    }
    let _ = writeln!(out, "| store | {} |", plain(&report.store_hash));
    out
}

fn claim(out: &mut String, report: &Report, scene: &Scene, entry: &Entry) {
    let speaker = entry.claim.speaker.as_ref().map_or("speaker unknown", |(_, name)| name.as_str());
    let date = entry.claim.date.as_ref().map_or("unknown".to_string(), |date| date.to_string());
    let _ = writeln!(out, "### c{} {}\n", entry.number, plain(&entry.claim.text));
    let _ = writeln!(
        out,
        "{} · {} · first seen: {} · `{}`\n",
        plain(speaker),
        plural(entry.carries.len(), "document"),
        plain(&date),
        entry.claim.id.as_str().replace('`', "")
    );
    for carry in &entry.carries {
        variant(out, report, scene, carry);
    }
    out.push('\n');
}

fn variant(out: &mut String, report: &Report, scene: &Scene, carry: &Carry) {
    let context = quoted(report, carry);
    let name = plain(&scene.carriers[carry.carrier].label);
    let link = context.and_then(|it| it.link.as_deref()).or(carry.url.as_deref()).and_then(web_address);
    let name = link.map_or(name.clone(), |href| format!("[{name}](<{href}>)"));
    let date = carry.date.as_ref().map_or("undated".to_string(), |date| date.to_string());
    let words = match context {
        Some(it) => format!("{}**{}**{}", plain(&it.before), plain(it.exact.trim()), plain(&it.after)),
        None => format!("**{}**", plain(carry.wording.trim())),
    };
    let changes = context.map_or(String::new(), |it| plain(&it.changes.join(", ")));
    let changes = if changes.is_empty() { changes } else { format!(" — {changes}") };
    let _ = writeln!(out, "- {}, {name}: {}{changes}  \n  {words}", plain(&date), plain(&how(scene, carry)));
}
