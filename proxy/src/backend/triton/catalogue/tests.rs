use conch_shared::kserve::metadata::ModelMetadata;
use serde_json::json;

use super::*;
use crate::backend::triton::look::Unclear;

fn entry(version: &str, state: &str) -> IndexEntry {
    IndexEntry {
        name: "m".to_owned(),
        version: Some(version.to_owned()),
        state: Some(state.to_owned()),
        reason: None,
    }
}

/// A replica whose model has this mean in its config, and these versions.
fn offers(mean: &str, index: &[IndexEntry]) -> Option<Arc<Offers>> {
    let definition = Definition {
        metadata: ModelMetadata::default(),
        config: json!({ "name": "m", "parameters": { "preprocess.mean": mean } }),
        spec: Err("it is no image classifier".to_owned()),
        labels: LabelSet::default(),
    };
    let ready = index.iter().any(IndexEntry::is_ready);
    let offer = Offer {
        index: index.to_vec(),
        definition: ready.then(|| Ok(Arc::new(definition))),
    };
    replica(offer)
}

fn replica(offer: Offer) -> Option<Arc<Offers>> {
    Some(Arc::new(Offers {
        server: ServerMetadata::default(),
        models: [("m".to_owned(), offer)].into(),
    }))
}

fn of(offers: &[Option<Arc<Offers>>]) -> Catalogue {
    Catalogue::of(&Catalogue::default(), offers)
}

fn serving(catalogue: &Catalogue, version: Option<u64>) -> (u64, Vec<usize>) {
    let (version, replicas) = catalogue.models["m"].serving(version).unwrap();
    (version, replicas.to_vec())
}

#[test]
fn replicas_that_agree_serve_together() {
    let one = offers("0.5", &[entry("1", "READY")]);
    let catalogue = of(&[one.clone(), None, one]);
    assert_eq!(serving(&catalogue, None), (1, vec![0, 2]));
    assert_eq!(catalogue.ready, [true, false, true]);
}

#[test]
fn the_newest_version_is_meant_and_only_replicas_that_have_it_are_asked() {
    let old = offers("0.5", &[entry("9", "READY")]);
    let both = offers("0.5", &[entry("9", "READY"), entry("10", "READY")]);
    let catalogue = of(&[old, both]);
    assert_eq!(serving(&catalogue, None), (10, vec![1]));
    assert_eq!(serving(&catalogue, Some(9)), (9, vec![0, 1]));
    let error = catalogue.models["m"].serving(Some(7)).unwrap_err();
    assert_eq!(error.to_string(), "model m has no version 7; it has 9, 10");
}

#[test]
fn where_replicas_disagree_most_of_them_are_right() {
    let (right, wrong) = (
        offers("0.5", &[entry("1", "READY")]),
        offers("0.4", &[entry("1", "READY")]),
    );
    let catalogue = of(&[wrong, right.clone(), right]);
    assert_eq!(serving(&catalogue, None), (1, vec![1, 2]));
    assert_eq!(catalogue.models["m"].disagreeing, [0]);
}

#[test]
fn of_two_that_disagree_the_one_that_was_there_is_right() {
    let (old, new) = (
        offers("0.5", &[entry("1", "READY")]),
        offers("0.4", &[entry("1", "READY")]),
    );
    let before = of(&[None, old.clone()]);
    let both = Catalogue::of(&before, &[new.clone(), old]);
    assert_eq!(serving(&both, None), (1, vec![1]));
    let after = Catalogue::of(&both, &[new, None]);
    assert_eq!(serving(&after, None), (1, vec![0]));
    assert!(after.models["m"].disagreeing.is_empty());
}

#[test]
fn a_model_stays_listed_while_its_replicas_are_away() {
    let before = of(&[offers("0.5", &[entry("1", "READY")])]);
    let away = Catalogue::of(&before, &[None]);
    let model = &away.models["m"].model;
    assert_eq!(
        model.info.state,
        ModelState::Unavailable {
            reason: NO_REPLICA.to_owned()
        }
    );
    assert!(!model.is_ready(None) && model.config.is_some());
    let error = away.models["m"].serving(None).unwrap_err();
    assert!(matches!(error, BackendError::Unavailable { .. }));
}

#[test]
fn a_model_that_no_replica_has_any_more_is_gone() {
    let before = of(&[offers("0.5", &[entry("1", "READY")])]);
    let empty = Some(Arc::new(Offers {
        server: ServerMetadata::default(),
        models: BTreeMap::new(),
    }));
    assert!(Catalogue::of(&before, &[empty]).models.is_empty());
}

#[test]
fn why_a_model_is_not_ready_is_told_in_tritons_words() {
    let mut broken = entry("1", "UNAVAILABLE");
    broken.reason = Some("the file is missing".to_owned());
    let catalogue = of(&[offers("0.5", &[broken])]);
    let error = catalogue.models["m"].serving(None).unwrap_err();
    assert_eq!(
        error.to_string(),
        "model m cannot answer: the file is missing"
    );
    assert_eq!(catalogue.models["m"].model.info.versions, ["1"]);
}

#[test]
fn a_version_that_is_not_ready_beside_one_that_is_says_why() {
    let mut broken = entry("2", "UNAVAILABLE");
    broken.reason = Some("the file is missing".to_owned());
    let catalogue = of(&[offers("0.5", &[entry("1", "READY"), broken])]);
    assert_eq!(serving(&catalogue, None), (1, vec![0]));
    let error = catalogue.models["m"].serving(Some(2)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "model m cannot answer: the file is missing"
    );
}

#[test]
fn a_model_whose_answers_make_no_sense_is_listed_and_not_asked() {
    let unclear = Unclear {
        reason: "Triton does not name its classes",
        cause: "a secret".to_owned(),
    };
    let catalogue = of(&[replica(Offer {
        index: vec![entry("1", "READY")],
        definition: Some(Err(unclear)),
    })]);
    let model = &catalogue.models["m"].model;
    assert!(!model.is_ready(Some(1)));
    let error = catalogue.models["m"].serving(None).unwrap_err();
    assert_eq!(
        error.to_string(),
        "model m cannot answer: Triton does not name its classes"
    );
}

#[test]
fn models_whose_names_change_at_each_look_do_not_pile_up() {
    let told = |look: usize| {
        let model = |at: usize| {
            let offer = Offer {
                index: vec![entry("1", "UNAVAILABLE")],
                definition: None,
            };
            (format!("m{look}-{at}"), offer)
        };
        Some(Arc::new(Offers {
            server: ServerMetadata::default(),
            models: (0..600).map(model).collect(),
        }))
    };
    let mut catalogue = Catalogue::default();
    for look in 0..4 {
        catalogue = Catalogue::of(&catalogue, &[told(look), None]);
    }
    assert_eq!(catalogue.models.len(), MAX_MODELS);
    assert!(catalogue.models.contains_key("m3-0"));
}
