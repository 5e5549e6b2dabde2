//! The laboratory: its steps, and where each is explained.

use crate::place::Step;

pub(crate) const STEPS: &str = "Steps from photo to label";
pub(crate) const TURN: &str = "Step before and step after";
pub(crate) const NEW_TAB: &str = " (opens a new tab)";
pub(crate) const PREPARING: &str = "Preparing the pixels";

/// A step's number, from 1.
pub(crate) fn place_of(step: Step) -> usize {
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
    format!("{}. {}", place_of(step), name(step))
}

/// A link to the step before or after.
pub(crate) fn turn(by: isize, to: Step) -> String {
    match by {
        ..0 => format!("← {}", name(to)),
        _ => format!("{} →", name(to)),
    }
}

/// The step's section in the laboratory's text, `docs/lab.md`: its anchor and its heading.
fn lab_section(step: Step) -> (&'static str, &'static str) {
    match step {
        Step::Photo => ("image", "7. Labels and image"),
        Step::Resized | Step::Cropped | Step::Channels => ("preprocessing", "8. Preprocessing"),
        Step::Tensor => ("tensors", "2. Tensors"),
        Step::Request | Step::Response => ("request", "9. The request"),
        Step::Logits | Step::Softmax | Step::Labels => ("top-5", "10. The top 5"),
        Step::Config => ("configuration", "3. The configuration"),
    }
}

/// What the link to that section says.
pub(crate) fn lab_link(step: Step) -> String {
    format!("In the laboratory: {}", lab_section(step).1)
}

/// Where that link goes: to the page that the build makes of `docs/lab.md`.
pub(crate) fn lab_address(step: Step) -> String {
    format!("lab.html#{}", lab_section(step).0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_leads_to_a_section_that_is_there_once() {
        let lab = include_str!("../../../docs/lab.md");
        for (step, _) in Step::ALL {
            let (anchor, heading) = lab_section(step);
            let section = format!("<a id=\"{anchor}\"></a>\n## {heading}\n");
            assert_eq!(lab.matches(&section).count(), 1, "{section}");
        }
    }

    #[test]
    fn steps_are_counted_from_one() {
        assert_eq!(title(Step::Photo), "1. Photo");
        assert_eq!(title(Step::Config), "11. Configuration");
    }
}
