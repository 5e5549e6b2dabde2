//! The laboratory: its pictures and its tensor.

use crate::place::Step;

pub(crate) const STEPS: &str = "Steps from photo to label";
pub(crate) const TURN: &str = "Step before and step after";
pub(crate) const NEW_TAB: &str = " (opens a new tab)";
pub(crate) const PREPARING: &str = "Preparing the pixels";

/// A step's number, from 1.
pub(crate) fn number(step: Step) -> usize {
    let before = Step::ALL.iter().take_while(|(it, _)| *it != step);
    before.count() + 1
}

/// A step's name in the list.
pub(crate) fn name(step: Step) -> &'static str {
    match step {
        Step::Photo => "Photo",
        Step::Resized => "Resized",
        Step::Cropped => "Cropped",
        Step::Channels => "Channels",
        Step::Tensor => "Tensor",
        Step::Request => "Request",
        Step::Response => "Response",
        Step::Logits => "Logits",
        Step::Softmax => "Softmax",
        Step::Labels => "Top five",
        Step::Config => "Configuration",
    }
}

/// A step's title.
pub(crate) fn title(step: Step) -> String {
    format!("{}. {}", number(step), name(step))
}

/// A link to the step before or after.
pub(crate) fn turn(by: isize, to: Step) -> String {
    match by {
        ..0 => format!("← {}", name(to)),
        _ => format!("{} →", name(to)),
    }
}

/// The step's section in the laboratory's text, `docs/lab.md`, as its heading is written there.
fn lab_section(step: Step) -> &'static str {
    match step {
        Step::Photo => "7. Labels and image",
        Step::Resized | Step::Cropped | Step::Channels => "8. Preprocessing",
        Step::Tensor => "2. Tensors",
        Step::Request | Step::Response => "9. The request",
        Step::Logits | Step::Softmax | Step::Labels => "10. The top 5",
        Step::Config => "3. The configuration",
    }
}

/// What the link to that section says.
pub(crate) fn lab_link(step: Step) -> String {
    format!("In the laboratory: {}", lab_section(step))
}

/// Where that link goes. The page has the laboratory's text as it is: plain text, which has no
/// anchors; the browser looks for the heading (URL Fragment Text Directives).
pub(crate) fn lab_address(step: Step) -> String {
    let heading = lab_section(step).replace(' ', "%20");
    format!("lab.txt#:~:text={heading}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_leads_to_a_section_that_is_there_once() {
        let lab = include_str!("../../../docs/lab.md");
        for (step, _) in Step::ALL {
            let heading = format!("\n## {}\n", lab_section(step));
            assert_eq!(lab.matches(&heading).count(), 1, "{heading}");
        }
    }

    #[test]
    fn steps_are_counted_from_one() {
        assert_eq!(title(Step::Photo), "1. Photo");
        assert_eq!(title(Step::Config), "11. Configuration");
    }
}
