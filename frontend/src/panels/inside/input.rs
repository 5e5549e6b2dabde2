//! The chosen model's tensor of the photo: made when the laboratory is opened, once for all steps,
//! and anew when another square or another model is chosen.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local_scoped_with_cancellation;

use crate::components::failure;
use crate::components::icon::Mark;
use crate::desk::Desk;
use crate::focus;
use crate::laboratory::input::Input;
use crate::laboratory::position::Position;
use crate::state::{Photo, Store, UserError};
use crate::text::inside as text;

/// The step's title on the page.
pub(super) const TITLE: &str = "inside-title";

/// Something that is made while one waits. What was made last stays until the next is there.
#[derive(Debug)]
pub(super) struct Loading<T: Send + Sync + 'static> {
    made: RwSignal<Option<T>>,
    error: RwSignal<Option<UserError>>,
    attempt: RwSignal<u32>,
}

impl<T: Send + Sync + 'static> Clone for Loading<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Loading<T> {}

impl<T: Clone + Send + Sync + 'static> Loading<T> {
    /// Begins now, and again whenever something changes that `begin` reads; what is under way then
    /// is given up. `None`: there is nothing to begin with yet.
    pub(super) fn new<F>(begin: impl Fn() -> Option<F> + 'static) -> Self
    where
        F: Future<Output = Result<T, UserError>> + 'static,
    {
        let loading = Self {
            made: RwSignal::new(None),
            error: RwSignal::new(None),
            attempt: RwSignal::new(0),
        };
        Effect::new(move || {
            loading.attempt.track();
            let Some(future) = begin() else { return };
            spawn_local_scoped_with_cancellation(async move {
                let (made, error) = match future.await {
                    Ok(made) => (Some(made), None),
                    Err(error) => (None, Some(error)),
                };
                if made.is_some() {
                    loading.made.set(made);
                }
                loading.error.set(error);
            });
        });
        loading
    }

    /// What was made last; tracked.
    pub(super) fn made(self) -> Option<T> {
        self.made.get()
    }

    /// What `show` makes of it once it is there; before, that it is being made, or why there is none.
    pub(super) fn show(
        self,
        show: impl Fn(Signal<T>) -> AnyView + Send + 'static,
    ) -> impl IntoView {
        let is_here = Memo::new(move |_| self.made.with(Option::is_some));
        move || {
            if let Some(error) = self.error.get() {
                let on_retry = again(move || self.attempt.update(|attempt| *attempt += 1));
                return view! { <Failure error on_retry /> }.into_any();
            }
            if !is_here.get() {
                return view! { <UnderWay what=text::PREPARING /> }.into_any();
            }
            let made = self.made;
            show(Signal::derive(move || {
                made.get().expect("it never goes again")
            }))
        }
    }
}

/// The value that somebody looks at: the same in every step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Picked(pub(super) RwSignal<Position>);

/// Sets up the photo's tensor, and a place in it, for all steps of the laboratory.
pub(super) fn provide(photo: &Photo) {
    let desk = expect_context::<Desk>();
    let store = expect_context::<Store>();
    let model = Memo::new(move |_| store.catalogue.with(|c| c.spec().cloned()));
    let (id, square) = (photo.id, photo.square.clone());
    provide_context(Picked(RwSignal::new(Position::default())));
    provide_context(Loading::new(move || {
        let (model, square) = (model.get()?, square.get());
        Some(async move {
            let prepared = desk.tensor(id, &model.recipe, square).await?;
            Ok(Arc::new(Input::new(model, prepared, square)))
        })
    }));
}

/// The photo's tensor, as a step shows it.
pub(super) fn with_input(
    show: impl Fn(Signal<Arc<Input>>) -> AnyView + Send + 'static,
) -> impl IntoView {
    expect_context::<Loading<Arc<Input>>>().show(show)
}

/// While one waits.
#[component]
pub(super) fn UnderWay(what: &'static str) -> impl IntoView {
    view! {
        <p class="inside-wait under-way is-moving">
            <Mark />
            {what}
        </p>
    }
}

/// What "Try again" does. The button goes with it, and the focus to the step's title, which stays.
pub(super) fn again(retry: impl Fn() + Send + Sync + 'static) -> Callback<()> {
    Callback::new(move |()| {
        retry();
        focus::give(&format!("#{TITLE}"));
    })
}

/// Why there is nothing to show, and the way to try again.
#[component]
pub(super) fn Failure(error: UserError, on_retry: Callback<()>) -> impl IntoView {
    view! {
        <div class="inside-wait failure">
            <failure::Failure error on_retry=move || on_retry.run(()) />
        </div>
    }
}
