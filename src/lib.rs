//! Claim provenance for news: who said it first, who repeats it, and what changed on the way.
//!
//! The rooms below are listed from the top floor down; imports only ever go down (see ARCHITECTURE.md).

pub mod cli;

pub mod app;

pub mod render;

pub mod extract;
pub mod graph;
pub mod link;
pub mod read;
pub mod resolve;
pub mod store;

pub mod lang;
pub mod network;

pub mod model;

pub mod text;
