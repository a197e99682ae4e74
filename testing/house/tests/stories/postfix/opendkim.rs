//! The distribution's OpenDKIM, as a filter of a Postfix: it reads every mail that comes in and writes down what it thinks of the
//! signatures. It gets the public keys from a file, so nothing is asked of the network.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

const MISSING: &str = "the verifier of this test is Debian's opendkim: `./x setup` installs it";

pub struct OpenDkim {
    port: u16,
    child: Child,
    _folder: TempDir,
}

impl OpenDkim {
    /// Knows these keys: the name of the DNS record, and its text.
    pub fn start(keys: &[(&str, &str)]) -> Self {
        let folder = TempDir::with_prefix("kring-opendkim-").unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let file = folder.path().join("keys");
        let lines: String = keys.iter().map(|(name, text)| format!("{name} {text}\n")).collect();
        fs::write(&file, lines).unwrap();
        let settings = format!(
            "Mode v\nSocket inet:{port}@127.0.0.1\nTestPublicKeys {}\nAuthservID verifier.example\nAlwaysAddARHeader yes\n\
             Background no\nSyslog no\nInternalHosts {}\nOn-KeyNotFound accept\n",
            file.display(),
            folder.path().join("nobody").display(),
        );
        fs::write(folder.path().join("nobody"), "192.0.2.1\n").unwrap();
        let config = folder.path().join("opendkim.conf");
        fs::write(&config, settings).unwrap();
        let child = Command::new("/usr/sbin/opendkim")
            .args(["-f", "-x", &config.display().to_string()])
            .stdout(Stdio::null())
            .spawn()
            .unwrap_or_else(|why| panic!("{MISSING}: {why}"));
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(20), "OpenDKIM did not start");
            std::thread::sleep(Duration::from_millis(50));
        }
        Self { port, child, _folder: folder }
    }

    /// What Postfix has to be told, so that it asks.
    pub fn settings(&self) -> String {
        format!("smtpd_milters = inet:127.0.0.1:{}\nmilter_default_action = tempfail\n", self.port)
    }
}

impl Drop for OpenDkim {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What it wrote over a mail, as a list of results: `pass`, `fail` …
pub fn results(mail: &str) -> Vec<String> {
    let head = mail.split("\n\n").next().unwrap_or_default().replace("\n\t", " ").replace("\n ", " ");
    let verdicts = head.lines().filter(|line| line.starts_with("Authentication-Results: verifier.example"));
    let all: Vec<&str> = verdicts.flat_map(|line| line.split("dkim=").skip(1)).collect();
    all.iter().map(|rest| rest.split_whitespace().next().unwrap_or_default().to_owned()).collect()
}
