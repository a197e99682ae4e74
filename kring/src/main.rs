use std::process::ExitCode;

/// What went wrong is a sentence for the operator; a backtrace is for us, and comes with the log.
#[expect(clippy::print_stderr, reason = "the last word of a command that failed")]
fn main() -> ExitCode {
    match kring::main() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("kring: {why:#}");
            ExitCode::FAILURE
        }
    }
}
