//! What panels may have of a photo, beside its way through the page: its tensor for any recipe, and
//! the photo as it is after the resize.

use conch_shared::model::Recipe;
use conch_shared::preprocess::crop::Square;

use super::Desk;
use super::steps::{Stop, fetch};
use crate::protocol::{Frame, Made, Prepared, Resized, Source, Want};
use crate::services::http::Canceller;
use crate::services::worker::Task;
use crate::state::{PhotoId, UserError};
use crate::text;

impl Desk {
    /// The photo's tensor for a recipe and a square. Dropping the future gives it up.
    ///
    /// # Errors
    /// Why there is none, in a sentence.
    pub(crate) async fn tensor(
        self,
        id: PhotoId,
        recipe: &Recipe,
        square: Option<Square>,
    ) -> Result<Prepared, UserError> {
        let there = self.with(|inner| {
            let kept = inner.files.get(id)?;
            kept.pixels_for(recipe, square).cloned()
        });
        match there {
            Some(prepared) => Ok(prepared),
            None => match self.make(id, recipe, square, Want::Tensor).await? {
                Made::Tensor(prepared) => Ok(prepared),
                Made::Resized(_) | Made::Preview(_) => Err(absent()),
            },
        }
    }

    /// The photo after the resize, before the crop. Dropping the future gives it up.
    ///
    /// # Errors
    /// Why there is none, in a sentence.
    pub(crate) async fn resized(self, id: PhotoId, recipe: &Recipe) -> Result<Resized, UserError> {
        let square = self.square(id);
        self.resized_from(id, recipe, square).await
    }

    /// The whole photo, whichever square was chosen, as small as the recipe makes it. For a photo that
    /// the browser cannot show. Dropping the future gives it up.
    ///
    /// # Errors
    /// Why there is none, in a sentence.
    pub(crate) async fn whole(self, id: PhotoId, recipe: &Recipe) -> Result<Resized, UserError> {
        self.resized_from(id, recipe, None).await
    }

    /// The tensor of a camera's frame. Dropping the future gives it up.
    ///
    /// # Errors
    /// Why there is none, in a sentence.
    pub(crate) async fn frame(self, frame: Frame, recipe: &Recipe) -> Result<Prepared, UserError> {
        let preparer = self.with(|inner| inner.preparer.clone());
        let (_ticket, made) = preparer.begin(Task {
            source: Source::Frame(frame),
            recipe: recipe.clone(),
            square: None,
            want: Want::Tensor,
        });
        match made.await {
            Ok(Made::Tensor(prepared)) => Ok(prepared),
            Ok(Made::Resized(_) | Made::Preview(_)) => Err(absent()),
            Err(error) => Err(Stop::from(error).sentence()),
        }
    }

    async fn resized_from(
        self,
        id: PhotoId,
        recipe: &Recipe,
        square: Option<Square>,
    ) -> Result<Resized, UserError> {
        match self.make(id, recipe, square, Want::Resized).await? {
            Made::Resized(resized) => Ok(resized),
            Made::Tensor(_) | Made::Preview(_) => Err(absent()),
        }
    }

    async fn make(
        self,
        id: PhotoId,
        recipe: &Recipe,
        square: Option<Square>,
        want: Want,
    ) -> Result<Made, UserError> {
        let content = self.with(|inner| inner.files.get(id).map(|kept| kept.content.clone()));
        let canceller = Canceller::new().ok_or_else(absent)?;
        let file = fetch(content.ok_or_else(absent)?, canceller.controller()).await;
        let preparer = self.with(|inner| inner.preparer.clone());
        let (_ticket, made) = preparer.begin(Task {
            source: Source::File {
                file: file.map_err(Stop::sentence)?,
                photo: id.0,
            },
            recipe: recipe.clone(),
            square,
            want,
        });
        made.await.map_err(|error| Stop::from(error).sentence())
    }
}

fn absent() -> UserError {
    UserError(text::WORKER_ABSENT.to_owned())
}
