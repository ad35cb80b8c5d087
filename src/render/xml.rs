//! Elements in order, written through quick-xml, for the XML formats.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::escape::visible;

/// An XML document in the making. Writing to memory cannot fail; an element that was opened is closed in turn.
pub struct Document {
    writer: Writer<Vec<u8>>,
    open: Vec<String>,
}

impl Document {
    pub fn new() -> Document {
        let mut document = Document { writer: Writer::new_with_indent(Vec::new(), b' ', 1), open: Vec::new() };
        document.write(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
        document
    }

    fn write(&mut self, event: Event) {
        // a vector takes every byte
        let _ = self.writer.write_event(event);
    }

    /// Opens an element; attribute values may be any text.
    pub fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let start = start(name, attributes);
        self.write(Event::Start(start));
        self.open.push(name.to_string());
    }

    pub fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.write(Event::End(BytesEnd::new(name)));
        }
    }

    pub fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let start = start(name, attributes);
        self.write(Event::Empty(start));
    }

    /// Opens an element that holds text only.
    pub fn open_inline(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.open(name, attributes);
    }

    pub fn close_inline(&mut self) {
        self.close();
    }

    pub fn text(&mut self, text: &str) {
        let text = visible(text);
        self.write(Event::Text(BytesText::new(&text)));
    }

    pub fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        let mut text = String::from_utf8(self.writer.into_inner()).unwrap_or_default();
        text.push('\n');
        text
    }
}

fn start<'n>(name: &'n str, attributes: &[(&str, &str)]) -> BytesStart<'n> {
    let mut start = BytesStart::new(name);
    for (name, value) in attributes {
        start.push_attribute((*name, &*visible(value)));
    }
    start
}
