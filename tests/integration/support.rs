//! The application without a port, a backend without an engine, and the real one.

mod answer;
mod fake;
mod real;
mod server;

pub(crate) use answer::Answer;
pub(crate) use fake::{CLASSES, Fake};
pub(crate) use real::{embedded, engine_of, photo, repository_with};
pub(crate) use server::TestServer;

use conch_shared::model::ModelSpec;
use conch_shared::tensor::{DataType, Shape, Tensor};

/// A tensor of this shape, full of zeros.
pub(crate) fn zeros(datatype: DataType, dims: &[usize]) -> Tensor {
    let shape = Shape::new(dims);
    let bytes = shape.byte_len(datatype).unwrap();
    Tensor::new(datatype, shape, vec![0; bytes]).unwrap()
}

/// `photos` black photos, as the page sends them.
pub(crate) fn black(spec: &ModelSpec, photos: usize) -> Tensor {
    zeros(DataType::Uint8, spec.recipe.batch_shape(photos).dims())
}
