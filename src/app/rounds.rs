//! Work in rounds: while one round is written down by the caller, the next ones are worked on elsewhere, in order.

use std::thread;

use crossbeam_channel::bounded;

/// Rounds that may be under way at once: bounds memory.
const AHEAD: usize = 2;

/// Takes rounds from `next`, does the `work` on another thread (which may use more), and hands each with its outcome to `put`,
/// in the order of `next`. `next` and `put` run on this thread and share `context`.
///
/// # Errors
/// The first one of `next` or `put`; rounds still under way are then dropped.
pub(super) fn in_rounds<C, T: Send, R: Send, E>(
    context: &mut C,
    mut next: impl FnMut(&mut C) -> Result<Option<T>, E>,
    work: impl Fn(&T) -> R + Send,
    mut put: impl FnMut(&mut C, T, R) -> Result<(), E>,
) -> Result<(), E> {
    let (give, take) = bounded::<T>(AHEAD);
    let (back, done) = bounded::<(T, R)>(AHEAD);
    thread::scope(|scope| {
        scope.spawn(move || {
            for round in take {
                let made = work(&round);
                if back.send((round, made)).is_err() {
                    return;
                }
            }
        });
        let mut ahead = 0;
        while let Some(round) = next(context)? {
            if ahead == AHEAD {
                // No answer means that the worker panicked; the scope passes that on.
                let Ok((round, made)) = done.recv() else { return Ok(()) };
                put(context, round, made)?;
                ahead -= 1;
            }
            if give.send(round).is_err() {
                return Ok(());
            }
            ahead += 1;
        }
        drop(give);
        done.iter().try_for_each(|(round, made)| put(context, round, made))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(rounds: usize, fail_at: usize) -> (Vec<(usize, usize)>, Result<(), String>) {
        let mut context = (0, Vec::new());
        let outcome = in_rounds(
            &mut context,
            |(at, _)| {
                *at += 1;
                Ok((*at <= rounds).then_some(*at))
            },
            |round| round * 10,
            |(_, done): &mut (usize, Vec<_>), round, made| {
                done.push((round, made));
                if round == fail_at { Err(format!("round {round}")) } else { Ok(()) }
            },
        );
        (context.1, outcome)
    }

    #[test]
    fn rounds_come_back_in_order() {
        for rounds in [0, 1, 2, 3, 20] {
            let (done, outcome) = run(rounds, 0);
            assert_eq!(done, (1..=rounds).map(|round| (round, round * 10)).collect::<Vec<_>>());
            assert_eq!(outcome, Ok(()));
        }
    }

    #[test]
    fn the_first_error_ends_it() {
        let (done, outcome) = run(9, 3);
        assert_eq!(done.len(), 3);
        assert_eq!(outcome, Err("round 3".to_string()));
    }
}
