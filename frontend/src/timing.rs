//! How long things took: the worker's clock, the browser's Resource Timing, and the server's own
//! clock, read from `Server-Timing`.

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

/// When things happened to one request, milliseconds since the page asked for it (W3C Resource
/// Timing, section 3.1).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Marks {
    /// The request's first byte went out.
    pub(crate) request_start: f64,
    /// The answer's first byte came in.
    pub(crate) response_start: f64,
}

/// How long one photo took, milliseconds each.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Times {
    /// From file to pixels, in the worker.
    pub(crate) decode: f64,
    /// From pixels to tensor, in the worker.
    pub(crate) resize: f64,
    /// From asking for the request to having read the answer.
    pub(crate) answer: f64,
    /// What the browser noticed of `answer`; `None` where it does not say.
    pub(crate) marks: Option<Marks>,
    /// The server's part of `answer`.
    pub(crate) server: ServerTiming,
}

/// A part of the way from file to answer, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// File to pixels.
    Decode,
    /// Pixels to tensor.
    Resize,
    /// The browser has the request and has not begun to send it.
    Wait,
    /// The tensor's way, and the server's work on it beside the model.
    Send,
    /// In line for the model.
    Queue,
    /// In the model.
    Infer,
    /// From the server to Triton and back.
    Upstream,
    /// The answer's way.
    Back,
    /// All that the server does not account for, where the browser does not tell more.
    OnTheWay,
}

/// Where a part of the way is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Site {
    /// In this browser.
    Device,
    /// Between browser and server.
    Network,
    /// On the server, or on Triton behind it.
    Server,
}

/// A part of the way, on an axis that begins with the file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Span {
    /// Which part.
    pub(crate) part: Part,
    /// When it began, milliseconds.
    pub(crate) start: f64,
    /// How long it took, milliseconds.
    pub(crate) length: f64,
}

impl Part {
    /// Where it is.
    pub(crate) fn site(self) -> Site {
        match self {
            Self::Decode | Self::Resize | Self::Wait => Site::Device,
            Self::Send | Self::Back | Self::OnTheWay => Site::Network,
            Self::Queue | Self::Infer | Self::Upstream => Site::Server,
        }
    }
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

    /// The parts of [`Times::whole`], one after the other without a gap: their sum is the whole.
    pub(crate) fn spans(&self) -> Vec<Span> {
        let mut lengths = vec![(Part::Decode, self.decode), (Part::Resize, self.resize)];
        lengths.extend(self.request());
        let mut start = 0.0;
        let span = |(part, length): (Part, f64)| {
            let begun = start;
            start += length;
            Span {
                part,
                start: begun,
                length,
            }
        };
        lengths.into_iter().map(span).collect()
    }

    /// The parts of `answer`. Clocks that contradict each other are not believed: the server's is
    /// left out where it counts more than the browser.
    fn request(&self) -> Vec<(Part, f64)> {
        let server = self.server.parts();
        let served: f64 = server.iter().map(|(_, ms)| ms).sum();
        if let Some(Marks {
            request_start: sent,
            response_start: first,
        }) = self.marks
            && 0.0 <= sent
            && sent + served <= first
            && first <= self.answer
        {
            let mut parts = vec![(Part::Wait, sent), (Part::Send, first - sent - served)];
            parts.extend(server);
            parts.push((Part::Back, self.answer - first));
            return parts;
        }
        match served <= self.answer {
            true => {
                let mut parts = vec![(Part::OnTheWay, self.answer - served)];
                parts.extend(server);
                parts
            }
            false => vec![(Part::OnTheWay, self.answer)],
        }
    }
}

impl ServerTiming {
    /// What it accounts for. Triton's queue and model are within `upstream`.
    fn parts(&self) -> Vec<(Part, f64)> {
        let parts = match self.upstream {
            Some(_) => vec![(Part::Upstream, self.upstream)],
            None => vec![(Part::Queue, self.queue), (Part::Infer, self.infer)],
        };
        let known = parts.into_iter();
        known.filter_map(|(part, ms)| Some((part, ms?))).collect()
    }

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

/// Which of the browser's entries for one address is a request's: the first that began at or after
/// `asked` and ended by `read`. Each is `(begun, ended)`; all on the page's clock, milliseconds.
pub(crate) fn entry_of(entries: &[(f64, f64)], asked: f64, read: f64) -> Option<usize> {
    // Browsers round clocks, each entry's for itself: to 0.1 ms, or 1 ms.
    const ROUNDING: f64 = 1.0;
    let fits = |(_, (begun, ended)): &(usize, &(f64, f64))| {
        *begun >= asked - ROUNDING && *ended <= read + ROUNDING
    };
    let fitting = entries.iter().enumerate().filter(fits);
    fitting
        .min_by(|(_, a), (_, b)| a.0.total_cmp(&b.0))
        .map(|(at, _)| at)
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

    fn times(marks: Option<(f64, f64)>, server: &str) -> Times {
        Times {
            decode: 10.0,
            resize: 2.0,
            answer: 30.0,
            marks: marks.map(|(request_start, response_start)| Marks {
                request_start,
                response_start,
            }),
            server: ServerTiming::parse(server),
        }
    }

    fn parts(times: Times) -> Vec<(Part, f64, f64)> {
        let spans = times.spans();
        let sum: f64 = spans.iter().map(|span| span.length).sum();
        assert!((sum - times.whole()).abs() < 1e-9, "{sum}");
        let part = |span: &Span| (span.part, span.start, span.length);
        spans.iter().map(part).collect()
    }

    #[test]
    fn the_whole_is_preparing_and_answering() {
        let times = times(None, "");
        assert_eq!((times.prepare(), times.whole()), (12.0, 42.0));
    }

    #[test]
    fn the_waterfall_has_what_the_browser_and_the_server_saw() {
        assert_eq!(
            parts(times(Some((3.0, 28.0)), "queue;dur=1, infer;dur=9")),
            [
                (Part::Decode, 0.0, 10.0),
                (Part::Resize, 10.0, 2.0),
                (Part::Wait, 12.0, 3.0),
                (Part::Send, 15.0, 15.0),
                (Part::Queue, 30.0, 1.0),
                (Part::Infer, 31.0, 9.0),
                (Part::Back, 40.0, 2.0),
            ]
        );
    }

    #[test]
    fn triton_is_one_part_of_it() {
        let parts = parts(times(Some((3.0, 28.0)), "upstream;dur=20"));
        assert_eq!(
            parts[3..5],
            [(Part::Send, 15.0, 5.0), (Part::Upstream, 20.0, 20.0)]
        );
    }

    #[test]
    fn without_the_browsers_marks_the_way_is_one_part() {
        let parts = parts(times(None, "queue;dur=1, infer;dur=9"));
        assert_eq!(
            parts[2..4],
            [(Part::OnTheWay, 12.0, 20.0), (Part::Queue, 32.0, 1.0)]
        );
    }

    #[test]
    fn clocks_that_contradict_each_other_are_not_believed() {
        for marks in [Some((3.0, 5.0)), Some((-1.0, 28.0)), Some((3.0, 31.0))] {
            let parts = parts(times(marks, "infer;dur=9"));
            assert_eq!(parts[2], (Part::OnTheWay, 12.0, 21.0));
        }
        let slow = parts(times(None, "infer;dur=90"));
        assert_eq!(slow[2..], [(Part::OnTheWay, 12.0, 30.0)]);
    }

    #[test]
    fn of_two_requests_to_one_address_each_finds_its_own_entry() {
        let entries = [(100.4, 130.0), (103.0, 125.0), (20.0, 60.0)];
        assert_eq!(entry_of(&entries, 100.0, 131.0), Some(0));
        assert_eq!(entry_of(&entries, 102.9, 126.0), Some(1));
        assert_eq!(entry_of(&entries[1..], 200.0, 300.0), None);
    }
}
