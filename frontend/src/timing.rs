//! How long things took: the server's own clock, read from `Server-Timing`.

/// What the server says of one request, milliseconds each.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct ServerTiming {
    /// Waiting for the model.
    pub(crate) queue: Option<f64>,
    /// In the model.
    pub(crate) infer: Option<f64>,
    /// From the server to Triton and back, where it asks one.
    pub(crate) upstream: Option<f64>,
}

/// How long one photo took, milliseconds each.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Times {
    /// From file to pixels, in the worker.
    pub(crate) decode: f64,
    /// From pixels to tensor, in the worker.
    pub(crate) resize: f64,
    /// From the request's first byte out to the answer's last byte in.
    pub(crate) answer: f64,
    /// The server's part of `answer`.
    pub(crate) server: ServerTiming,
}

impl Times {
    /// From file to tensor.
    pub(crate) fn prepare(&self) -> f64 {
        self.decode + self.resize
    }

    /// From file to answer; waiting in line on the page does not count.
    pub(crate) fn whole(&self) -> f64 {
        self.prepare() + self.answer
    }
}

impl ServerTiming {
    /// Reads the header (W3C Server Timing, section 3): metrics between commas, each a name and
    /// parameters between semicolons. What it does not know, or cannot read, it leaves out.
    pub(crate) fn parse(header: &str) -> Self {
        let mut timing = Self::default();
        for metric in header.split(',') {
            let mut parts = metric.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            let duration = parts
                .filter_map(|part| part.split_once('='))
                .find(|(key, _)| key.trim().eq_ignore_ascii_case("dur"))
                .and_then(|(_, value)| value.trim().trim_matches('"').parse().ok())
                .filter(|ms: &f64| ms.is_finite() && *ms >= 0.0);
            match name {
                "queue" => timing.queue = timing.queue.or(duration),
                "infer" => timing.infer = timing.infer.or(duration),
                "upstream" => timing.upstream = timing.upstream.or(duration),
                _ => {}
            }
        }
        timing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn server_timing_gives_queue_and_inference() {
        let timing = ServerTiming::parse("queue;dur=0.3, infer;desc=\"model\";dur=9.25, cache");
        assert_eq!((timing.queue, timing.infer), (Some(0.3), Some(9.25)));
        assert_eq!(
            ServerTiming::parse("upstream;dur=12.5").upstream,
            Some(12.5)
        );
    }

    #[test]
    fn what_is_not_a_duration_is_left_out() {
        let timing = ServerTiming::parse("queue;dur=fast, infer;dur=-1, ;;=,=;");
        assert_eq!(timing, ServerTiming::default());
        assert_eq!(ServerTiming::parse(""), ServerTiming::default());
    }

    #[test]
    fn the_whole_is_preparing_and_answering() {
        let times = Times {
            decode: 10.0,
            resize: 2.0,
            answer: 30.0,
            server: ServerTiming::default(),
        };
        assert_eq!((times.prepare(), times.whole()), (12.0, 42.0));
    }
}
