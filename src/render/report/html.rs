//! The report as one HTML file: styles and the little script inside, no address is ever loaded.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::graph::{ProvenanceGraph, about};
use crate::model::Id;
use crate::render::escape::{anchor, web_address, xml};
use crate::render::scene::{Carry, Scene, short, undated_last};
use crate::render::{PictureOptions, View, plural, svg};

use super::Report;
use super::parts::{Entry, entries, how, lost_source, quoted, scene, speakers};

const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

/// So many claims get a picture of their wordings; all of them get their table.
const MAX_STEMMATA: usize = 5;

pub fn html(graph: &ProvenanceGraph, report: &Report) -> String {
    let scene = scene(graph);
    let entries = entries(&scene);
    let mut out = String::new();
    head(&mut out, report, &scene);
    pictures(&mut out, graph);
    unsourced(&mut out, report, &scene, &entries);
    claims(&mut out, graph, report, &scene, &entries);
    speaker_table(&mut out, &entries);
    documents(&mut out, &scene);
    methods(&mut out, report);
    let _ = write!(
        out,
        "</main>\n<div id=\"hint\" role=\"status\" hidden></div>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n"
    );
    out
}

fn head(out: &mut String, report: &Report, scene: &Scene) {
    let title = xml(&report.title);
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <header><h1>{title}</h1>\n<p class=\"about\">{}, {}{}. “First seen” is the earliest document known here, which need not be the first there was.</p>\n\
         <nav aria-label=\"Contents\"><a href=\"#pictures\">Pictures</a> <a href=\"#unsourced\">Lost sources</a> <a href=\"#claims\">Claims</a> \
         <a href=\"#speakers\">Speakers</a> <a href=\"#documents\">Documents</a> <a href=\"#methods\">Methods</a></nav></header>\n<main>\n",
        plural(scene.claims.len(), "claim"),
        plural(scene.carriers.len(), "outlet"),
        if report.made_on.is_empty() { String::new() } else { format!(", {}", xml(&report.made_on)) },
    );
}

fn pictures(out: &mut String, graph: &ProvenanceGraph) {
    out.push_str("<section id=\"pictures\"><h2>Pictures</h2>\n");
    for (view, title) in [(View::Lanes, "Who had it when"), (View::Repeats, "Who carries what")] {
        let options = PictureOptions { view, title: title.to_string(), named: false, ..PictureOptions::default() };
        let _ = writeln!(out, "<figure>{}</figure>", svg(graph, &options));
    }
    out.push_str("</section>\n");
}

fn unsourced(out: &mut String, report: &Report, scene: &Scene, entries: &[Entry]) {
    out.push_str("<section id=\"unsourced\"><h2>What lost its source</h2>\n");
    let lost = lost_source(entries);
    if lost.is_empty() {
        out.push_str("<p>Nothing: every document that carries one of these claims names a source for it.</p>\n");
    } else {
        out.push_str("<ul>\n");
        for (entry, carry) in lost {
            lost_item(out, report, scene, entry, carry);
        }
        out.push_str("</ul>\n");
    }
    out.push_str("</section>\n");
}

fn lost_item(out: &mut String, report: &Report, scene: &Scene, entry: &Entry, carry: &Carry) {
    let _ = write!(
        out,
        "<li>{} prints <a href=\"#{}\">c{}</a> without a source: “{}”",
        outlet(scene, carry),
        anchor(entry.claim.id.as_str()),
        entry.number,
        xml(&carry.wording)
    );
    let context = quoted(report, carry);
    if let Some(lost) = context.and_then(|it| it.lost.as_ref()) {
        let who = if lost.credited.is_empty() { "somebody".to_string() } else { xml(&lost.credited) };
        let where_ = if lost.outlet.is_empty() { "another document".to_string() } else { xml(&lost.outlet) };
        let _ = write!(out, "<div class=\"lost\">In {where_} it is from {who}: “{}”", xml(&lost.exact));
        let turned: Vec<&str> = context
            .map(|it| it.changes.iter().map(String::as_str).filter(|name| name.contains("turned")).collect())
            .unwrap_or_default();
        let _ = write!(
            out,
            "{}</div>",
            if turned.is_empty() { String::new() } else { format!(" — {}", xml(&turned.join(", "))) }
        );
    }
    out.push_str("</li>\n");
}

fn claims(out: &mut String, graph: &ProvenanceGraph, report: &Report, scene: &Scene, entries: &[Entry]) {
    out.push_str(
        "<section id=\"claims\"><h2>Claims</h2>\n<form class=\"controls\" role=\"search\" onsubmit=\"return false\">\
         <label>Filter <input id=\"filter\" type=\"search\" autocomplete=\"off\"></label> \
         <label>Sort by <select id=\"sort\"><option value=\"spread\">spread</option><option value=\"date\">first seen</option>\
         <option value=\"speaker\">speaker</option></select></label> <output id=\"count\"></output></form>\n<div id=\"list\">\n",
    );
    for entry in entries {
        claim(out, graph, report, scene, entry);
    }
    out.push_str("</div></section>\n");
}

fn claim(out: &mut String, graph: &ProvenanceGraph, report: &Report, scene: &Scene, entry: &Entry) {
    let it = entry.claim;
    let speaker = it.speaker.as_ref().map_or("speaker unknown", |(_, name)| name.as_str());
    let date = it.date.as_ref().map_or(String::new(), |date| date.to_string());
    let _ = write!(
        out,
        "<article id=\"{}\" data-spread=\"{}\" data-date=\"{}\" data-speaker=\"{}\">\n<h3><span class=\"number\">c{}</span> {}</h3>\n\
         <p class=\"facts\">{} · {} · {} · <code>{}</code></p>\n",
        anchor(it.id.as_str()),
        entry.carries.len(),
        xml(if date.is_empty() { "9999" } else { &date }),
        xml(speaker),
        entry.number,
        xml(&it.text),
        xml(speaker),
        plural(entry.carries.len(), "document"),
        if date.is_empty() { "first seen: unknown".to_string() } else { format!("first seen {}", xml(&date)) },
        xml(it.id.as_str()),
    );
    if entry.number <= MAX_STEMMATA && entry.carries.len() > 1 {
        let part = about(graph, std::slice::from_ref(&it.id));
        let title = format!("How c{} was worded", entry.number);
        let options = PictureOptions { view: View::Stemma, title, named: false, ..PictureOptions::default() };
        let _ = writeln!(out, "<figure>{}</figure>", svg(&part, &options));
    }
    out.push_str("<table><thead><tr><th>Outlet</th><th>Words in place</th><th>How</th></tr></thead>\n");
    for carry in &entry.carries {
        row(out, report, scene, carry);
    }
    out.push_str("</table></article>\n");
}

fn row(out: &mut String, report: &Report, scene: &Scene, carry: &Carry) {
    let context = quoted(report, carry);
    let link = context.and_then(|it| it.link.as_deref()).or(carry.url.as_deref()).and_then(web_address);
    let name = outlet(scene, carry);
    let name = link.map_or(name.clone(), |href| format!("<a href=\"{}\" rel=\"noreferrer\">{name}</a>", xml(&href)));
    let date = carry.date.as_ref().map_or("undated".to_string(), |date| date.to_string());
    let words = match context {
        Some(it) => format!("{}<mark>{}</mark>{}", xml(&it.before), xml(&it.exact), xml(&it.after)),
        None => format!("<mark>{}</mark>", xml(&carry.wording)),
    };
    let source =
        context.filter(|it| !it.source.is_empty()).map_or(String::new(), |it| format!("credited: {}", xml(&it.source)));
    let changes = context.map_or(String::new(), |it| xml(&it.changes.join(", ")));
    let notes: Vec<String> =
        [xml(&how(scene, carry)), source, changes, xml(&carry.note)].into_iter().filter(|it| !it.is_empty()).collect();
    let _ = writeln!(
        out,
        "<tr><td>{name}<br><small>{} · {}</small></td><td>{words}</td><td>{}</td></tr>",
        xml(&date),
        xml(short(&carry.document)),
        notes.join("<br>")
    );
}

fn outlet(scene: &Scene, carry: &Carry) -> String {
    xml(&scene.carriers[carry.carrier].label)
}

fn speaker_table(out: &mut String, entries: &[Entry]) {
    out.push_str(
        "<section id=\"speakers\"><h2>Speakers</h2>\n<table><thead><tr><th>Speaker</th><th>Claims</th><th>Documents</th></tr></thead><tbody>\n",
    );
    for (name, claims, documents) in speakers(entries) {
        let _ = writeln!(out, "<tr><td>{}</td><td>{claims}</td><td>{documents}</td></tr>", xml(&name));
    }
    out.push_str("</tbody></table></section>\n");
}

fn documents(out: &mut String, scene: &Scene) {
    let mut found: BTreeMap<&Id, &Carry> = BTreeMap::new();
    for carry in &scene.carries {
        found.entry(&carry.document).or_insert(carry);
    }
    let mut rows: Vec<&Carry> = found.into_values().collect();
    rows.sort_by(|a, b| (undated_last(&a.date), &a.document).cmp(&(undated_last(&b.date), &b.document)));
    out.push_str(
        "<section id=\"documents\"><h2>Documents</h2>\n<table><thead><tr><th>Date</th><th>Outlet</th><th>Title</th><th>Id</th></tr></thead><tbody>\n",
    );
    for carry in rows {
        let title = if carry.title.trim().is_empty() { "(no title)".to_string() } else { xml(&carry.title) };
        let link = carry.url.as_deref().and_then(web_address);
        let title =
            link.map_or(title.clone(), |href| format!("<a href=\"{}\" rel=\"noreferrer\">{title}</a>", xml(&href)));
        let date = carry.date.as_ref().map_or("undated".to_string(), |date| date.to_string());
        let id = carry.document.as_str();
        let _ = writeln!(
            out,
            "<tr id=\"{}\"><td>{}</td><td>{}</td><td>{title}</td><td><code>{}</code></td></tr>",
            anchor(id),
            xml(&date),
            outlet(scene, carry),
            xml(id)
        );
    }
    out.push_str("</tbody></table></section>\n");
}

fn methods(out: &mut String, report: &Report) {
    out.push_str("<section id=\"methods\"><h2>Methods</h2>\n<dl>\n");
    for (name, value) in &report.methods {
        let _ = writeln!(out, "<dt>{}</dt><dd>{}</dd>", xml(name), xml(value));
    }
    let _ = write!(
        out,
        "<dt>store</dt><dd><code>{}</code></dd>\n</dl>\n<p>Links were found by the program unless they are counted as confirmed. \
         The direction of a repeat rests on credits, on what was lost in the wording, or on dates known to the day; where these do \
         not suffice it is left open. Check every quotation against its document before you rely on it.</p></section>\n",
        xml(&report.store_hash)
    );
}
