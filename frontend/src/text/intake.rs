//! What is said where photos come in and results go out.

/// A folder's button, while the page is empty and when it is not.
pub(crate) const FOLDER: [&str; 2] = ["Choose a folder", "Folder"];
/// A link's button, while the page is empty and when it is not.
pub(crate) const LINK: [&str; 2] = ["Add from a link", "Link"];
pub(crate) const LINK_ADDRESS: &str = "Address of the picture";
pub(crate) const LINK_HINT: &str =
    "Your browser fetches it, without cookies. It works where the picture's host allows it.";
pub(crate) const LINK_WRONG: &str =
    "This is no address of a picture. It begins with https:// and has no spaces.";
pub(crate) const LINK_ADD: &str = "Add";

pub(crate) const LINK_REFUSED: &str = "The host of this picture does not let other pages read it. Save the picture on your device and add the file instead.";
pub(crate) const LINK_NOBODY: &str = "Nobody answers at this address: the host is not there, or something on the way blocks it. Check the address, or save the picture and add the file instead.";
pub(crate) const LINK_OFFLINE: &str =
    "This device is offline, so the picture could not be fetched. Try again when it is back.";
pub(crate) const LINK_MIXED: &str = "This page is encrypted (https://) and the picture is not (http://), which browsers do not mix. Try the address with https://, or save the picture and add the file instead.";
pub(crate) const LINK_SLOW: &str = "The picture did not come within 30 seconds. Try again, or save the picture and add the file instead.";
pub(crate) const LINK_TO_PAGE: &str = "This address leads to a web page, not to a picture. Open it, save the picture and add the file instead.";
pub(crate) const LINK_TOO_LARGE: &str =
    "The picture at this address is larger than 256 MB, which is the most that is read here.";

pub(crate) const UNDO: &str = "Undo";
pub(crate) const DISMISS: &str = "Dismiss";
pub(crate) const NOTICES: &str = "Notices";
pub(crate) const REMOVE_COPIES: &str = "Remove the copies";

pub(crate) const EXPORT: &str = "Export";
pub(crate) const COPY_TEXT: &str = "Copy as text";
pub(crate) const SAVE_JSON: &str = "Save JSON";
pub(crate) const SAVE_CSV: &str = "Save CSV";
pub(crate) const PRINT: &str = "Print";
pub(crate) const NOT_SAVED: &str = "The browser did not let the page save or print.";
pub(crate) const NOT_COPIED: &str =
    "The browser did not let the page copy. Save the results as a file instead.";

/// A link that the host answers with an error.
pub(crate) fn link_status(status: u16) -> String {
    match status {
        404 | 410 => {
            format!(
                "There is no picture at this address (HTTP status {status}). Check the address."
            )
        }
        status => format!(
            "The picture's host refused it (HTTP status {status}). Save the picture and add the file instead."
        ),
    }
}

/// What was removed: the one photo's name, or how many.
pub(crate) fn removed(names: &[&str]) -> String {
    match names {
        [name] => format!("{name} is removed."),
        names => format!("{} photos are removed.", names.len()),
    }
}

/// What is back.
pub(crate) fn restored(names: &[&str]) -> String {
    match names {
        [name] => format!("{name} is back."),
        names => format!("{} photos are back.", names.len()),
    }
}

/// On the card of a photo that is here already.
pub(crate) fn same_as(name: &str) -> String {
    format!("The same photo as {name}")
}

/// How many photos are here more than once.
pub(crate) fn copies(count: usize) -> String {
    match count {
        1 => "One photo is here twice.".to_owned(),
        count => format!("{count} photos are copies of others."),
    }
}

/// What was left out of a folder; `None` when nothing was. `most`: the photos end there.
pub(crate) fn left_out(photos: usize, others: usize, most: Option<usize>) -> Option<String> {
    let files = match others {
        1 => "One file is no photo".to_owned(),
        others => format!("{others} files are no photos"),
    };
    match (photos, others, most) {
        (_, _, Some(most)) => Some(format!(
            "Only the first {most} photos of the folder were added."
        )),
        (0, 0, None) => Some("The folder is empty.".to_owned()),
        (0, ..) => Some("There are no photos in the folder.".to_owned()),
        (_, 0, None) => None,
        (_, 1, None) => Some(format!("{files} and was left out.")),
        _ => Some(format!("{files} and were left out.")),
    }
}

/// The results are in the clipboard.
pub(crate) fn copied(photos: usize) -> String {
    match photos {
        1 => "The result is copied.".to_owned(),
        photos => format!("The results of {photos} photos are copied."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_folder_held_beside_photos_is_said_with_its_number() {
        assert_eq!(left_out(3, 0, None), None);
        let one = left_out(3, 1, None);
        assert_eq!(
            one.as_deref(),
            Some("One file is no photo and was left out.")
        );
        let many = left_out(3, 12, None);
        assert_eq!(
            many.as_deref(),
            Some("12 files are no photos and were left out.")
        );
        let none = left_out(0, 12, None);
        assert_eq!(none.as_deref(), Some("There are no photos in the folder."));
    }

    #[test]
    fn one_photo_is_removed_by_its_name_and_many_by_their_number() {
        assert_eq!(removed(&["cup.png"]), "cup.png is removed.");
        assert_eq!(removed(&["a", "b"]), "2 photos are removed.");
    }
}
