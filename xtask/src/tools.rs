use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned).unwrap_or_default()
}

pub fn say(what: &str) {
    eprintln!("\x1b[1m·\x1b[0m {what}");
}

/// Cargo in the workspace.
pub fn cargo() -> Command {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(root());
    cargo
}

pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("{command:?} cannot be started"))?;
    if status.success() { Ok(()) } else { bail!("{} failed", shown(command)) }
}

/// Runs and gives what it wrote.
pub fn read(command: &mut Command) -> Result<String> {
    let out = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("{command:?} cannot be started"))?;
    if !out.status.success() {
        bail!("{} failed", shown(command));
    }
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}

fn shown(command: &Command) -> String {
    let args: Vec<_> = command.get_args().map(|a| a.to_string_lossy().into_owned()).collect();
    format!("`{} {}`", command.get_program().to_string_lossy(), args.join(" "))
}

/// Is there such a program?
pub fn has(program: &str) -> bool {
    Command::new("sh")
        .args(["-c", &format!("command -v {program}")])
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|s| s.success())
}

/// Which build of the house the suites run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Build {
    /// The one that the tests made. What they stand on is optimised where that is felt, so it is nearly as quick as the
    /// other, and an optimised build of everything would take as long as all the suites together.
    Tests,
    /// As it is shipped.
    Shipped,
}

impl Build {
    /// The server, and what lays mail ready for it: at once, since built apart they would not share all they stand on.
    pub fn make(self) -> Result<()> {
        let mut build = cargo();
        build.args(["build", "--locked", "-p", "kring", "-p", "kring-testing"]);
        if self == Self::Shipped {
            build.arg("--release");
        }
        run(&mut build)
    }

    pub fn program(self, name: &str) -> PathBuf {
        root().join(if self == Self::Shipped { "target/release" } else { "target/debug" }).join(name)
    }
}
