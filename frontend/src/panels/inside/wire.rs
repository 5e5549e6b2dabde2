//! The one request to the model server that the second half of the laboratory looks at: composed of
//! the photo's tensor, sent when somebody wants it, and dropped with the tensor.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local_scoped_with_cancellation;

use super::input::{Failure, Loading, UnderWay, again, with_input};
use crate::laboratory::input::Input;
use crate::services::api::ApiError;
use crate::services::folder;
use crate::services::v2::infer::{Incoming, Outgoing, compose, infer};
use crate::state::{Photo, UserError};
use crate::text;

/// A handle to the exchange.
#[derive(Clone, Copy)]
pub(super) struct Wire {
    /// The request for the tensor of now.
    outgoing: Memo<Option<Arc<Outgoing>>>,
    /// What was sent last, and how often.
    sent: RwSignal<Option<Arc<Outgoing>>>,
    /// What came of it.
    came: RwSignal<Option<(Arc<Outgoing>, Came)>>,
    /// Whether a step shows class names.
    named: RwSignal<bool>,
    /// The class names, and of which model.
    labels: Loading<(String, Arc<[String]>)>,
    /// The model of now.
    model: Memo<Option<String>>,
}

type Came = Result<Arc<Incoming>, UserError>;

/// Where the exchange stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Stand {
    /// Not sent.
    Ready,
    /// On its way.
    Sent,
    /// Answered.
    Answered(Arc<Incoming>),
    /// It did not work out.
    Failed(UserError),
}

/// Sets the exchange up, for the photo's tensor.
pub(super) fn provide(photo: &Photo) {
    let photo = photo.clone();
    let input = expect_context::<Loading<Arc<Input>>>();
    let outgoing = Memo::new(move |_| {
        let input = input.made()?;
        // Fails for no tensor that was made by the model's own recipe.
        let request = compose(&input.model, input.taken()).ok()?;
        Some(Arc::new(request.for_own_server()))
    });
    let named = RwSignal::new(false);
    let model = Memo::new(move |_| input.made().map(|input| input.model.name.clone()));
    let wire = Wire {
        outgoing,
        named,
        sent: RwSignal::new(None),
        came: RwSignal::new(None),
        labels: Loading::new(move || {
            let model = model.get().filter(|_| named.get())?;
            Some(async move {
                let labels = folder::labels(&model).await.map_err(why)?;
                Ok((model, Arc::from(labels)))
            })
        }),
        model,
    };
    Effect::new(move || {
        let Some(sent) = wire.sent.get() else { return };
        if !wire.is_of_now(&sent) {
            return;
        }
        photo.count_sent(sent.body.len());
        // Another tensor runs this anew, and that ends the request.
        spawn_local_scoped_with_cancellation(async move {
            let came = infer(&sent).await.map(Arc::new).map_err(why);
            wire.came.set(Some((sent, came)));
        });
    });
    provide_context(wire);
}

impl Wire {
    /// The exchange of this laboratory.
    pub(super) fn here() -> Self {
        expect_context()
    }

    /// The request as it is, or would be, sent; tracked.
    pub(super) fn outgoing(self) -> Option<Arc<Outgoing>> {
        self.outgoing.get()
    }

    /// The class names, asked for with the first step that shows any; none while they are not known;
    /// tracked.
    pub(super) fn labels(self) -> Signal<Arc<[String]>> {
        self.named.set(true);
        Signal::derive(move || {
            let of_now = |(model, _): &(String, _)| Some(model) == self.model.get().as_ref();
            let made = self.labels.made().filter(of_now);
            made.map_or_else(|| Arc::from([]), |(_, labels)| labels)
        })
    }

    /// Where it stands; tracked.
    pub(super) fn stand(self) -> Stand {
        let is_of_now = |one: &Arc<Outgoing>| self.is_of_now(one);
        match self.came.get() {
            Some((of, Ok(answer))) if is_of_now(&of) => Stand::Answered(answer),
            Some((of, Err(error))) if is_of_now(&of) => Stand::Failed(error),
            _ if self.sent.get().is_some_and(|sent| is_of_now(&sent)) => Stand::Sent,
            _ => Stand::Ready,
        }
    }

    /// Sends the request, also once more.
    pub(super) fn send(self) {
        self.came.set(None);
        self.sent.set(self.outgoing.get_untracked());
    }

    fn is_of_now(self, one: &Arc<Outgoing>) -> bool {
        self.outgoing
            .with(|now| now.as_ref().is_some_and(|now| Arc::ptr_eq(now, one)))
    }
}

/// What `show` makes of the answer. It is asked for where nobody did yet: a step that shows what came
/// back has nothing else to show.
pub(super) fn with_answer(
    show: impl Fn(Signal<Arc<Incoming>>) -> AnyView + Clone + Send + 'static,
) -> impl IntoView {
    let wire = Wire::here();
    with_input(move |_| {
        let stand = Memo::new(move |_| wire.stand());
        Effect::new(move || {
            if stand.get() == Stand::Ready {
                wire.send();
            }
        });
        let kind = Memo::new(move |_| match stand.get() {
            Stand::Answered(_) => Ok(true),
            Stand::Failed(error) => Err(error),
            Stand::Ready | Stand::Sent => Ok(false),
        });
        let last = Memo::new(
            move |before: Option<&Option<Arc<Incoming>>>| match stand.get() {
                Stand::Answered(answer) => Some(answer),
                _ => before.cloned().flatten(),
            },
        );
        let show = show.clone();
        let body = move || match kind.get() {
            Err(error) => {
                let on_retry = again(move || wire.send());
                view! { <Failure error on_retry /> }.into_any()
            }
            Ok(false) => view! { <UnderWay what=text::wire::ASKING /> }.into_any(),
            Ok(true) => show(Signal::derive(move || {
                last.get().expect("it was answered once")
            })),
        };
        body.into_any()
    })
}

/// Why there is nothing, in a sentence.
pub(super) fn why(error: ApiError) -> UserError {
    match error {
        ApiError::Busy(error) | ApiError::Failed(error) => error,
        ApiError::ServerAway => UserError(text::wire::AWAY.to_owned()),
        ApiError::ModelAway => UserError(text::wire::MODEL_AWAY.to_owned()),
        ApiError::Cancelled => UserError(text::STOPPED.to_owned()),
    }
}
