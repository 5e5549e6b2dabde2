use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use super::{conch, model_repo};

/// A server on a free port, with the real models.
pub(crate) struct Running {
    child: Child,
    pub(crate) url: String,
}

/// A connection to it.
pub(crate) struct Connection(BufReader<TcpStream>);

impl Running {
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    /// Starts it with options, and waits until it says that it is ready.
    pub(crate) fn with(options: &[&str]) -> Self {
        let arguments = [&["serve", "--bind", "127.0.0.1:0"], options].concat();
        Self::run(conch(&arguments).in_repository(&model_repo()).0)
    }

    /// With so few file descriptors.
    pub(crate) fn with_descriptors(most: usize) -> Self {
        let program = conch(&["serve", "--bind", "127.0.0.1:0"]).in_repository(&model_repo());
        let mut shell = Command::new("sh");
        let line = format!("ulimit -n {most} && exec \"$0\" \"$@\"");
        shell.args(["-c", &line]).arg(program.0.get_program());
        shell.args(program.0.get_args()).stdin(Stdio::null());
        for (name, value) in program.0.get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        Self::run(shell)
    }

    fn run(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut ready = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut ready).unwrap();
        let url = ready.trim().strip_prefix("Conch is ready: open ");
        let url = url
            .unwrap_or_else(|| panic!("not ready: {ready:?}"))
            .to_owned();
        Self { child, url }
    }

    fn address(&self) -> &str {
        self.url.strip_prefix("http://").unwrap()
    }

    /// Whether it still takes connections.
    pub(crate) fn connects(&self) -> bool {
        TcpStream::connect(self.address()).is_ok()
    }

    /// Opens a connection and writes to it.
    pub(crate) fn send(&self, text: &str) -> Connection {
        let stream = TcpStream::connect(self.address()).unwrap();
        let mut connection = Connection(BufReader::new(stream));
        connection.write(text);
        connection
    }

    /// The whole answer to a GET.
    pub(crate) fn get(&self, path: &str) -> String {
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: 192.0.2.1\r\nconnection: close\r\n\r\n");
        self.send(&request).rest()
    }

    /// Sends a signal.
    pub(crate) fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill")
            .args(["-s", signal, &pid])
            .status()
            .unwrap();
        assert!(sent.success());
    }

    /// Bytes that it has in memory.
    pub(crate) fn resident(&self) -> usize {
        self.kilobytes("VmRSS:") * 1024
    }

    /// Most bytes that it has had in memory.
    pub(crate) fn peak_resident(&self) -> usize {
        self.kilobytes("VmHWM:") * 1024
    }

    fn kilobytes(&self, name: &str) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let number = line.and_then(|line| line.split_whitespace().next());
        number.map_or(0, |number| number.parse().unwrap())
    }

    /// How many files and connections it has open.
    pub(crate) fn open_files(&self) -> usize {
        let files = std::fs::read_dir(format!("/proc/{}/fd", self.child.id()));
        files.map_or(0, Iterator::count)
    }

    /// Waits for the end and gives the exit code.
    pub(crate) fn wait(mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Connection {
    pub(crate) fn write(&mut self, text: &str) {
        self.0.get_mut().write_all(text.as_bytes()).unwrap();
    }

    /// The next line, without its end.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// All until the server closes.
    pub(crate) fn rest(mut self) -> String {
        let mut rest = String::new();
        self.0.read_to_string(&mut rest).unwrap();
        rest
    }
}
