//! What the map of the parts that matter says.

use crate::explanation::Explanation;
use crate::occlusion::Pass;
use crate::occlusion::batching::{Batching, Runs};
use crate::occlusion::heat::{Cell, Finding, Region};

pub(crate) const TITLE: &str = "Which parts matter?";
pub(crate) const LEAD: &str = "A grey patch is laid over one part of the crop after the other, and the model is asked each time. Where the probability of its first label falls, the answer hangs on that part.";
pub(crate) const CAVEAT: &str = "The map shows what this model used for this label, on this photo. It does not outline the object. And the model never learnt from photos with grey patches: a small difference may be the patch's own doing.";
pub(crate) const METHOD: &str = "It is the occlusion map of Zeiler and Fergus (2014), section 4.";
pub(crate) const ABOUT: &str = "What the map is, and what it is not";
pub(crate) const NO_ANSWER: &str = "There is no answer yet whose parts could be weighed.";
pub(crate) const CANCEL: &str = "Cancel";
pub(crate) const GO_ON: &str = "Go on";
pub(crate) const AGAIN: &str = "Start again";
pub(crate) const STOPPED: &str = "Stopped. What was found so far stays.";
pub(crate) const AWAY: &str =
    "The server does not answer. What was found so far stays; go on when it is back.";
pub(crate) const BUSY: &str = "The server is busy. This goes on by itself.";
pub(crate) const EXPLORE: &str = "Point at the picture, or use the arrow keys, to read the map.";
pub(crate) const OPACITY: &str = "Strength of the map";
pub(crate) const PICTURE: &str = "What the model sees";
pub(crate) const ROLE: &str = "map";
pub(crate) const BATCHING: &str = "What batching buys";
pub(crate) const ONE_A_REQUEST: &str =
    "This model takes one photo a request, so there is no batch to compare with.";
pub(crate) const ALONE: &str = "One by one";
pub(crate) const BATCHED: &str = "In batches";
pub(crate) const RUNS_TITLE: &str = "The model's runs by batch size";
pub(crate) const SIZE: &str = "Photos a run";
pub(crate) const RUNS: &str = "Runs";
pub(crate) const PHOTOS: &str = "Photos";
pub(crate) const MS_A_PHOTO: &str = "ms a photo";
pub(crate) const EVERYBODY: &str = "Runs and times in the model are the server's own statistics, before and after; they count everybody's photos.";
pub(crate) const NO_STATISTICS: &str = "The server's own statistics cannot be had now.";

/// What begins a pass.
pub(crate) fn begin(pass: Pass) -> &'static str {
    match pass {
        Pass::Coarse => "Show which parts matter",
        Pass::Fine => "Look closer",
    }
}

/// The model stopped answering.
pub(crate) fn model_away(title: &str) -> String {
    format!(
        "{title} does not answer now. What was found so far stays; go on when it is back, or choose another model."
    )
}

/// What a pass sends, before it begins.
pub(crate) fn cost(photos: usize, requests: usize, bytes: usize) -> String {
    let megabytes = bytes as f64 / 1e6;
    let times = if requests == 1 { "request" } else { "requests" };
    format!("Sends the crop {photos} times, covered: {megabytes:.1} MB, in {requests} {times}.")
}

/// How far a pass is.
pub(crate) fn progress(done: usize, all: usize) -> String {
    format!("{done} of {all} patches")
}

/// A probability, in whole percent from 1 % on.
fn percent(score: f32) -> String {
    format!("{} %", hundredths(score))
}

/// A difference of two probabilities.
fn points(difference: f32) -> String {
    match hundredths(difference.abs()).as_str() {
        "1" => "1 point".to_owned(),
        number => format!("{number} points"),
    }
}

fn hundredths(share: f32) -> String {
    let hundredths = 100.0 * share;
    match hundredths {
        none if none < 0.05 => "0".to_owned(),
        few if few < 0.95 => format!("{few:.1}"),
        many => format!("{many:.0}"),
    }
}

/// A part of the crop.
fn region(region: Region) -> &'static str {
    const NAMES: [[&str; 3]; 3] = [
        ["top left", "top middle", "top right"],
        ["middle left", "middle", "middle right"],
        ["bottom left", "bottom middle", "bottom right"],
    ];
    NAMES[region.row.min(2)][region.column.min(2)]
}

/// The map in a sentence; `None` while there is too little of it.
pub(crate) fn finding(explanation: &Explanation) -> Option<String> {
    let label = &explanation.label;
    let is_whole = explanation.heat.missing(Pass::Coarse).is_empty();
    Some(match explanation.heat.finding()? {
        Finding::Part {
            region: part,
            after,
        } => {
            let (before, after) = (percent(explanation.heat.before()), percent(after));
            let part = region(part);
            let most = if is_whole { "Most" } else { "So far, most" };
            format!(
                "{most} depends on the {part}: covering it lowers “{label}” from {before} to {after}."
            )
        }
        Finding::Nothing { .. } if !is_whole => return None,
        Finding::Nothing { largest } if largest < 0.0005 => {
            format!("No single part matters: no patch lowers “{label}”.")
        }
        Finding::Nothing { largest } => {
            let largest = points(largest);
            format!(
                "No single part matters much: no patch lowers “{label}” by more than {largest}."
            )
        }
    })
}

/// A cell of the map.
pub(crate) fn cell(cell: Cell, drop: Option<f32>, label: &str) -> String {
    let (row, column) = (cell.row + 1, cell.column + 1);
    let what = match drop {
        None => "not covered yet".to_owned(),
        Some(drop) if drop.abs() < 0.0005 => format!("covering it leaves “{label}” as it is"),
        Some(drop) => {
            let verb = if drop > 0.0 { "lowers" } else { "raises" };
            format!("covering it {verb} “{label}” by {}", points(drop))
        }
    };
    format!("Row {row}, column {column}: {what}.")
}

/// What the map is, to a screen reader.
pub(crate) fn map(across: usize) -> String {
    format!("Map of {across} by {across} cells over what the model sees")
}

/// The legend's title.
pub(crate) fn legend(label: &str) -> String {
    format!("What covering a part does to “{label}”")
}

/// The legend's end where covering lowers the probability.
pub(crate) fn lowers(by: f32) -> String {
    format!("lowers it by up to {}", points(by))
}

/// The legend's other end.
pub(crate) fn raises(by: f32) -> String {
    match by < 0.0005 {
        true => "changes nothing".to_owned(),
        false => format!("raises it by up to {}", points(by)),
    }
}

/// A value of the opacity slider.
pub(crate) fn opacity(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

/// Photos a second of one way.
pub(crate) fn rate(per_second: f64) -> String {
    match per_second < 9.95 {
        true => format!("{per_second:.1} photos a second"),
        false => format!("{per_second:.0} photos a second"),
    }
}

/// What a rate was measured over.
pub(crate) fn measured(photos: usize, ms: f64) -> String {
    let photos = match photos {
        1 => "1 photo".to_owned(),
        many => format!("{many} photos"),
    };
    format!("{photos} in {}", super::duration(ms))
}

/// What batches gave, as this page's clock has it.
pub(crate) fn gain(gain: f64) -> String {
    if gain >= 1.1 {
        format!("Here, batches gave {gain:.1} times as many photos a second.")
    } else if gain > 0.9 {
        "Here, batches made no difference worth the name.".to_owned()
    } else {
        let times = 1.0 / gain;
        format!(
            "Here, batches were slower: one by one gave {times:.1} times as many photos a second."
        )
    }
}

/// What the server counted, in a sentence.
pub(crate) fn counted(batching: &Batching, runs: &[Runs]) -> Option<String> {
    let counted = batching.counted.as_ref()?;
    let (photos, all) = (counted.inference_count, counted.execution_count);
    let mut sentence = format!("{photos} photos in {all} runs of the model");
    let (first, last) = (runs.first()?, runs.last()?);
    if first.size == 1 && last.size > 1 {
        let (alone, batched) = (first.ms_a_photo, last.ms_a_photo);
        let size = last.size;
        sentence +=
            &format!("; a photo took {alone:.1} ms alone and {batched:.1} ms in a batch of {size}");
    }
    Some(sentence + ".")
}

/// Milliseconds a photo in the table.
pub(crate) fn ms(ms: f64) -> String {
    format!("{ms:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;
    use crate::occlusion::Place;
    use conch_shared::kserve::statistics::ModelStatistics;

    fn explanation(after: f32) -> Explanation {
        let outcome = example::outcome("tiger cat", 0.38);
        let mut explanation = Explanation::new(&outcome).unwrap();
        for place in Pass::Coarse.places() {
            explanation.heat.set(place, 0.4);
        }
        explanation.heat.set(Place { row: 6, column: 0 }, after);
        explanation
    }

    #[test]
    fn a_map_in_the_making_says_so_far() {
        let outcome = example::outcome("cup", 0.5);
        let mut explanation = Explanation::new(&outcome).unwrap();
        assert_eq!(finding(&explanation), None);
        explanation.heat.set(Place { row: 0, column: 0 }, 0.5);
        assert_eq!(finding(&explanation), None);
        explanation.heat.set(Place { row: 0, column: 6 }, 0.25);
        assert_eq!(
            finding(&explanation).unwrap(),
            "So far, most depends on the top middle: covering it lowers “cup” from 50 % to 25 %."
        );
    }

    #[test]
    fn the_map_is_said_in_a_sentence() {
        assert_eq!(
            finding(&explanation(0.07)).unwrap(),
            "Most depends on the middle left: covering it lowers “tiger cat” from 38 % to 7 %."
        );
        assert_eq!(
            finding(&explanation(0.37)).unwrap(),
            "No single part matters much: no patch lowers “tiger cat” by more than 1 point."
        );
        assert_eq!(
            finding(&explanation(0.39)).unwrap(),
            "No single part matters: no patch lowers “tiger cat”."
        );
    }

    #[test]
    fn a_cell_says_what_covering_it_does() {
        let at = Cell { row: 1, column: 2 };
        assert_eq!(
            cell(at, Some(0.308), "cup"),
            "Row 2, column 3: covering it lowers “cup” by 31 points."
        );
        assert!(cell(at, Some(-0.004), "cup").ends_with("raises “cup” by 0.4 points."));
        assert!(cell(at, Some(0.0), "cup").ends_with("leaves “cup” as it is."));
        assert!(cell(at, None, "cup").ends_with("not covered yet."));
    }

    #[test]
    fn batching_is_never_flattered() {
        assert!(gain(1.84).contains("1.8 times as many"));
        assert!(gain(1.0).contains("no difference"));
        assert!(gain(0.5).contains("slower: one by one gave 2.0 times"));
    }

    #[test]
    fn the_servers_counts_are_a_sentence() {
        let mut batching = Batching::default();
        assert_eq!(counted(&batching, &[]), None);
        batching.count(ModelStatistics {
            inference_count: 49,
            execution_count: 19,
            ..ModelStatistics::default()
        });
        let runs = |size, ms_a_photo| Runs {
            size,
            runs: 1,
            ms_a_photo,
        };
        assert_eq!(
            counted(&batching, &[runs(1, 9.13), runs(16, 6.2)]).unwrap(),
            "49 photos in 19 runs of the model; a photo took 9.1 ms alone and 6.2 ms in a batch of 16."
        );
        assert_eq!(
            counted(&batching, &[runs(1, 9.13)]).unwrap(),
            "49 photos in 19 runs of the model."
        );
    }

    #[test]
    fn the_cost_is_said_before() {
        assert_eq!(
            cost(49, 19, 49 * 150_528),
            "Sends the crop 49 times, covered: 7.4 MB, in 19 requests."
        );
    }
}
