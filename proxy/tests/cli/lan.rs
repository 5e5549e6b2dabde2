//! HTTPS as the network meets it: handshakes are `openssl`'s, which knows nothing of our code.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::support::{Running, conch};

/// A server with HTTPS on this machine alone.
struct Lan {
    server: Running,
    data: TempDir,
    /// `127.0.0.1:PORT`, where it speaks HTTPS.
    secure: String,
}

impl Lan {
    fn start() -> Self {
        Self::in_folder(TempDir::new().unwrap())
    }

    fn in_folder(data: TempDir) -> Self {
        let folder = data.path().display().to_string();
        let server = Running::with(&[
            "--lan",
            "--no-mdns",
            "--https-bind",
            "127.0.0.1:0",
            "--data-dir",
            &folder,
        ]);
        let page = server.get("/trust");
        let (_, rest) = page.split_once("https://").unwrap();
        let secure = rest.split_once('/').unwrap().0.to_owned();
        Self {
            server,
            data,
            secure,
        }
    }

    /// The authority's certificate, as a phone gets it by HTTP, as a PEM file.
    fn authority(&self) -> PathBuf {
        let [der, pem] = ["got.crt", "got.pem"].map(|name| self.data.path().join(name));
        let url = format!("{}/trust/authority.crt", self.server.url);
        run(Command::new("curl")
            .args(["--silent", "--fail", &url, "--output"])
            .arg(&der));
        let convert = ["x509", "-inform", "DER", "-outform", "PEM", "-in"];
        run(Command::new("openssl")
            .args(convert)
            .arg(der)
            .arg("-out")
            .arg(&pem));
        pem
    }
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Shakes hands as a browser would that trusts `authority`, for a host; what was said, and whether
/// it went well.
fn shake_hands(at: &str, authority: &Path, host: &[&str]) -> (bool, String) {
    let output = Command::new("openssl")
        .args([
            "s_client",
            "-connect",
            at,
            "-verify_return_error",
            "-brief",
            "-CAfile",
        ])
        .arg(authority)
        .args(host)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.success(), said + &errors)
}

#[test]
fn openssl_trusts_the_server_for_its_name_and_addresses_and_no_other() {
    let lan = Lan::start();
    let authority = lan.authority();
    for host in [
        [
            "-servername",
            "conch.local",
            "-verify_hostname",
            "conch.local",
        ]
        .as_slice(),
        &["-servername", "localhost", "-verify_hostname", "localhost"],
        &["-verify_ip", "127.0.0.1"],
    ] {
        let (well, said) = shake_hands(&lan.secure, &authority, host);
        assert!(
            well && said.contains("Verification: OK"),
            "{host:?}: {said}"
        );
    }
    let (well, said) = shake_hands(
        &lan.secure,
        &authority,
        &["-verify_hostname", "example.com"],
    );
    assert!(!well && said.contains("hostname mismatch"), "{said}");
}

#[test]
fn the_authority_is_made_once_and_readable_by_its_owner_alone() {
    let first = Lan::start();
    let file = first.data.path().join("authority.pem");
    assert_eq!(
        fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let before = fs::read(&file).unwrap();
    let Lan { server, data, .. } = first;
    server.signal("TERM");
    assert_eq!(server.wait(), Some(0));

    let second = Lan::in_folder(data);
    assert_eq!(fs::read(&file).unwrap(), before);
    let (well, said) = shake_hands(&second.secure, &file, &["-verify_ip", "127.0.0.1"]);
    assert!(
        well,
        "the first start's certificate vouches for the second: {said}"
    );
}

#[test]
fn a_broken_authority_stops_the_start_and_stays_as_it_is() {
    let data = TempDir::new().unwrap();
    let file = data.path().join("authority.pem");
    fs::write(&file, "nonsense").unwrap();
    let folder = data.path().display().to_string();
    let line = [
        "serve",
        "--lan",
        "--no-mdns",
        "--bind",
        "127.0.0.1:0",
        "--https-bind",
        "127.0.0.1:0",
        "--data-dir",
        &folder,
    ];
    conch(&line)
        .fails_with(&format!("conch: {}: no private key", file.display()))
        .and_says("delete it: a new authority is made then, and each phone must trust that");
    assert_eq!(fs::read_to_string(&file).unwrap(), "nonsense");
}

#[expect(clippy::disallowed_methods, reason = "the test's own thread")]
fn pause(time: Duration) {
    thread::sleep(time);
}

/// A certificate for `localhost` that vouches for itself, by `openssl`.
fn own_certificate(folder: &Path, serial: &str) -> [String; 2] {
    let [cert, key] = ["cert.pem", "key.pem"].map(|name| folder.join(name).display().to_string());
    run(Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
        ])
        .args([
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
            "-set_serial",
            serial,
        ])
        .args([
            "-addext",
            "subjectAltName=DNS:localhost,DNS:lab.example.org",
            "-keyout",
            &key,
            "-out",
            &cert,
        ]));
    [cert, key]
}

#[test]
fn an_own_certificate_is_taken_and_read_again_when_it_changes() {
    let folder = TempDir::new().unwrap();
    let [cert, key] = own_certificate(folder.path(), "1");
    let server = Running::with(&["--tls-cert", &cert, "--tls-key", &key]);
    let at = server.url.strip_prefix("https://").unwrap().to_owned();
    let trusted =
        |path: &str| shake_hands(&at, Path::new(path), &["-verify_hostname", "localhost"]).0;
    assert!(trusted(&cert));

    // A file that is half written does no harm: the old one stays.
    let old = folder.path().join("old.pem").display().to_string();
    fs::copy(&cert, &old).unwrap();
    fs::write(&cert, "half").unwrap();
    pause(Duration::from_secs(6));
    assert!(trusted(&old));

    own_certificate(folder.path(), "2");
    let begin = Instant::now();
    while !trusted(&cert) {
        assert!(
            begin.elapsed() < Duration::from_secs(30),
            "the new certificate is never taken"
        );
        pause(Duration::from_millis(500));
    }
}

/// The answer to a request by HTTPS, with its head, as curl gets it.
fn answer(arguments: &[&str]) -> String {
    let mut curl = Command::new("curl");
    let options = ["--silent", "--insecure", "--include"];
    let output = curl.args(options).args(arguments).output().unwrap();
    assert!(output.status.success(), "{:?}", output.status);
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Its head alone, in lower case.
fn head(arguments: &[&str]) -> String {
    let answer = answer(arguments).to_lowercase();
    answer.split("\r\n\r\n").next().unwrap().to_owned()
}

#[test]
fn who_came_by_a_name_stays_on_it_with_either_protocol() {
    let lan = Lan::start();
    let (_, port) = lan.secure.rsplit_once(':').unwrap();
    let (host, url) = (
        format!("host: conch.local:{port}"),
        format!("https://{}/trust", lan.secure),
    );
    for option in ["--http1.1", "--http2"] {
        let page = answer(&[option, "--header", &host, &url]);
        assert!(
            page.contains(&format!("https://conch.local:{port}")),
            "{option}: {page}"
        );
    }
}

#[test]
fn by_https_both_protocols_are_spoken_and_the_names_of_a_certificate_are_ours() {
    let folder = TempDir::new().unwrap();
    let [cert, key] = own_certificate(folder.path(), "1");
    let server = Running::with(&["--tls-cert", &cert, "--tls-key", &key]);
    let url = format!("{}/api/status", server.url);
    for (option, version) in [("--http1.1", "http/1.1 "), ("--http2", "http/2 ")] {
        let answer = head(&[option, &url]);
        assert!(answer.starts_with(&format!("{version}200")), "{answer}");
        assert!(
            answer.contains("strict-transport-security: max-age="),
            "{answer}"
        );
        let answer = head(&[option, "--header", "host: evil.example", &url]);
        assert!(answer.starts_with(&format!("{version}421")), "{answer}");
        // A certificate that the test's own names, and no option does.
        let answer = head(&[option, "--header", "host: lab.example.org", &url]);
        assert!(answer.starts_with(&format!("{version}200")), "{answer}");
    }
    let lan = Lan::start();
    let answer = head(&["--http2", &format!("https://{}/api/status", lan.secure)]);
    assert!(answer.starts_with("http/2 200"), "{answer}");
    assert!(
        answer.contains("cross-origin-opener-policy: same-origin"),
        "{answer}"
    );
    assert!(!answer.contains("strict-transport-security"), "{answer}");
}

#[test]
fn a_key_of_another_certificate_stops_the_start() {
    let (one, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let [cert, _] = own_certificate(one.path(), "1");
    let [_, key] = own_certificate(other.path(), "2");
    conch(&[
        "serve",
        "--bind",
        "127.0.0.1:0",
        "--tls-cert",
        &cert,
        "--tls-key",
        &key,
    ])
    .fails_with(&format!("conch: {key} is not the key of {cert}"));
}

#[test]
fn https_without_a_certificate_says_how_to_get_one() {
    conch(&[
        "serve",
        "--bind",
        "127.0.0.1:0",
        "--https-bind",
        "127.0.0.1:0",
    ])
    .fails_with("conch: --https-bind needs a certificate")
    .and_says("--lan");
}

#[test]
fn by_http_from_elsewhere_the_way_is_asked_for_once() {
    let lan = Lan::start();
    // Not a name that browsers hold for secure by itself; so this is as from another machine.
    let asked = lan.server.get("/?model=x");
    assert!(asked.contains("Which way do you want to go?"), "{asked}");
    assert!(
        asked.contains(r#"href="/trust/without?model=x""#),
        "{asked}"
    );
    let on = lan.server.get("/trust/without?model=x").to_lowercase();
    assert!(on.contains("location: /?model=x"), "{on}");
    assert!(on.contains("set-cookie: conch-without-https=1"), "{on}");
    let connection = lan.server.send(
        "GET / HTTP/1.1\r\nhost: 192.0.2.1\r\ncookie: a=b; conch-without-https=1\r\nconnection: close\r\n\r\n",
    );
    assert!(!connection.rest().contains("Which way do you want to go?"));
}

#[test]
fn a_profile_holds_the_certificate() {
    let lan = Lan::start();
    let profile = lan.server.get("/trust/authority.mobileconfig");
    assert!(profile.contains("application/x-apple-aspen-config"));
    let (_, rest) = profile.split_once("<data>").unwrap();
    let (base64, _) = rest.split_once("</data>").unwrap();
    let pem = fs::read_to_string(lan.authority()).unwrap();
    let body: String = pem
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .collect();
    assert_eq!(base64, body);
}

#[test]
fn the_status_names_the_entrance_and_its_code_is_a_picture() {
    let lan = Lan::start();
    let status = lan.server.get("/api/status");
    assert!(
        status.contains(&format!(r#""entrance":"{}""#, lan.server.url)),
        "{status}"
    );
    let code = lan.server.get("/api/entrance.svg");
    assert!(
        code.contains("image/svg+xml") && code.contains("<svg"),
        "{code}"
    );
    let without = Running::start();
    assert!(without.get("/api/entrance.svg").starts_with("HTTP/1.1 404"));
    assert!(without.get("/trust").starts_with("HTTP/1.1 404"));
    assert!(!without.get("/api/status").contains("entrance"));
}
