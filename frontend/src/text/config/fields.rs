//! The fields of Triton's `ModelConfig` (`protobuf/model_config.proto` and
//! `docs/user_guide/model_configuration.md` of the Triton Inference Server).

use super::optimization;
use crate::laboratory::code::Field;

/// What a note on an unknown field says.
pub(super) const UNKNOWN: &str = "This page has no note on";

/// Who may have one.
const TRITON_MAY: &str = "Triton's documentation of the model configuration may.";

/// What a field means; `None` for one that only holds what has a note already.
pub(super) fn meaning(field: &Field) -> Option<String> {
    let Field { path, value } = field;
    let (top, rest) = path.split_once('.').unwrap_or((path, ""));
    let fixed = match (top, rest) {
        ("name", _) => {
            "The model's name: it stands in the address of every request and must be the folder's name."
        }
        ("platform", _) if value == "onnxruntime_onnx" => {
            "What runs the model: ONNX Runtime, with a graph in ONNX's format. Newer files say backend: \"onnxruntime\"."
        }
        ("platform", _) => "What runs the model, and the format of its file.",
        ("backend", _) => "The backend that runs the model, a library that Triton loads.",
        ("runtime", _) => {
            "The file that holds the backend, where it is not the usual one. Triton fills it in."
        }
        ("default_model_filename", _) => {
            return Some(format!(
                "The model's file in each version's folder, 1/{value} for version 1. Without this line the ONNX Runtime backend looks for model.onnx."
            ));
        }
        ("max_batch_size", _) if value == "0" => {
            "The model has no batch dimension for Triton to use: dims are the whole shape, and requests are not put together."
        }
        ("max_batch_size", _) => {
            return Some(format!(
                "Up to {value} items (photos, here) in one run of the model. Triton puts the batch dimension in front of the dims below, which leave it out."
            ));
        }
        ("input" | "output", "") => "",
        ("input" | "output", _) => return tensor(top, rest, value),
        ("dynamic_batching", _) => dynamic_batching(rest, value),
        ("instance_group", _) => instance_group(rest, value),
        ("version_policy", _) => version_policy(rest),
        ("optimization", _) => optimization::meaning(rest, value),
        ("parameters", "") => "An entry that Triton keeps and hands on: a key and a text.",
        ("parameters", "value") => return None,
        ("parameters", "value.string_value") => "The entry's text.",
        ("response_cache", "enable") => "Whether answers are kept, to be given again.",
        ("model_transaction_policy", "decoupled") => {
            "Whether the number of answers is free; an image classifier gives one a request."
        }
        ("model_warmup", _) => warmup(rest),
        (_, "") => other(top),
        _ => "",
    };
    Some(match (fixed, top, rest) {
        ("", "input", "") => "A tensor that a request must bring.".to_owned(),
        ("", "output", "") => "A tensor that the model gives.".to_owned(),
        ("", _, "") => format!("{UNKNOWN} {path}; {TRITON_MAY}"),
        ("", ..) => match other(top) {
            "" => format!("{UNKNOWN} {path}; {TRITON_MAY}"),
            whole => format!("{UNKNOWN} {path}. {top} is this: {whole}"),
        },
        (fixed, ..) => fixed.to_owned(),
    })
}

/// A field of an input or an output.
fn tensor(top: &str, rest: &str, value: &str) -> Option<String> {
    let fixed = match rest {
        "name" if top == "input" => "The tensor's name in the graph; a request names it.",
        "name" => "The tensor's name in the graph; the answer names it.",
        "data_type" => {
            return Some(format!("The datatype of each number: {}.", datatype(value)));
        }
        "format" => match value {
            "FORMAT_NCHW" => {
                "An image, one plane after the other: channels, rows, columns. It describes the dims; Triton converts nothing."
            }
            "FORMAT_NHWC" => {
                "An image with its channels side by side: rows, columns, channels. It describes the dims; Triton converts nothing."
            }
            _ => "What the dims stand for; none here.",
        },
        "dims" => {
            let any = if value.contains("-1") {
                " -1 is any size."
            } else {
                ""
            };
            let dims = value.replace(", ", " × ");
            return Some(match (top, value.contains(',')) {
                ("output", false) => {
                    format!("The shape: {dims} numbers, one a class.{any}")
                }
                _ => format!(
                    "The shape: {dims}. The batch dimension is not among them where max_batch_size is above 0.{any}"
                ),
            });
        }
        "label_filename" => {
            "The file beside this one with a class name a line, in the order of the output's numbers."
        }
        "reshape" | "reshape.shape" => {
            "The shape that the graph itself takes or gives, where it is another than clients see."
        }
        "optional" => "Whether a request may leave this input out.",
        "allow_ragged_batch" => "Whether requests of different shapes may share a batch.",
        "is_shape_tensor" => "Whether it is a shape tensor, which TensorRT has.",
        "is_non_linear_format_io" => "Whether TensorRT takes it in a layout of its own.",
        _ => {
            return Some(format!("{UNKNOWN} {top}.{rest}; {TRITON_MAY}"));
        }
    };
    Some(fixed.to_owned())
}

fn datatype(value: &str) -> &'static str {
    match value {
        "TYPE_FP32" => "FP32, IEEE 754 single precision, 4 bytes",
        "TYPE_FP16" => "FP16, IEEE 754 half precision, 2 bytes",
        "TYPE_BF16" => "BF16, the upper half of single precision, 2 bytes",
        "TYPE_FP64" => "FP64, IEEE 754 double precision, 8 bytes",
        "TYPE_UINT8" => "UINT8, whole numbers from 0 to 255, 1 byte",
        "TYPE_STRING" => "BYTES, texts of any length",
        "TYPE_BOOL" => "BOOL, 0 or 1, 1 byte",
        _ => "as Triton's name for it says, with its bits",
    }
}

fn dynamic_batching(rest: &str, value: &str) -> &'static str {
    match rest {
        "" if value == "{}" => {
            "The dynamic batcher: requests that wait at the same time run together, as one batch. Nothing in the braces: with its defaults, and without waiting for more."
        }
        "" => {
            "The dynamic batcher: requests that wait at the same time run together, as one batch. What stands in the braces says how."
        }
        "preferred_batch_size" => "A batch of one of these sizes is run as soon as it is full.",
        "max_queue_delay_microseconds" if value == "0" => {
            "No request waits for others to fill a batch."
        }
        "max_queue_delay_microseconds" => {
            "So many microseconds a request may wait for others to fill a batch."
        }
        "preserve_ordering" => "Whether answers leave in the order in which the requests came.",
        "priority_levels" => {
            "So many levels of urgency there are; requests of level 1 go before all others."
        }
        "default_priority_level" => "The level of a request that names none.",
        "default_queue_policy" => "The limits of the queue.",
        "priority_queue_policy" => "The limits of the queue of one level of urgency.",
        "priority_queue_policy.key" => "The level.",
        _ => match rest.split_once("queue_policy.") {
            Some((_, rest)) => queue_policy(rest.trim_start_matches("value.")),
            None => "",
        },
    }
}

fn queue_policy(rest: &str) -> &'static str {
    match rest {
        "value" => "The limits.",
        "timeout_action" => {
            "What becomes of a request that waited too long: REJECT refuses it, DELAY lets all others go first."
        }
        "default_timeout_microseconds" => "So many microseconds a request may wait; 0 is any time.",
        "allow_timeout_override" => "Whether a request may say a shorter time itself.",
        "max_queue_size" => "So many requests may wait; more are refused. 0 is any number.",
        _ => "",
    }
}

fn instance_group(rest: &str, value: &str) -> &'static str {
    match rest {
        "" => "How many instances of the model run side by side, and on what.",
        "name" => "The group's name, for the log.",
        "count" => "So many instances, each with its own memory; so many batches can run at once.",
        "kind" => match value {
            "KIND_CPU" => "They run on the CPU.",
            "KIND_GPU" => "They run on GPUs: so many on each that is listed, or on each there is.",
            "KIND_MODEL" => "The backend decides where they run.",
            _ => "On GPUs where there are some, else on the CPU.",
        },
        "gpus" => "The numbers of the GPUs.",
        "passive" => "Whether they are there without being given requests.",
        "host_policy" => "Which cores and memory of the machine they keep to.",
        "profile" => "TensorRT's optimisation profiles.",
        "rate_limiter" => {
            "When an instance may run, where Triton's rate limiter is on: it is off unless --rate-limit says otherwise."
        }
        "rate_limiter.resources" => "What a run needs for itself while it lasts.",
        "rate_limiter.resources.name" => "The resource's name, of one's own choice.",
        "rate_limiter.resources.count" => "So many of it a run takes.",
        "rate_limiter.resources.global" => {
            "Whether all GPUs share the resource; else each has its own."
        }
        "rate_limiter.priority" => {
            "How often these instances have their turn beside others: at 2, half as often as at 1."
        }
        "secondary_devices" => "Other devices that the instances may use beside their GPU.",
        "secondary_devices.kind" => "What they are: NVDLA is NVIDIA's deep learning accelerator.",
        "secondary_devices.device_id" => "The device's number.",
        _ => "",
    }
}

fn version_policy(rest: &str) -> &'static str {
    match rest {
        "" => "Which versions, the numbered folders beside this file, are served.",
        "latest" => "Those with the highest numbers.",
        "latest.num_versions" => "So many of them.",
        "all" => "All of them.",
        "specific" => "Those that are listed.",
        "specific.versions" => "Their numbers.",
        _ => "",
    }
}

/// A request that Triton makes up.
fn warmup(rest: &str) -> &'static str {
    match rest {
        "" => other("model_warmup"),
        "name" => "The request's name, for the log.",
        "batch_size" => "So many items in it, the same one over again.",
        "count" => "So many times it is run.",
        "inputs" => "One of its tensors: a name, and what is in it.",
        "inputs.key" => "The tensor's name.",
        "inputs.value" => "What is in the tensor.",
        "inputs.value.data_type" => "Its datatype.",
        "inputs.value.dims" => "Its shape, without the batch dimension.",
        "inputs.value.zero_data" => "Whether it is all zeros.",
        "inputs.value.random_data" => "Whether its numbers are random.",
        "inputs.value.input_data_file" => "The file in the folder warmup that holds its bytes.",
        _ => "",
    }
}

/// A field of the top that is explained as a whole.
fn other(top: &str) -> &'static str {
    match top {
        "sequence_batching" => {
            "Requests that belong together, in their order, go to the same instance. Image classifiers have no use for it."
        }
        "ensemble_scheduling" => {
            "The model is a pipeline of others: outputs of one are inputs of the next."
        }
        "batch_input" | "batch_output" => {
            "A tensor that Triton makes of the batch itself, for backends that want to know it."
        }
        "cc_model_filenames" => "Other model files for GPUs of a certain CUDA compute capability.",
        "metric_tags" => "Labels that the model's metrics carry.",
        "model_warmup" => {
            "Requests that Triton makes up and runs while it loads the model, so that the first real one is not slow."
        }
        "model_operations" => "Libraries with operations that the backend does not have.",
        "model_transaction_policy" => {
            "Whether a request can have none, one or several answers (decoupled)."
        }
        "model_repository_agents" => {
            "Programs that see the model's folder first, to check or to change it."
        }
        "response_cache" => "Whether the same request is answered from memory.",
        "model_metrics" => "Which metrics of the model are counted, and how.",
        _ => "",
    }
}
