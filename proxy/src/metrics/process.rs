//! The process, under the names that all of Prometheus's own clients use.

use std::sync::atomic::AtomicU64;
use std::time::{Instant, SystemTime};

use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::registry::Registry;

/// Registers what the system tells of this process; away from Linux, its start alone.
pub(super) fn register(registry: &mut Registry, started: Instant) {
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let start = since_1970.unwrap_or_default().as_secs_f64() - started.elapsed().as_secs_f64();
    let gauge = Gauge::<f64, AtomicU64>::default();
    gauge.set(start);
    registry.register(
        "process_start_time_seconds",
        "When the server started, seconds since 1970",
        gauge,
    );
    if let Some(bytes) = linux::resident_memory() {
        registry.register(
            "process_resident_memory_bytes",
            "Memory that the process has in RAM",
            ConstGauge::new(bytes),
        );
    }
    if let Some(open) = linux::open_fds() {
        registry.register(
            "process_open_fds",
            "File descriptors that are open",
            ConstGauge::new(open),
        );
    }
    if let Some(most) = linux::max_fds() {
        registry.register(
            "process_max_fds",
            "File descriptors that may be open",
            ConstGauge::new(most),
        );
    }
    if let Some(seconds) = linux::cpu_seconds() {
        registry.register(
            "process_cpu_seconds",
            "Processor time, user's and system's",
            ConstCounter::new(seconds),
        );
    }
}

/// From `/proc` (proc(5)); elsewhere nothing is there to be read.
mod linux {
    use std::fs;

    /// Clock ticks a second in `/proc`: `USER_HZ`, the same on every architecture that we build for.
    const USER_HZ: f64 = 100.0;

    pub(super) fn resident_memory() -> Option<i64> {
        let status = fs::read_to_string("/proc/self/status").ok()?;
        let kilobytes = word_after(&status, "VmRSS:")?;
        Some(kilobytes.parse::<i64>().ok()? * 1024)
    }

    pub(super) fn open_fds() -> Option<i64> {
        let open = fs::read_dir("/proc/self/fd").ok()?.count();
        // Without the one that reads them.
        i64::try_from(open.saturating_sub(1)).ok()
    }

    pub(super) fn max_fds() -> Option<i64> {
        let limits = fs::read_to_string("/proc/self/limits").ok()?;
        word_after(&limits, "Max open files")?.parse().ok()
    }

    pub(super) fn cpu_seconds() -> Option<f64> {
        let stat = fs::read_to_string("/proc/self/stat").ok()?;
        // The program's name may hold spaces and brackets; the fields behind it do not.
        let (_, fields) = stat.rsplit_once(')')?;
        let mut fields = fields.split_ascii_whitespace().skip(11);
        let mut ticks = || fields.next()?.parse::<f64>().ok();
        Some((ticks()? + ticks()?) / USER_HZ)
    }

    fn word_after<'a>(text: &'a str, key: &str) -> Option<&'a str> {
        let (_, rest) = text.split_once(key)?;
        rest.split_ascii_whitespace().next()
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::linux::*;

    #[test]
    fn what_proc_tells_is_of_this_process() {
        let before = cpu_seconds().unwrap();
        let open = open_fds().unwrap();
        let file = std::fs::File::open("/proc/self/stat").unwrap();
        // Other threads of the test may open and close files as well.
        assert!(open_fds().unwrap() > 2 && open > 2, "{open}");
        drop(file);
        assert!(max_fds().unwrap() >= open);
        let memory = resident_memory().unwrap();
        assert!((1_000_000..1_000_000_000_000).contains(&memory), "{memory}");
        let until = std::time::Instant::now() + std::time::Duration::from_secs(10);
        while cpu_seconds().unwrap() <= before {
            assert!(std::time::Instant::now() < until, "work takes no time");
        }
    }
}
