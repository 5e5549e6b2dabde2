//! One model's graph in ONNX Runtime.

mod check;

use std::time::Instant;

use conch_shared::tensor::{DataType, Shape, Tensor};
use ort::session::{Session, SessionInputValue};

use super::instance::{Execute, Run};
use super::library::Library;
use crate::model_repo::{Artifact, Unusable};

/// A loaded graph.
pub(super) struct Graph {
    session: Session,
    input: String,
    datatype: DataType,
    /// Dimensions that the graph takes, batch included; -1 is filled from the request.
    input_dims: Vec<i64>,
    output: String,
    /// Dimensions of the output without the batch, as the config has them; -1 is any.
    output_dims: Vec<i64>,
    /// Whether the first dimension is the batch.
    batched: bool,
    /// The shape of a single photo.
    photo: Shape,
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
        check::check(artifact, &session).map_err(refuse)?;
        let mut graph = Self {
            session,
            input: spec.input.name.clone(),
            datatype: spec.input.datatype,
            input_dims: artifact.input_dims.clone(),
            output: spec.output.name.clone(),
            output_dims: spec.output.dims.clone(),
            batched: spec.max_batch_size > 0,
            photo: spec.recipe.batch_shape(1),
        };
        graph
            .probe()
            .map_err(|error| refuse(format!("it fails on a black photo: {error}")))?;
        Ok(graph)
    }

    /// One value of all inputs, one behind the other; the only copy that is made of them.
    fn join(&self, inputs: &[&Tensor], rows: usize) -> Result<SessionInputValue<'static>, String> {
        let first = inputs.first().ok_or("there is no input")?;
        if let Some(other) = inputs.iter().find(|i| i.datatype() != self.datatype) {
            let (expected, found) = (self.datatype, other.datatype());
            return Err(format!("expected {expected}, found {found}"));
        }
        let dims = graph_dims(
            &self.input_dims,
            first.shape(),
            self.batched.then_some(rows),
        );
        let bytes = inputs.iter().map(|input| input.data().len()).sum::<usize>();
        let words = |error: ort::Error| error.message().to_owned();
        match self.datatype {
            DataType::Fp32 => {
                let mut values = Vec::with_capacity(bytes / size_of::<f32>());
                for input in inputs {
                    let (floats, _) = input.data().as_chunks();
                    values.extend(floats.iter().map(|float| f32::from_le_bytes(*float)));
                }
                let value = ort::value::Tensor::from_array((dims, values)).map_err(words)?;
                Ok(value.into())
            }
            DataType::Uint8 => {
                let mut values = Vec::with_capacity(bytes);
                inputs
                    .iter()
                    .for_each(|i| values.extend_from_slice(i.data()));
                let value = ort::value::Tensor::from_array((dims, values)).map_err(words)?;
                Ok(value.into())
            }
            other => Err(format!("no graph here takes {other}")),
        }
    }
}

impl Execute for Graph {
    fn run(&mut self, inputs: &[&Tensor]) -> Result<Run, String> {
        let words = |error: ort::Error| error.message().to_owned();
        let begun = Instant::now();
        let rows_of = |input: &&Tensor| match self.batched {
            true => input.shape().dims().first().copied().unwrap_or(1),
            false => 1,
        };
        let rows: Vec<usize> = inputs.iter().map(rows_of).collect();
        let value = self.join(inputs, rows.iter().sum())?;
        let joined = Instant::now();
        let outputs = self.session.run(vec![(self.input.as_str(), value)]);
        let outputs = outputs.map_err(words)?;
        let ran = Instant::now();
        let output = outputs.get(&self.output).ok_or("the output is not there")?;
        let (dims, values) = output.try_extract_tensor::<f32>().map_err(words)?;
        let outputs = match self.batched {
            true => split(dims, values, &rows, &self.output_dims)?,
            false => {
                let shape = shape_of(None, &self.output_dims, dims);
                vec![Tensor::from_f32(shape, values).map_err(|error| error.to_string())?]
            }
        };
        Ok(Run {
            outputs,
            compute_input: joined - begun,
            compute_infer: ran - joined,
            compute_output: ran.elapsed(),
        })
    }

    /// A black photo: every model answers it, or is not served.
    fn probe(&mut self) -> Result<(), String> {
        let photo = Tensor::zeros(self.datatype, self.photo.clone());
        let photo = photo.map_err(|error| error.to_string())?;
        self.run(&[&photo]).map(|_| ())
    }
}

/// The rows of each request, `rows` one after the other.
fn split(
    dims: &[i64],
    values: &[f32],
    rows: &[usize],
    config: &[i64],
) -> Result<Vec<Tensor>, String> {
    let all: usize = rows.iter().sum();
    let (found, of_row) = dims.split_first().ok_or("the output has no dimension")?;
    if usize::try_from(*found) != Ok(all) || all == 0 {
        return Err(format!("the graph gave {found} rows for {all} photos"));
    }
    let row = values.len() / all;
    let mut rest = values;
    let mut outputs = Vec::with_capacity(rows.len());
    for rows in rows {
        let (part, after) = rest.split_at(rows * row);
        let shape = shape_of(Some(*rows), config, of_row);
        outputs.push(Tensor::from_f32(shape, part).map_err(|error| error.to_string())?);
        rest = after;
    }
    Ok(outputs)
}

/// The shape as the config has it, which differs from the graph's where there is a reshape; where
/// the config leaves a dimension open, the graph's.
fn shape_of(rows: Option<usize>, config: &[i64], graph: &[i64]) -> Shape {
    let known = |dims: &[i64]| -> Option<Vec<usize>> {
        dims.iter().map(|dim| usize::try_from(*dim).ok()).collect()
    };
    let item = known(config).or_else(|| known(graph)).unwrap_or_default();
    Shape::new(rows.into_iter().chain(item).collect::<Vec<_>>())
}

fn open(library: &Library, artifact: &Artifact, threads: usize) -> ort::Result<Session> {
    Session::builder(&library.environment)?
        .with_intra_threads(threads)?
        // Threads that wait in a loop burn a core that this server, or somebody else, has a use for.
        .with_intra_op_spinning(false)?
        .commit_from_file(&artifact.file)
}

/// The graph's own dimensions for this run: `rows` is the batch, whatever else is open comes from
/// the tensor, whose dimensions are the graph's but for a reshape.
fn graph_dims(graph: &[i64], tensor: &Shape, rows: Option<usize>) -> Vec<i64> {
    let tensor = tensor.dims();
    let at = |position: usize| match (position, rows) {
        (0, Some(rows)) => rows as i64,
        _ => tensor.get(position).map_or(1, |dim| *dim as i64),
    };
    graph
        .iter()
        .enumerate()
        .map(|(position, dim)| if *dim < 0 { at(position) } else { *dim })
        .collect()
}

fn refuse(reason: String) -> Unusable {
    Unusable::Engine { reason }
}
