//! A PostgreSQL of our own, in target/, for the tests: started when none is named, left running for the next run.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::{
    setup,
    tools::{root, run, say},
};

/// The address of a server on which databases may be made: the one that is named, or ours.
#[expect(clippy::disallowed_methods, reason = "a developer names a server in the environment")]
pub fn start() -> Result<String> {
    if let Ok(named) = std::env::var("KRING_TEST_POSTGRES") {
        return Ok(named);
    }
    let data = home()?;
    let port_file = data.join("kring-port");
    if let Ok(port) = fs::read_to_string(&port_file)
        && answers(port.trim())
    {
        return Ok(address(port.trim()));
    }
    let bin = programs()?;
    if !data.join("PG_VERSION").exists() {
        say(&format!("making a PostgreSQL in {}", data.display()));
        fs::create_dir_all(&data)?;
        if setup::is_root() {
            // PostgreSQL refuses to run as root; its own user has to reach the folder.
            run(Command::new("chown").args(["-R", "postgres"]).arg(&data))?;
        }
        run(as_postgres(&bin, "initdb", &data)
            .args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "-D"])
            .arg(&data)
            .stdout(Stdio::null()))?;
    }
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port().to_string();
    let options = format!(
        "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=300 -c shared_buffers=1GB -c max_wal_size=4GB"
    );
    run(as_postgres(&bin, "pg_ctl", &data)
        .args(["-w", "-s", "-o", &options, "-l"])
        .arg(data.join("log"))
        .arg("-D")
        .arg(&data)
        .arg("restart")
        .stdout(Stdio::null()))
    .with_context(|| format!("PostgreSQL did not start; see {}/log", data.display()))?;
    fs::write(&port_file, &port)?;
    Ok(address(&port))
}

/// In target/, or where PostgreSQL's own user can reach when it cannot reach that.
fn home() -> Result<PathBuf> {
    let target = root().join("target");
    fs::create_dir_all(&target)?;
    let reachable = !setup::is_root()
        || Command::new("runuser")
            .args(["-u", "postgres", "--", "test", "-x"])
            .arg(&target)
            .status()?
            .success();
    if reachable {
        return Ok(target.join("postgres"));
    }
    let name: String =
        root().to_string_lossy().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    Ok(std::env::temp_dir().join(format!("kring-postgres{name}")))
}

fn address(port: &str) -> String {
    format!("postgres://postgres@127.0.0.1:{port}/postgres")
}

fn answers(port: &str) -> bool {
    port.parse::<u16>().is_ok_and(|p| std::net::TcpStream::connect(("127.0.0.1", p)).is_ok())
}

/// The newest PostgreSQL of the distribution.
fn programs() -> Result<PathBuf> {
    let mut versions: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .context("PostgreSQL is missing; `./x setup` installs it")?
        .filter_map(|e| Some(e.ok()?.path().join("bin")))
        .filter(|bin| bin.join("initdb").exists())
        .collect();
    versions.sort();
    match versions.pop() {
        Some(bin) => Ok(bin),
        None => bail!("PostgreSQL's server programs are missing; `./x setup` installs them"),
    }
}

fn as_postgres(bin: &Path, program: &str, folder: &Path) -> Command {
    let program = bin.join(program);
    let mut command;
    if setup::is_root() {
        command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
    } else {
        command = Command::new(program);
    }
    command.current_dir(folder);
    command
}
