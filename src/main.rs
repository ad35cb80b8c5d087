//! The `provenance` program: hands the command line to the `cli` room and ends with its exit code.

fn main() -> std::process::ExitCode {
    provenance::cli::run()
}
