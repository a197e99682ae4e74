//! The distribution's Postfix, started for one test: on a port of its own, in a folder of its own, delivering every
//! address of `postfix.example` to one mailbox.

pub mod opendkim;

use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::Command,
    time::{Duration, Instant},
};

use tempfile::TempDir;

pub struct Postfix {
    pub port: u16,
    folder: TempDir,
}

const MISSING: &str =
    "the real mail server of this test is Debian's postfix, run as root: `./x setup` installs it";

impl Postfix {
    pub fn start() -> Self {
        Self::with("", "")
    }

    /// Started with more lines in `main.cf`, which win over those above them, and more services.
    pub fn with(settings: &str, more_services: &str) -> Self {
        assert!(std::path::Path::new("/usr/sbin/postfix").exists(), "{MISSING}");
        let folder = TempDir::with_prefix("kring-postfix-").unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let at = |name: &str| folder.path().join(name).display().to_string();
        for name in ["etc", "queue", "data", "box"] {
            fs::create_dir_all(folder.path().join(name)).unwrap();
        }
        run("chmod", &["755", &folder.path().display().to_string()]);
        run("chown", &["postfix", &at("data")]);
        let uid = text("id", &["-u", "postfix"]);
        let gid = text("id", &["-g", "postfix"]);
        run("chown", &[&format!("{uid}:{gid}"), &at("box")]);
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
                &at("etc/key.pem"),
                "-out",
                &at("etc/cert.pem"),
            ],
        );
        let main = format!(
            "compatibility_level = 3.6\nqueue_directory = {queue}\ndata_directory = {data}\ncommand_directory = /usr/sbin\n\
             daemon_directory = /usr/lib/postfix/sbin\nmail_owner = postfix\nmyhostname = mail.postfix.example\nmydestination =\n\
             inet_interfaces = 127.0.0.1\ninet_protocols = ipv4\nmynetworks = 127.0.0.0/8\nvirtual_mailbox_domains = postfix.example\n\
             virtual_mailbox_base = {mailbox}\nvirtual_mailbox_maps = static:all\nvirtual_uid_maps = static:{uid}\nvirtual_gid_maps = static:{gid}\n\
             virtual_minimum_uid = 1\nsmtpd_tls_cert_file = {cert}\nsmtpd_tls_key_file = {key}\nsmtpd_tls_security_level = encrypt\n\
             smtpd_tls_received_header = yes\nmaillog_file = {log}\nmaillog_file_prefixes = {prefix}\nsmtpd_peername_lookup = no\n",
            queue = at("queue"),
            data = at("data"),
            mailbox = at("box"),
            cert = at("etc/cert.pem"),
            key = at("etc/key.pem"),
            log = at("log"),
            prefix = folder.path().display(),
        );
        fs::write(folder.path().join("etc/main.cf"), main + settings).unwrap();
        let services = format!(
            "127.0.0.1:{port} inet n - n - - smtpd\npickup unix n - n 60 1 pickup\ncleanup unix n - n - 0 cleanup\n\
             qmgr unix n - n 300 1 qmgr\nrewrite unix - - n - - trivial-rewrite\nbounce unix - - n - 0 bounce\ndefer unix - - n - 0 bounce\n\
             trace unix - - n - 0 bounce\nflush unix n - n 1000? 0 flush\nproxymap unix - - n - - proxymap\ntlsmgr unix - - n 1000? 1 tlsmgr\n\
             error unix - - n - - error\nretry unix - - n - - error\ndiscard unix - - n - - discard\nvirtual unix - n n - - virtual\n\
             anvil unix - - n - 1 anvil\nscache unix - - n - 1 scache\npostlog unix-dgram n - n - 1 postlogd\n"
        );
        fs::write(folder.path().join("etc/master.cf"), services + more_services).unwrap();
        let server = Self { port, folder };
        server.postfix("start");
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(30), "Postfix did not start: {}", server.log());
            std::thread::sleep(Duration::from_millis(100));
        }
        server
    }

    /// The mails in the box, once there are so many; fewer when the patience ends.
    pub fn wait_for(&self, count: usize, patience: Duration) -> Vec<String> {
        let begun = Instant::now();
        loop {
            let mails = self.mails();
            if mails.len() >= count || begun.elapsed() > patience {
                // A second copy would come right behind the first.
                std::thread::sleep(Duration::from_millis(500));
                return self.mails();
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    pub fn empty(&self) {
        let _ = fs::remove_file(self.mailbox());
    }

    fn mailbox(&self) -> PathBuf {
        self.folder.path().join("box/all")
    }

    /// An mbox file: each mail begins with a line "From ".
    fn mails(&self) -> Vec<String> {
        let text = fs::read_to_string(self.mailbox()).unwrap_or_default();
        let text = format!("\n{text}");
        text.split("\nFrom ")
            .skip(1)
            .map(|mail| mail.split_once('\n').map(|(_, rest)| rest.to_owned()).unwrap_or_default())
            .collect()
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn postfix(&self, what: &str) {
        let _ = Command::new("/usr/sbin/postfix")
            .arg("-c")
            .arg(self.folder.path().join("etc"))
            .arg(what)
            .output();
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        self.postfix("stop");
    }
}

fn run(program: &str, args: &[&str]) {
    let done =
        Command::new(program).args(args).output().unwrap_or_else(|why| panic!("{program}: {why}. {MISSING}"));
    assert!(done.status.success(), "{program}: {}", String::from_utf8_lossy(&done.stderr));
}

fn text(program: &str, args: &[&str]) -> String {
    String::from_utf8_lossy(&Command::new(program).args(args).output().unwrap().stdout).trim().to_owned()
}
