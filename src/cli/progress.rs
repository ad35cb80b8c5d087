//! A progress bar: only on a terminal, and only once work takes more than half a second.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::app::Progress;

const PATIENCE: Duration = Duration::from_millis(500);

/// Draws on the error stream.
pub(crate) struct Bar {
    started: Instant,
    on_terminal: bool,
    bar: Mutex<Option<ProgressBar>>,
}

impl Bar {
    pub(crate) fn new() -> Bar {
        Bar { started: Instant::now(), on_terminal: std::io::stderr().is_terminal(), bar: Mutex::new(None) }
    }

    /// Takes the bar away before the answer is printed.
    pub(crate) fn done(&self) {
        if let Ok(mut bar) = self.bar.lock()
            && let Some(bar) = bar.take()
        {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Bar {
    fn at(&self, stage: &str, done: usize, total: usize) {
        if !self.on_terminal || self.started.elapsed() < PATIENCE {
            return;
        }
        let Ok(mut slot) = self.bar.lock() else { return };
        let bar = slot.get_or_insert_with(|| {
            let bar = ProgressBar::new(0);
            if let Ok(style) = ProgressStyle::with_template("{msg:18} {bar:40} {pos}/{len}") {
                bar.set_style(style);
            }
            bar
        });
        bar.set_length(total as u64);
        bar.set_position(done as u64);
        bar.set_message(stage.to_string());
    }
}
