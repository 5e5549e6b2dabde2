//! Another model beside the first, on the same square of the same photo.

use std::sync::Arc;

use conch_shared::api::ModelInfo;
use conch_shared::model::ModelSpec;
use conch_shared::preprocess::crop::Square;
use conch_shared::tensor::DataType;
use leptos::either::{Either, EitherOf3};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local_scoped_with_cancellation;

use crate::components::duel::Duel;
use crate::components::failure::Failure;
use crate::desk::Desk;
use crate::patience::{self, MAX_BREAKS, PATIENCE};
use crate::services::api::{self, ApiError};
use crate::services::http::Canceller;
use crate::state::{Outcome, Phase, Photo, PhotoId, Server, Store, UserError, title};
use crate::text;
use crate::text::compare as say;

/// What the second model is asked. When any of it changes, it is asked again.
#[derive(Clone, Debug, PartialEq)]
struct Question {
    model: ModelSpec,
    square: Option<Square>,
    send: DataType,
    attempt: u32,
}

/// Where the second answer stands.
#[derive(Clone, Copy)]
struct Beside {
    /// The last one; it stays to be seen while the model is asked again.
    answer: RwSignal<Option<Arc<Outcome>>>,
    /// Why there is none.
    error: RwSignal<Option<UserError>>,
    /// How often somebody tried again.
    attempt: RwSignal<u32>,
    /// How often the connection broke since the last answer, or since somebody tried again.
    breaks: StoredValue<u32>,
}

/// Two models side by side.
#[component]
pub(crate) fn Compare(photo: Photo) -> impl IntoView {
    let store = expect_context::<Store>();
    let id = photo.id;
    let (first, phase) = (photo.answer, photo.phase);
    let first = Memo::new(move |_| first.get());
    let phase = Memo::new(move |_| phase.get());
    let second = Memo::new(move |_| store.catalogue.with(|c| c.second_spec().cloned()));
    let beside = ask_beside(store, id, first, second);

    let heading = NodeRef::<html::H3>::new();
    let is_busy = move || !phase.with(Phase::is_settled) || beside.is_busy(first, second);
    let answers = move || match (first.get(), phase.get()) {
        (Some(first), _) => EitherOf3::A(second.get().map(|model| {
            let second = model.display.title;
            let answer = beside.answer.get().filter(|a| a.model.name == model.name);
            let has_failed = beside.error.with(Option::is_some);
            view! { <Duel first second answer has_failed /> }
        })),
        (None, Phase::Failed(_)) => {
            EitherOf3::B(view! { <p class="compare-state">{say::NO_ANSWER}</p> })
        }
        (None, _) => EitherOf3::C(view! { <p class="compare-state">{say::WAITS}</p> }),
    };
    let away = Memo::new(move |_| store.server.with(|server| *server == Server::Away));
    let trouble = move || {
        let error = beside.error.get()?;
        let retry = text::about(text::RETRY, &second.get()?.display.title);
        let on_retry = move || {
            beside.breaks.set_value(0);
            beside.attempt.update(|attempt| *attempt += 1);
            // The button goes; who pressed it stays here.
            if let Some(heading) = heading.get_untracked() {
                // Fails for no element that is on the page.
                _ = heading.focus();
            }
        };
        Some(view! {
            <div class="failure">
                <Failure error retry on_retry />
            </div>
        })
    };
    let state = move || match (away.get(), is_busy()) {
        (true, _) => text::AWAY,
        (false, true) => say::ASKING,
        (false, false) => "",
    };
    let has_second = Memo::new(move |_| second.with(Option::is_some));
    let body = move || match has_second.get() {
        true => Either::Left(view! {
            <Chooser store />
            <p class="compare-state">{state}</p>
            {trouble}
            {answers}
        }),
        false => Either::Right(view! {
            <div class="compare-alone">
                <p>{say::ALONE}</p>
                <p>{say::HOW_TO_ADD}</p>
                // In a tab of its own: a page that is left forgets its photos.
                <a
                    class="compare-laboratory"
                    href=say::LABORATORY_ADDRESS
                    target="_blank"
                    rel="noopener"
                >
                    {say::LABORATORY} <span class="visually-hidden">{text::inside::NEW_TAB}</span>
                </a>
            </div>
        }),
    };
    view! {
        <section
            class="compare"
            class:is-busy=is_busy
            aria-labelledby="compare-title"
            aria-busy=move || is_busy().to_string()
        >
            <h3 node_ref=heading class="answer-subtitle" id="compare-title" tabindex="-1">
                {say::TITLE}
            </h3>
            {body}
        </section>
    }
}

/// The second model: any that is ready, but for the first.
#[component]
fn Chooser(store: Store) -> impl IntoView {
    let models = Memo::new(move |_| {
        store.catalogue.with(|catalogue| {
            let name = |model: &ModelInfo| (model.name.clone(), title(model).to_owned());
            catalogue.others().map(name).collect::<Vec<_>>()
        })
    });
    let chosen = Memo::new(move |_| {
        store
            .catalogue
            .with(|c| c.second_spec().map(|spec| spec.name.clone()))
    });
    let gone = move || store.catalogue.with(|c| c.second_gone().map(say::gone));
    let choose = move |event| {
        let name = event_target_value(&event);
        store.catalogue.update(|c| c.second = Some(name));
    };
    let option = move |(name, title): (String, String)| {
        let value = name.clone();
        let is_chosen = move || chosen.with(|chosen| chosen.as_ref() == Some(&name));
        view! {
            <option value=value prop:selected=is_chosen>
                {title}
            </option>
        }
    };
    view! {
        <label class="compare-chooser">
            <span>{say::SECOND}</span>
            <select on:change=choose>
                {move || models.get().into_iter().map(option).collect_view()}
            </select>
        </label>
        <p class="compare-gone">{gone}</p>
    }
}

impl Beside {
    /// Whether the answer that is there is another model's, or of another square than the first.
    fn is_busy(self, first: Memo<Option<Arc<Outcome>>>, second: Memo<Option<ModelSpec>>) -> bool {
        let model = second.with(|spec| spec.as_ref().map(|spec| spec.name.clone()));
        let square = first.with(|first| first.as_ref().map(|first| first.square));
        let is_there = self.answer.with(|answer| {
            let answer = answer.as_ref();
            answer
                .is_some_and(|a| Some(&a.model.name) == model.as_ref() && Some(a.square) == square)
        });
        !is_there && self.error.with(Option::is_none)
    }
}

/// Asks the second model about the square that the first has answered to, whenever one of them
/// changes; what is under way then is given up, as it is when the panel goes.
fn ask_beside(
    store: Store,
    id: PhotoId,
    first: Memo<Option<Arc<Outcome>>>,
    second: Memo<Option<ModelSpec>>,
) -> Beside {
    let desk = expect_context::<Desk>();
    let beside = Beside {
        answer: RwSignal::new(None),
        error: RwSignal::new(None),
        attempt: RwSignal::new(0),
        breaks: StoredValue::new(0),
    };
    let question = Memo::new(move |_| {
        let is_away = store.server.with(|server| *server == Server::Away);
        let square = first.with(|first| first.as_ref().map(|first| first.square))?;
        (!is_away).then_some(())?;
        Some(Question {
            model: second.get()?,
            square,
            send: store.settings.with(|settings| settings.send),
            attempt: beside.attempt.get(),
        })
    });
    Effect::new(move || {
        let Some(question) = question.get() else {
            return;
        };
        beside.error.set(None);
        spawn_local_scoped_with_cancellation(async move {
            match ask(store, desk, id, question, beside.breaks).await {
                Ok(answer) => {
                    beside.breaks.set_value(0);
                    beside.answer.set(Some(Arc::new(answer)));
                }
                Err(error) => {
                    if let Some(UserError(why)) = &error {
                        store.spoken.set(why.clone());
                    }
                    beside.answer.set(None);
                    beside.error.set(error);
                }
            }
        });
    });
    beside
}

/// The second model's answer; an error without a sentence is one that the page says elsewhere.
async fn ask(
    store: Store,
    desk: Desk,
    id: PhotoId,
    question: Question,
    breaks: StoredValue<u32>,
) -> Result<Outcome, Option<UserError>> {
    let Question {
        model,
        square,
        send,
        ..
    } = question;
    let prepared = desk.tensor(id, &model.recipe, square).await.map_err(Some)?;
    let absent = || UserError(text::WORKER_ABSENT.to_owned());
    // Dropped with this future, it aborts the request.
    let canceller = Canceller::new().ok_or_else(|| Some(absent()))?;
    let count = |bytes| {
        if let Some(photo) = store.photo(id) {
            photo.count_sent(bytes);
        }
    };
    let ask = || {
        let controller = canceller.controller();
        api::classify(&model, &prepared.tensor, send, count, controller)
    };
    let mut answered = ask().await;
    for wait in PATIENCE {
        if !matches!(answered, Err(ApiError::Busy(_))) {
            break;
        }
        patience::about(wait).await;
        answered = ask().await;
    }
    match answered {
        Ok(answered) => Ok(answered.outcome(model, prepared, square)),
        Err(ApiError::ServerAway) => {
            breaks.update_value(|breaks| *breaks += 1);
            if breaks.get_value() > MAX_BREAKS {
                return Err(Some(UserError(text::CONNECTION_BREAKS.to_owned())));
            }
            // When it is back, the question is there again.
            store.server.set(Server::Away);
            Err(None)
        }
        Err(ApiError::ModelAway) => {
            // The list is read anew.
            store.server.set(Server::Unknown);
            Err(Some(UserError(say::unavailable(&model.display.title))))
        }
        Err(ApiError::Busy(error) | ApiError::Failed(error)) => Err(Some(error)),
        Err(ApiError::Cancelled) => Err(None),
    }
}
