//! What must never go wrong, tried: damage, crashes, full disks, many writers, endless and hostile input, orders and
//! locales. docs/robustness.md says which test holds which promise.
//!
//! Each test makes what it needs in a fresh folder. `PROVENANCE_ROBUST=full` runs the long form of the measurements.

mod common;

mod archives;
mod crash;
mod damage;
mod forget;
mod fuzz;
mod hostile;
mod limits;
mod order;
mod places;
mod verify;
mod writers;
