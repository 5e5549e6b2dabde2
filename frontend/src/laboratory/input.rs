//! One photo as one model's input: its bytes, and the floats that they are normalised to.

use std::sync::{Arc, OnceLock};

use conch_shared::model::{ModelSpec, Recipe};
use conch_shared::preprocess::crop::Square;
use conch_shared::preprocess::normalize;
use conch_shared::tensor::{DataType, Tensor};

use crate::protocol::Prepared;

/// A model's input. The floats are made once, when they are first asked for.
#[derive(Debug)]
pub(crate) struct Input {
    /// The model.
    pub(crate) model: ModelSpec,
    /// The UINT8 tensor, and what is known of the photo.
    pub(crate) prepared: Prepared,
    /// The square that somebody chose; else it is the recipe's centre crop.
    pub(crate) square: Option<Square>,
    floats: OnceLock<Arc<[u8]>>,
}

impl Input {
    /// The input that `prepared` is for `model`.
    pub(crate) fn new(model: ModelSpec, prepared: Prepared, square: Option<Square>) -> Self {
        Self {
            model,
            prepared,
            square,
            floats: OnceLock::new(),
        }
    }

    /// Whether the model takes FP32, and the bytes are normalised for it; else it takes the bytes.
    pub(crate) fn takes_floats(&self) -> bool {
        self.model.input.datatype == DataType::Fp32
    }

    /// How the photo became it.
    pub(crate) fn recipe(&self) -> &Recipe {
        &self.model.recipe
    }

    /// The UINT8 tensor, before anything is normalised.
    pub(crate) fn bytes(&self) -> &Arc<[u8]> {
        &self.prepared.tensor
    }

    /// The tensor that the model takes.
    pub(crate) fn taken(&self) -> &Arc<[u8]> {
        match self.takes_floats() {
            true => self.floats(),
            false => self.bytes(),
        }
    }

    /// The FP32 tensor, normalised, as bytes; empty where the UINT8 one is not the recipe's.
    pub(crate) fn floats(&self) -> &Arc<[u8]> {
        self.floats.get_or_init(|| {
            let shape = self.recipe().batch_shape(1);
            let pixels = Tensor::new(DataType::Uint8, shape, self.bytes().to_vec());
            let floats = pixels.and_then(|pixels| normalize(&pixels, self.recipe()));
            floats.map_or_else(|_| [].into(), |floats| floats.data().as_ref().into())
        })
    }
}
