//! The document's title: what a tab, a bookmark and a screen reader call a place.

use super::NAME;
use crate::place::{Panel, Place, Sheet};

/// The title of a place; `photo` is the name of the one in the large view.
pub(crate) fn of(place: &Place, photo: Option<&str>) -> String {
    let place = match (place.sheet, photo) {
        (Some(Sheet::Help), _) => super::HELP.to_owned(),
        (Some(Sheet::Models), _) => "Models".to_owned(),
        (Some(Sheet::Phone), _) => super::phone::TITLE.to_owned(),
        (Some(Sheet::Camera), _) => super::camera::CAMERA.to_owned(),
        (None, Some(photo)) => large(place.panel, photo),
        // As in `index.html`.
        (None, None) => return format!("{NAME}: what is in the photo?"),
    };
    format!("{place} – {NAME}")
}

fn large(panel: Panel, photo: &str) -> String {
    match panel {
        Panel::Answer => photo.to_owned(),
        Panel::Compare => format!("Two models on {photo}"),
        Panel::Why => format!("Why? {photo}"),
        Panel::Inside => format!("Inside {photo}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_begins_with_what_differs() {
        let place = Place::default().with_photo("coffee.png");
        let inside = place.with_panel(Panel::Inside);
        assert_eq!(of(&inside, Some("coffee.png")), "Inside coffee.png – Conch");
        assert_eq!(of(&place, Some("coffee.png")), "coffee.png – Conch");
        let help = inside.with_sheet(Some(Sheet::Help));
        assert_eq!(of(&help, Some("coffee.png")), "Help – Conch");
        assert_eq!(of(&place, None), "Conch: what is in the photo?");
    }
}
