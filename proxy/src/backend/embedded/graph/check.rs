//! Whether an ONNX file is the one that its config describes.

use conch_shared::model::TensorSpec;
use conch_shared::tensor::DataType;
use ort::session::Session;
use ort::value::{Outlet, TensorElementType};

use crate::model_repo::{Artifact, Places};

/// Compares names, datatypes and dimensions.
///
/// # Errors
/// What the config says, where, and what the file has.
pub(super) fn check(artifact: &Artifact, session: &Session) -> Result<(), String> {
    let spec = &artifact.spec;
    let input = Wanted {
        role: "input",
        spec: &spec.input,
        dims: &artifact.input_dims,
        max_batch_size: spec.max_batch_size,
        places: &artifact.places,
    };
    let output = Wanted {
        role: "output",
        spec: &spec.output,
        dims: &artifact.output_dims,
        ..input
    };
    input.check(session.inputs())?;
    output.check(session.outputs())
}

/// What the config says of one tensor.
struct Wanted<'a> {
    /// The config's field.
    role: &'a str,
    spec: &'a TensorSpec,
    /// Batch included.
    dims: &'a [i64],
    max_batch_size: usize,
    places: &'a Places,
}

impl Wanted<'_> {
    fn check(&self, outlets: &[Outlet]) -> Result<(), String> {
        let Self { role, dims, .. } = self;
        let TensorSpec { name, datatype, .. } = self.spec;
        let Some(outlet) = outlets.iter().find(|outlet| outlet.name() == name) else {
            let names: Vec<&str> = outlets.iter().map(Outlet::name).collect();
            let names = names.join("\", \"");
            let reason =
                format!("the config's {role} is \"{name}\", the ONNX file's is \"{names}\"");
            return Err(self.at("name", &reason));
        };
        let wanted = match datatype {
            DataType::Uint8 => TensorElementType::Uint8,
            _ => TensorElementType::Float32,
        };
        let found = outlet.dtype().tensor_type();
        if found != Some(wanted) {
            let found = found.map_or_else(|| "no tensor".to_owned(), |t| t.to_string());
            let reason = format!(
                "{role} \"{name}\": the config says {datatype}, the ONNX file says {found}"
            );
            return Err(self.at("data_type", &reason));
        }
        let in_file: &[i64] = outlet.dtype().tensor_shape().map_or(&[], |shape| shape);
        let agrees = |(config, file): (&i64, &i64)| *config < 0 || *file < 0 || config == file;
        if in_file.len() != dims.len() || !dims.iter().zip(in_file).all(agrees) {
            let reason = format!(
                "{role} \"{name}\": the config's dims make {dims:?}, the ONNX file has {in_file:?}"
            );
            return Err(self.at("dims", &reason));
        }
        let most = self.max_batch_size;
        match in_file.first() {
            // Triton refuses it, too.
            Some(0..) if most > 0 => {
                let reason = format!(
                    "{role} \"{name}\": max_batch_size is {most}, and the ONNX file takes no batch: \
                     its dimensions are {in_file:?}. Write max_batch_size: 0, and all of the file's \
                     dimensions in dims"
                );
                Err(self.places.say("max_batch_size", &reason))
            }
            _ => Ok(()),
        }
    }

    fn at(&self, field: &str, reason: &str) -> String {
        self.places
            .say(&format!("{}[0].{field}", self.role), reason)
    }
}
