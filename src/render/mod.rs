//! Rendering: graphs and answers to bytes. No store, no printing.
