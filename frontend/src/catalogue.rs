//! The server's models, and which of them answers.

use conch_shared::api::{ModelInfo, ModelList, ModelState};
use conch_shared::model::ModelSpec;

/// The server's models, and which one answers.
///
/// One is preferred: the one that the address names, or else the server's default when the list
/// first came. It answers whenever it is ready; another one stands in for it while it is not.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Catalogue {
    /// All of them, by name.
    pub(crate) models: Vec<ModelInfo>,
    /// The one that answers.
    pub(crate) chosen: Option<String>,
    /// The one to put beside it, where somebody chose one.
    pub(crate) second: Option<String>,
    preferred: Option<Preferred>,
    default: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
struct Preferred {
    name: String,
    /// As it was last seen: a model that is gone has none any more.
    title: String,
}

/// A model that should answer and does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lost {
    /// Its title, or its name where it was never there.
    pub(crate) title: String,
    /// What the server says of it; `None` where it does not have it.
    pub(crate) reason: Option<String>,
    /// The title of the one that answers instead.
    pub(crate) instead: String,
    /// Its name.
    pub(crate) instead_name: String,
}

impl Catalogue {
    /// The catalogue of a new list.
    pub(crate) fn renewed(&self, list: ModelList) -> Self {
        let mut catalogue = Self {
            models: list.models,
            default: list.default,
            ..self.clone()
        };
        catalogue.choose();
        catalogue
    }

    /// From now on the address names this model, or none.
    pub(crate) fn prefer(&mut self, model: Option<String>) {
        self.preferred = model.map(|name| Preferred {
            title: name.clone(),
            name,
        });
        self.choose();
    }

    fn choose(&mut self) {
        let default = self.default.clone().filter(|name| self.is_ready(name));
        let best = default.or_else(|| self.ready().next().map(|m| m.name.clone()));
        if self.preferred.is_none() {
            self.preferred = best.clone().map(|name| Preferred {
                title: name.clone(),
                name,
            });
        }
        let Some(mut preferred) = self.preferred.take() else {
            self.chosen = None;
            return;
        };
        if let Some(model) = self.get(&preferred.name) {
            preferred.title = title(model).to_owned();
        }
        self.chosen = match self.is_ready(&preferred.name) {
            true => Some(preferred.name.clone()),
            false => best,
        };
        self.preferred = Some(preferred);
    }

    /// A model by its name.
    pub(crate) fn get(&self, name: &str) -> Option<&ModelInfo> {
        self.models.iter().find(|model| model.name == name)
    }

    /// The models that can be chosen.
    pub(crate) fn ready(&self) -> impl Iterator<Item = &ModelInfo> {
        self.models.iter().filter(|model| is_ready(model))
    }

    fn is_ready(&self, name: &str) -> bool {
        self.get(name).is_some_and(is_ready)
    }

    /// The chosen model: what it takes and gives.
    pub(crate) fn spec(&self) -> Option<&ModelSpec> {
        self.get(self.chosen.as_ref()?)?.spec.as_ref()
    }

    /// The models that can stand beside the chosen one.
    pub(crate) fn others(&self) -> impl Iterator<Item = &ModelInfo> {
        let chosen = self.chosen.as_deref();
        self.ready()
            .filter(move |model| Some(model.name.as_str()) != chosen)
    }

    /// The model beside the chosen one: the one that somebody chose, or else the first other.
    pub(crate) fn second_spec(&self) -> Option<&ModelSpec> {
        let named = self
            .others()
            .find(|m| Some(&m.name) == self.second.as_ref());
        named.or_else(|| self.others().next())?.spec.as_ref()
    }

    /// The name of the model that somebody chose as the second and that cannot be it any more.
    pub(crate) fn second_gone(&self) -> Option<&str> {
        let second = self.second.as_deref()?;
        (!self.is_ready(second)).then_some(second)
    }

    /// The preferred model, where another one has to answer for it.
    pub(crate) fn lost(&self) -> Option<Lost> {
        let preferred = self.preferred.as_ref()?;
        let instead = self.get(self.chosen.as_ref()?)?;
        (instead.name != preferred.name).then(|| Lost {
            title: preferred.title.clone(),
            reason: self.get(&preferred.name).map(|model| match &model.state {
                ModelState::Unavailable { reason } => reason.clone(),
                ModelState::Ready => String::new(),
            }),
            instead: title(instead).to_owned(),
            instead_name: instead.name.clone(),
        })
    }
}

/// Whether a model can be asked: it answers, and what it takes is known.
pub(crate) fn is_ready(model: &ModelInfo) -> bool {
    model.state == ModelState::Ready && model.spec.is_some()
}

/// The name to show of a model.
pub(crate) fn title(model: &ModelInfo) -> &str {
    let spec = model.spec.as_ref();
    spec.map_or(&model.name, |spec| &spec.display.title)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    fn list(default: Option<&str>, models: &[(&str, bool)]) -> ModelList {
        let model = |(name, ready): &(&str, bool)| ModelInfo {
            name: (*name).to_owned(),
            state: match ready {
                true => ModelState::Ready,
                false => ModelState::Unavailable {
                    reason: "no file".into(),
                },
            },
            versions: vec!["1".into()],
            spec: Some(ModelSpec {
                name: (*name).to_owned(),
                display: conch_shared::model::Display {
                    title: name.to_uppercase(),
                    ..example::model().display
                },
                ..example::model()
            }),
        };
        ModelList {
            default: default.map(str::to_owned),
            models: models.iter().map(model).collect(),
        }
    }

    fn preferring(model: Option<&str>) -> Catalogue {
        let mut catalogue = Catalogue::default();
        catalogue.prefer(model.map(str::to_owned));
        catalogue
    }

    #[test]
    fn the_addresss_model_answers_or_else_the_servers_default() {
        let models = list(Some("b"), &[("a", true), ("b", true)]);
        let chosen = |preferred| preferring(preferred).renewed(models.clone()).chosen;
        assert_eq!(chosen(None).as_deref(), Some("b"));
        assert_eq!(chosen(Some("a")).as_deref(), Some("a"));
        assert_eq!(chosen(Some("never")).as_deref(), Some("b"));
    }

    #[test]
    fn going_back_to_an_address_without_a_model_gives_the_default() {
        let models = list(Some("b"), &[("a", true), ("b", true)]);
        let mut catalogue = preferring(Some("a")).renewed(models);
        catalogue.prefer(None);
        assert_eq!(catalogue.chosen.as_deref(), Some("b"));
        assert_eq!(catalogue.lost(), None);
    }

    #[test]
    fn what_answers_goes_on_answering_when_the_default_changes() {
        let before = preferring(None).renewed(list(Some("b"), &[("a", true), ("b", true)]));
        let after = before.renewed(list(Some("a"), &[("a", true), ("b", true)]));
        assert_eq!(after.chosen.as_deref(), Some("b"));
    }

    #[test]
    fn another_model_stands_in_for_one_that_is_gone_until_it_is_back() {
        let both = list(Some("b"), &[("a", true), ("b", true)]);
        let before = preferring(Some("a")).renewed(both.clone());
        assert_eq!(before.lost(), None);

        let gone = before.renewed(list(Some("b"), &[("b", true)]));
        let lost = gone.lost().unwrap();
        assert_eq!((lost.title.as_str(), lost.instead.as_str()), ("A", "B"));
        assert_eq!(lost.reason, None);

        let resting = before.renewed(list(Some("b"), &[("a", false), ("b", true)]));
        assert_eq!(resting.lost().unwrap().reason.as_deref(), Some("no file"));
        assert_eq!(resting.renewed(both).chosen.as_deref(), Some("a"));
    }

    #[test]
    fn no_model_is_chosen_where_none_is_ready() {
        let catalogue = preferring(Some("a")).renewed(list(None, &[("a", false)]));
        assert_eq!((catalogue.chosen.as_ref(), catalogue.lost()), (None, None));
        let back = catalogue.renewed(list(None, &[("a", true)]));
        assert_eq!(back.chosen.as_deref(), Some("a"));
    }

    #[test]
    fn the_second_model_is_another_one_than_the_first() {
        let three = list(Some("a"), &[("a", true), ("b", true), ("c", true)]);
        let mut catalogue = preferring(None).renewed(three);
        let second = |c: &Catalogue| c.second_spec().map(|spec| spec.name.clone());
        assert_eq!(second(&catalogue).as_deref(), Some("b"));
        catalogue.second = Some("c".into());
        assert_eq!(second(&catalogue).as_deref(), Some("c"));
        catalogue.prefer(Some("c".into()));
        assert_eq!(second(&catalogue).as_deref(), Some("a"));
        let one = catalogue.renewed(list(None, &[("c", true)]));
        assert_eq!(second(&one), None);
    }
}
