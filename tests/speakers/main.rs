//! Speakers against hand gold and public names: measured where the shared evaluation texts are at hand, skipped (and
//! said so) where they are not.

mod contradictions;
mod corpus;
mod pairs;
mod properties;
mod reading;
mod seeds;
mod top;
