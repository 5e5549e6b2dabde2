//! The application without a port, a backend without an engine, and the real one.

mod answer;
mod exposition;
mod fake;
pub(crate) mod fake_triton;
mod log;
mod numbered;
mod over_triton;
mod process;
mod promql;
mod real;
mod relay;
mod server;
mod tiny;
mod triton;

pub(crate) use answer::Answer;
pub(crate) use exposition::{Exposition, Sample};
pub(crate) use fake::{CLASSES, Fake};
pub(crate) use log::Log;
pub(crate) use numbered::{assert_right, numbered};
pub(crate) use over_triton::{OverTriton, eventually};
pub(crate) use process::{open_files, resident};
pub(crate) use promql::Query;
pub(crate) use real::{embedded, engine_of, photo, repository_with, root};
pub(crate) use relay::{Fault, Relay, Way};
pub(crate) use server::{TestServer, listen};
pub(crate) use tiny::{Tiny, plain, values};
pub(crate) use triton::Triton;

use clap::{Arg, Args, Parser};
use conch_proxy::backend::Job;
use conch_shared::kserve::NamedTensor;
use conch_shared::model::ModelSpec;
use conch_shared::tensor::{DataType, Shape, Tensor};

/// Options as on this command line. The shell's variables do not count, but for the one that says
/// where this machine has ONNX Runtime's library.
fn parse<T: Parser>(options: &[&str]) -> T {
    let without_variable = |arg: Arg| match arg.get_id() == "onnxruntime" {
        true => arg,
        false => arg.env(None::<&'static str>),
    };
    let command = T::command().mut_args(without_variable);
    let matches = command.get_matches_from(["conch"].iter().chain(options));
    T::from_arg_matches(&matches).unwrap()
}

/// One group of the program's options, as on this command line.
pub(crate) fn options<T: Args>(options: &[&str]) -> T {
    #[derive(Parser)]
    struct Line<T: Args> {
        #[command(flatten)]
        group: T,
    }
    parse::<Line<T>>(options).group
}

/// A tensor of this shape, full of zeros.
pub(crate) fn zeros(datatype: DataType, dims: &[usize]) -> Tensor {
    Tensor::zeros(datatype, Shape::new(dims)).unwrap()
}

/// `photos` black photos, as the page sends them.
pub(crate) fn black(spec: &ModelSpec, photos: usize) -> Tensor {
    zeros(DataType::Uint8, spec.recipe.batch_shape(photos).dims())
}

/// A tensor as a backend's job for EfficientNet-Lite0.
pub(crate) fn job(tensor: &Tensor) -> Job {
    Job {
        inputs: vec![NamedTensor {
            name: "input".to_owned(),
            tensor: tensor.clone(),
        }],
        outputs: vec!["output".to_owned()],
        timeout: None,
    }
}
