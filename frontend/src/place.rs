//! Where on the page somebody is, to and from the address's query: `?model=…&photo=…&panel=…`.
//!
//! Every place has an address that can be given to somebody else, as far as the photo can: a sample
//! photo is called by its name, another by a number that only this page knows. What the query says
//! that nobody understands is left out.

use crate::choice::{called, word};

/// A place on the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// The model that answers; `None` is the server's default.
    pub(crate) model: Option<String>,
    /// The photo in the large view; `None` is the gallery.
    pub(crate) photo: Option<String>,
    /// What is shown beside the photo.
    pub(crate) panel: Panel,
    /// Where in the laboratory.
    pub(crate) step: Step,
    /// A sheet over all of it.
    pub(crate) sheet: Option<Sheet>,
}

/// What is shown beside a photo.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Panel {
    /// What the model says, how long it took, what left the device.
    #[default]
    Answer,
    /// Another model beside the first.
    Compare,
    /// Which parts of the photo the answer hangs on.
    Why,
    /// The laboratory.
    Inside,
}

/// A step of the laboratory, in its order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Step {
    /// The photo as it came.
    #[default]
    Photo,
    /// Its shortest side made the recipe's.
    Resized,
    /// The square that the model sees.
    Cropped,
    /// Red, green and blue, normalised.
    Channels,
    /// Datatype, shape, layout, bytes.
    Tensor,
    /// What goes to the model server.
    Request,
    /// What comes back.
    Response,
    /// The model's numbers.
    Logits,
    /// Numbers to probabilities.
    Softmax,
    /// The best five.
    Labels,
    /// The model's `config.pbtxt`.
    Config,
}

/// A sheet over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sheet {
    /// Every model of the server.
    Models,
    /// Keys, settings, what is what.
    Help,
    /// The way onto a phone.
    Phone,
    /// A shutter, and labels over what the camera sees.
    Camera,
}

impl Panel {
    /// All of them, in their order on the page, each with its word in the address.
    pub(crate) const ALL: [(Self, &str); 4] = [
        (Self::Answer, "answer"),
        (Self::Compare, "compare"),
        (Self::Why, "why"),
        (Self::Inside, "inside"),
    ];
}

impl Step {
    /// All of them, in their order, each with its word in the address.
    pub(crate) const ALL: [(Self, &str); 11] = [
        (Self::Photo, "photo"),
        (Self::Resized, "resized"),
        (Self::Cropped, "cropped"),
        (Self::Channels, "channels"),
        (Self::Tensor, "tensor"),
        (Self::Request, "request"),
        (Self::Response, "response"),
        (Self::Logits, "logits"),
        (Self::Softmax, "softmax"),
        (Self::Labels, "labels"),
        (Self::Config, "config"),
    ];
}

impl Sheet {
    const ALL: [(Self, &str); 4] = [
        (Self::Models, "models"),
        (Self::Help, "help"),
        (Self::Phone, "phone"),
        (Self::Camera, "camera"),
    ];
}

impl Place {
    /// Reads an address's query, its keys and values decoded.
    pub(crate) fn from_query<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut place = Self::default();
        for (key, value) in pairs.filter(|(_, value)| !value.is_empty()) {
            match key {
                "model" => place.model = Some(value.to_owned()),
                "photo" => place.photo = Some(value.to_owned()),
                "panel" => place.panel = called(&Panel::ALL, value).unwrap_or_default(),
                "step" => place.step = called(&Step::ALL, value).unwrap_or_default(),
                "sheet" => place.sheet = called(&Sheet::ALL, value),
                _ => {}
            }
        }
        place
    }

    /// The query's keys and values; what is as usual is left out.
    pub(crate) fn to_query(&self) -> Vec<(&'static str, &str)> {
        let mut pairs = Vec::new();
        if let Some(model) = &self.model {
            pairs.push(("model", model.as_str()));
        }
        if let Some(photo) = &self.photo {
            pairs.push(("photo", photo.as_str()));
            if self.panel != Panel::default() {
                pairs.push(("panel", word(&Panel::ALL, self.panel)));
            }
            if self.panel == Panel::Inside && self.step != Step::default() {
                pairs.push(("step", word(&Step::ALL, self.step)));
            }
        }
        if let Some(sheet) = self.sheet {
            pairs.push(("sheet", word(&Sheet::ALL, sheet)));
        }
        pairs
    }

    /// The gallery, of the same model.
    pub(crate) fn gallery(&self) -> Self {
        Self {
            model: self.model.clone(),
            ..Self::default()
        }
    }

    /// The same panel of another photo.
    pub(crate) fn with_photo(&self, key: &str) -> Self {
        Self {
            photo: Some(key.to_owned()),
            sheet: None,
            ..self.clone()
        }
    }

    /// Another panel of the same photo.
    pub(crate) fn with_panel(&self, panel: Panel) -> Self {
        Self {
            panel,
            sheet: None,
            ..self.clone()
        }
    }

    /// Another step of the laboratory, of the same photo.
    pub(crate) fn with_step(&self, step: Step) -> Self {
        Self {
            step,
            ..self.with_panel(Panel::Inside)
        }
    }

    /// A sheet over the same place, or none.
    pub(crate) fn with_sheet(&self, sheet: Option<Sheet>) -> Self {
        Self {
            sheet,
            ..self.clone()
        }
    }

    /// The same place with another model.
    pub(crate) fn with_model(&self, model: &str) -> Self {
        Self {
            model: Some(model.to_owned()),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Place {
        Place::from_query(pairs.iter().copied())
    }

    #[test]
    fn every_place_is_found_again_by_its_query() {
        for (panel, _) in Panel::ALL {
            for (step, _) in Step::ALL {
                let place = Place {
                    model: Some("mobilenet".into()),
                    photo: Some("coffee.png".into()),
                    panel,
                    step: if panel == Panel::Inside {
                        step
                    } else {
                        Step::default()
                    },
                    sheet: Some(Sheet::Help),
                };
                assert_eq!(read(&place.to_query()), place);
            }
        }
    }

    #[test]
    fn what_nobody_understands_is_left_out() {
        let place = read(&[
            ("panel", "nonsense"),
            ("x", "y"),
            ("sheet", ""),
            ("photo", "3"),
        ]);
        assert_eq!(place, Place::default().with_photo("3"));
    }

    #[test]
    fn the_gallery_has_the_shortest_query() {
        assert_eq!(Place::default().to_query(), []);
        let deep = Place::default().with_photo("3").with_step(Step::Logits);
        assert_eq!(deep.gallery(), Place::default());
    }
}
