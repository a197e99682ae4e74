//! The distribution's Dovecot, started for one test: LMTP in, IMAP over TLS out, in a folder and on ports of its own.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use kring_core::Secret;
use kring_post::{Security, Trust, imap::Server};
use tempfile::TempDir;

pub struct Dovecot {
    pub imap: u16,
    pub lmtp: u16,
    folder: TempDir,
    child: Child,
}

const MISSING: &str = "the real mailbox of this test is Debian's dovecot-imapd and dovecot-lmtpd, run as root: `./x setup` installs them";
const PASSWORD: &str = "postbus \"met\" \\ teken";

impl Dovecot {
    /// With a mailbox for each of these; nobody else is known.
    pub fn start(users: &[&str]) -> Self {
        assert!(std::path::Path::new("/usr/lib/dovecot/imap").exists(), "{MISSING}");
        assert!(std::path::Path::new("/usr/lib/dovecot/lmtp").exists(), "{MISSING}");
        let folder = TempDir::with_prefix("kring-dovecot-").unwrap();
        let at = |name: &str| folder.path().join(name).display().to_string();
        for name in ["run", "state", "mail"] {
            fs::create_dir_all(folder.path().join(name)).unwrap();
        }
        run("chmod", &["755", &folder.path().display().to_string()]);
        run("chown", &["mail:mail", &at("mail")]);
        run(
            "openssl",
            &[
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
                "-keyout",
                &at("key.pem"),
                "-out",
                &at("cert.pem"),
            ],
        );
        let lines: String = users.iter().map(|user| format!("{user}:{{PLAIN}}{PASSWORD}::::::\n")).collect();
        fs::write(folder.path().join("users"), lines).unwrap();
        let free = || TcpListener::bind("127.0.0.1:0").unwrap();
        let (one, two) = (free(), free());
        let (imap, lmtp) = (one.local_addr().unwrap().port(), two.local_addr().unwrap().port());
        drop((one, two));
        let conf = format!(
            "base_dir = {run}\nstate_dir = {state}\nlog_path = {log}\nprotocols = imap lmtp\nssl = required\nssl_cert = <{cert}\nssl_key = <{key}\n\
             mail_location = maildir:{mail}/%n\nmail_uid = mail\nmail_gid = mail\nfirst_valid_uid = 1\nrecipient_delimiter = +\nauth_username_format = %Ln\n\
             auth_mechanisms = plain login\n\
             passdb {{\n driver = passwd-file\n args = {users}\n}}\nuserdb {{\n driver = passwd-file\n args = {users}\n default_fields = uid=mail gid=mail home={mail}/%n\n}}\n\
             service imap-login {{\n inet_listener imap {{\n  port = 0\n }}\n inet_listener imaps {{\n  address = 127.0.0.1\n  port = {imap}\n  ssl = yes\n }}\n}}\n\
             service lmtp {{\n inet_listener lmtp {{\n  address = 127.0.0.1\n  port = {lmtp}\n }}\n}}\n",
            run = at("run"),
            state = at("state"),
            log = at("log"),
            cert = at("cert.pem"),
            key = at("key.pem"),
            mail = at("mail"),
            users = at("users"),
        );
        let file = folder.path().join("dovecot.conf");
        fs::write(&file, conf).unwrap();
        let child = Command::new("/usr/sbin/dovecot")
            .arg("-F")
            .arg("-c")
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|why| panic!("dovecot: {why}. {MISSING}"));
        let server = Self { imap, lmtp, folder, child };
        let begun = Instant::now();
        for port in [imap, lmtp] {
            while TcpStream::connect(("127.0.0.1", port)).is_err() {
                assert!(begun.elapsed() < Duration::from_secs(30), "Dovecot did not start: {}", server.log());
                std::thread::sleep(Duration::from_millis(100));
            }
        }
        server
    }

    /// This one's mailbox, over TLS.
    pub fn mailbox(&self, user: &str, folder: &str) -> Server {
        self.with_password(user, folder, PASSWORD)
    }

    pub fn with_password(&self, user: &str, folder: &str, password: &str) -> Server {
        let (tls, trust) = (Security::Implicit, Trust::DangerAnyOnLoopback);
        Server::new("127.0.0.1", self.imap, tls, &trust, user, Secret::new(password.to_owned()), folder)
            .unwrap()
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        let _ = Command::new("/bin/kill").arg(self.child.id().to_string()).output();
        let _ = self.child.wait();
    }
}

fn run(program: &str, args: &[&str]) {
    let done =
        Command::new(program).args(args).output().unwrap_or_else(|why| panic!("{program}: {why}. {MISSING}"));
    assert!(done.status.success(), "{program}: {}", String::from_utf8_lossy(&done.stderr));
}
