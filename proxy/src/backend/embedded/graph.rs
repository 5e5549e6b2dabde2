//! One model's graph in ONNX Runtime, checked against its config when it is loaded.

use conch_shared::model::TensorSpec;
use conch_shared::tensor::{DataType, Shape, Tensor};
use ort::session::{Session, SessionInputValue};
use ort::value::{Outlet, TensorElementType};

use super::library::Library;
use crate::model_repo::{Artifact, Places, Unusable};

/// A loaded graph. Not for two threads at once.
pub(super) struct Graph {
    session: Session,
    input: String,
    output: String,
    /// Dimensions that the graph takes, batch first; -1 is filled from the request.
    input_dims: Vec<i64>,
    classes: usize,
}

impl Graph {
    /// Loads the weights, compares names, datatypes and dimensions with the config, and runs the
    /// graph once, so that the first photo does not pay for what is made on first use.
    ///
    /// # Errors
    /// When the file is no ONNX model, or another one than the config describes.
    pub(super) fn load(
        library: &Library,
        artifact: &Artifact,
        threads: usize,
    ) -> Result<Self, Unusable> {
        let spec = &artifact.spec;
        let session = open(library, artifact, threads).map_err(|error| {
            // ONNX Runtime names the file by its whole path, which is nobody else's business.
            let name = artifact
                .file
                .file_name()
                .unwrap_or_default()
                .to_string_lossy();
            let path = artifact.file.display().to_string();
            tracing::warn!(file = path, %error, "ONNX Runtime refuses the file");
            let reason = error.message().replace(&path, &name);
            refuse(format!("{name} cannot be loaded: {reason}"))
        })?;
        let (input, output) = (&artifact.input_dims, &artifact.output_dims);
        let places = &artifact.places;
        check("input", &spec.input, input, session.inputs(), places)?;
        check("output", &spec.output, output, session.outputs(), places)?;
        let mut graph = Self {
            session,
            input: spec.input.name.clone(),
            output: spec.output.name.clone(),
            input_dims: artifact.input_dims.clone(),
            classes: spec.classes,
        };
        let black = spec.recipe.batch_shape(1);
        let bytes = black.byte_len(spec.input.datatype).unwrap_or_default();
        Tensor::new(spec.input.datatype, black, vec![0; bytes])
            .map_err(|error| error.to_string())
            .and_then(|tensor| graph.run(&tensor))
            .map_err(|error| refuse(format!("it fails on a black photo: {error}")))?;
        Ok(graph)
    }

    /// Runs the graph on the input's datatype, batch first, and gives `[photos, classes]`.
    ///
    /// # Errors
    /// The engine's words.
    pub(super) fn run(&mut self, input: &Tensor) -> Result<Tensor, String> {
        let photos = input.shape().dims().first().copied().unwrap_or(1);
        let dims = graph_dims(&self.input_dims, input.shape());
        let words = |error: ort::Error| error.message().to_owned();
        let value: SessionInputValue<'_> = match input.datatype() {
            DataType::Fp32 => {
                let values = input.to_f32().map_err(|error| error.to_string())?;
                ort::value::Tensor::from_array((dims, values))
                    .map_err(words)?
                    .into()
            }
            DataType::Uint8 => {
                let values = input.data().to_vec();
                ort::value::Tensor::from_array((dims, values))
                    .map_err(words)?
                    .into()
            }
            other => return Err(format!("no graph here takes {other}")),
        };
        let inputs = vec![(self.input.as_str(), value)];
        let outputs = self.session.run(inputs).map_err(words)?;
        let output = outputs.get(&self.output).ok_or("the output is not there")?;
        let (_, values) = output.try_extract_tensor::<f32>().map_err(words)?;
        Tensor::from_f32(Shape::new([photos, self.classes]), values).map_err(|e| e.to_string())
    }
}

fn open(library: &Library, artifact: &Artifact, threads: usize) -> ort::Result<Session> {
    Session::builder(&library.environment)?
        .with_intra_threads(threads)?
        .commit_from_file(&artifact.file)
}

/// The graph's own dimensions for this request: what is open comes from the tensor, whose
/// dimensions are the graph's but for a reshape.
fn graph_dims(graph: &[i64], tensor: &Shape) -> Vec<i64> {
    let tensor = tensor.dims();
    let at = |position: usize| tensor.get(position).map_or(1, |dim| *dim as i64);
    graph
        .iter()
        .enumerate()
        .map(|(position, dim)| if *dim < 0 { at(position) } else { *dim })
        .collect()
}

fn refuse(reason: String) -> Unusable {
    Unusable::Engine { reason }
}

/// Compares what the config says of a tensor with what the graph says.
fn check(
    role: &str,
    spec: &TensorSpec,
    dims: &[i64],
    outlets: &[Outlet],
    places: &Places,
) -> Result<(), Unusable> {
    let name = &spec.name;
    let refuse = |field: &str, reason: String| {
        let reason = places.say(&format!("{role}[0].{field}"), &reason);
        Unusable::Engine { reason }
    };
    let Some(outlet) = outlets.iter().find(|outlet| outlet.name() == name) else {
        let names: Vec<&str> = outlets.iter().map(Outlet::name).collect();
        return Err(refuse(
            "name",
            format!(
                "the config's {role} is \"{name}\", the ONNX file's is \"{}\"",
                names.join("\", \"")
            ),
        ));
    };
    let wanted = match spec.datatype {
        DataType::Uint8 => TensorElementType::Uint8,
        _ => TensorElementType::Float32,
    };
    let found = outlet.dtype().tensor_type();
    if found != Some(wanted) {
        let found = found.map_or_else(|| "no tensor".to_owned(), |t| t.to_string());
        let expected = spec.datatype;
        return Err(refuse(
            "data_type",
            format!("{role} \"{name}\": the config says {expected}, the ONNX file says {found}"),
        ));
    }
    let in_file: &[i64] = outlet.dtype().tensor_shape().map_or(&[], |shape| shape);
    // A batch that the graph has fixed at 1 serves a config that asks for one photo at a time.
    let agrees = |(config, file): (&i64, &i64)| *config < 0 || *file < 0 || config == file;
    if in_file.len() != dims.len() || !dims.iter().zip(in_file).all(agrees) {
        return Err(refuse(
            "dims",
            format!(
                "{role} \"{name}\": the config's dims make {dims:?}, the ONNX file has {in_file:?}"
            ),
        ));
    }
    Ok(())
}
