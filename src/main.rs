//! The `provenance` program: hands the command line to the `cli` room and ends with its exit code.

/// Reading and linking make millions of short strings: with this allocator an ingest takes a tenth less.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    provenance::cli::run()
}
