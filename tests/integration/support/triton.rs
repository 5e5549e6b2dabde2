use std::io::{BufRead, BufReader, Lines};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};

use tokio::task::spawn_blocking;

use super::real::root;

/// Set to 1, it leaves out the tests that want a Triton, for a machine that cannot run one.
const SKIP: &str = "CONCH_SKIP_TRITON";

/// A real Triton on free ports of loopback, started by `scripts/triton.sh`. It ends with this value.
///
/// Nothing here is asynchronous: a start takes some three seconds.
pub(crate) struct Triton {
    repository: PathBuf,
    /// Of HTTP, gRPC and metrics.
    ports: [u16; 3],
    script: Script,
}

impl Triton {
    /// Serves a model repository, and waits until it answers. None where `CONCH_SKIP_TRITON=1`
    /// says that this machine shall do without; where Triton cannot run and nobody said so, the
    /// test fails with the script's reason.
    #[track_caller]
    pub(crate) fn start(repository: &Path) -> Option<Self> {
        if std::env::var_os(SKIP).is_some_and(|value| value == "1") {
            eprintln!("skipped, there is no Triton to ask: {SKIP}=1");
            return None;
        }
        // Between choosing a port and taking it, another process may have taken it.
        for _ in 0..4 {
            let ports = free_ports();
            match Script::start(repository, ports) {
                Ok(script) => {
                    let repository = repository.to_owned();
                    return Some(Self {
                        repository,
                        ports,
                        script,
                    });
                }
                Err(said) if said.contains(" is taken; Triton wants it") => {}
                Err(said) => panic!(
                    "there is no Triton here:\n{said}{SKIP}=1 leaves out the tests that want a Triton"
                ),
            }
        }
        panic!("found no three free ports");
    }

    /// So many of them, beside each other.
    pub(crate) async fn several(repository: &Path, count: usize) -> Option<Vec<Self>> {
        let start = || {
            let repository = repository.to_owned();
            spawn_blocking(move || Self::start(&repository))
        };
        let starts: Vec<_> = (0..count).map(|_| start()).collect();
        let mut tritons = Vec::new();
        for start in starts {
            tritons.push(start.await.unwrap()?);
        }
        Some(tritons)
    }

    /// Where it listens for HTTP.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports[0])
    }

    /// Kills tritonserver as a crash would: no last word, no connection closed in good order.
    pub(crate) fn kill(&mut self) {
        signal("KILL", self.script.server());
        // The script sees it, ends what tritonserver left behind, and ends.
        self.script.child.wait().unwrap();
    }

    /// Sends a signal to tritonserver.
    pub(crate) fn signal(&self, name: &str) {
        signal(name, self.script.server());
    }

    /// Starts it again on the same ports, after [`Triton::kill`], and waits until it answers.
    pub(crate) fn restart(&mut self) {
        self.script.end();
        self.script.folder = None; // the next run works in the same one
        self.script = Script::start(&self.repository, self.ports).unwrap_or_else(|e| panic!("{e}"));
    }
}

/// `scripts/triton.sh`, which ends its Triton when it is told to end.
struct Script {
    child: Child,
    /// The folder that this run of Triton works in, its log among other things.
    folder: Option<PathBuf>,
    /// Kept open, so that the script's last words have somewhere to go.
    _stderr: Lines<BufReader<ChildStderr>>,
}

impl Script {
    /// Starts it and waits until Triton serves, else gives what it said.
    fn start(repository: &Path, [http, grpc, metrics]: [u16; 3]) -> Result<Self, String> {
        let mut child = Command::new(root().join("scripts/triton.sh"))
            .env("MODEL_REPOSITORY", repository)
            .env("HTTP_P", http.to_string())
            .env("GRPC_P", grpc.to_string())
            .env("PROM_P", metrics.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("scripts/triton.sh: {error}\n"))?;
        let mut stderr = BufReader::new(child.stderr.take().unwrap()).lines();
        let (mut said, mut folder) = (String::new(), None);
        for line in stderr.by_ref().map_while(Result::ok) {
            if let Some(log) = line.trim().strip_prefix("its log: ") {
                folder = Path::new(log).parent().map(Path::to_owned);
            }
            if line.contains("==> Triton serves ") {
                return Ok(Self {
                    child,
                    folder,
                    _stderr: stderr,
                });
            }
            said += &format!("{line}\n");
        }
        child.wait().unwrap();
        Err(said)
    }

    /// The process id of tritonserver, the script's child of that name.
    fn server(&self) -> u32 {
        let id = self.child.id();
        let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap();
        let is_server = |pid: &&str| {
            let name = std::fs::read_to_string(format!("/proc/{pid}/comm"));
            name.is_ok_and(|name| name.trim() == "tritonserver")
        };
        let pid = children.split_whitespace().find(is_server);
        pid.expect("the script has no tritonserver")
            .parse()
            .unwrap()
    }

    /// Ends it and waits; it ends its Triton first. Nothing happens where it has ended.
    fn end(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            signal("TERM", self.child.id());
            self.child.wait().ok();
        }
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        self.end();
        // Of a test that failed, Triton's log stays.
        if let Some(folder) = self.folder.take().filter(|_| !std::thread::panicking()) {
            std::fs::remove_dir_all(folder).ok();
        }
    }
}

/// Three ports that nobody listens on.
fn free_ports() -> [u16; 3] {
    let free = [(); 3].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    free.map(|listener| listener.local_addr().unwrap().port())
}

fn signal(name: &str, process: u32) {
    let arguments = ["-s", name, &process.to_string()];
    let sent = Command::new("kill").args(arguments).status().unwrap();
    assert!(sent.success(), "kill {arguments:?}");
}
