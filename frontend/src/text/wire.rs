//! The laboratory's second half: the request, the response, the logits, the softmax, the top five.

use conch_shared::model::Layout;
use conch_shared::tensor::DataType;

use super::grouped;
use crate::laboratory::agreement::Agreement;
use crate::laboratory::code::Field;

pub(crate) const AWAY: &str = "The server does not answer. Try again when it is back.";
pub(crate) const MODEL_AWAY: &str =
    "The server does not run this model now. Try again, or choose another model.";
pub(crate) const ASKING: &str = "Asking the model";

pub(crate) const COPY: &str = "Copy";
pub(crate) const COPIED: &str = "Copied";
pub(crate) const TAP_A_LINE: &str = "Choose a line to read what it means.";

pub(crate) const REQUEST_LEAD: &str = "What the model server is asked, as it goes over the wire: an HTTP request in the KServe v2 protocol. A JSON header describes the tensor, and the tensor's bytes follow it at once (Triton's binary tensor data extension).";
pub(crate) const SENDING: &str = "On its way.";
pub(crate) const SEND_AGAIN: &str = "Send it again";
pub(crate) const HTTP: &str = "Request line and headers";
pub(crate) const JSON: &str = "JSON header";
pub(crate) const NO_BREAKS: &str = "On the wire it has no line breaks and no spaces.";
pub(crate) const AS_COMMANDS: &str = "The same with curl, or in Python";
pub(crate) const COMMANDS_NEED: &str =
    "Both read the request's body from a file. Save it, and run them in its folder.";
pub(crate) const CURL: &str = "With curl";
pub(crate) const PYTHON: &str = "With tritonclient, in Python";

pub(crate) const RESPONSE_LEAD: &str =
    "What came back: again a JSON header, and behind it the output tensor's bytes.";
pub(crate) const STATUS: &str = "Status and headers";
pub(crate) const TIMES: &str = "Times";
pub(crate) const TIME_THERE_AND_BACK: &str = "There and back";
pub(crate) const TIME_QUEUE: &str = "In the queue";
pub(crate) const TIME_MODEL: &str = "In the model";
pub(crate) const TIME_UPSTREAM: &str = "At Triton";

pub(crate) const DUMP_BYTE: &str = "At byte";
pub(crate) const DUMP_HEX: &str = "Bytes, in hex";
pub(crate) const DUMP_ELEMENT: &str = "Element";

pub(crate) const LOGITS_LEAD: &str = "The model gives a number for each class, its logit: how much speaks for the class, before anything is made into a probability. It may be negative, and only differences between logits count.";
pub(crate) const OUTPUTS_LEAD: &str = "The model gives a number for each class. This one has its softmax inside (output.activation is none): the numbers are probabilities already.";
pub(crate) const PLOT: &str = "The value of each class";
pub(crate) const FIND: &str = "Find a class";
pub(crate) const FIND_HINT: &str = "A number or a part of a name";
pub(crate) const LEAST: &str = "Least";
pub(crate) const GREATEST: &str = "Greatest";
pub(crate) const LARGEST: &str = "The five largest";
pub(crate) const NOTHING_FOUND: &str = "No class has this number or a name with that in it.";

pub(crate) const SOFTMAX_LEAD: &str = "Softmax makes probabilities of logits: e to the power of each, divided by the sum of them all. A temperature T divides the logits first. T = 1 is what every answer uses; a low T makes the model look surer, a high T less sure.";
pub(crate) const FORMULA_READ: &str = "p i equals e to the power of z i minus the maximum of z, over T, divided by the sum over all classes j of e to the power of z j minus the maximum of z, over T.";
pub(crate) const WHY_MAX: &str = "The greatest logit is subtracted first. That changes nothing, since it is one factor above and below the line, and it keeps e to a large power from overflowing.";
pub(crate) const TEMPERATURE: &str = "Temperature T";
pub(crate) const RESET: &str = "Reset to 1";
pub(crate) const IS_NOT_ANSWER: &str = "The order never changes, whatever T is.";
pub(crate) const NO_SOFTMAX: &str = "This model gives probabilities itself: its softmax is a part of the graph, and output.activation in its configuration is none. There is nothing to do here, and no temperature to move.";

pub(crate) const LABELS_LEAD: &str = "The classes are sorted by their probability. The number of a class says which line of labels.txt names it: counting begins at 0 for classes and at 1 for lines.";
pub(crate) const RANK: &str = "Rank";
pub(crate) const CLASS: &str = "Class";
pub(crate) const LINE: &str = "Line";
pub(crate) const LABEL: &str = "Label";
pub(crate) const LOGIT: &str = "Logit";
pub(crate) const PROBABILITY: &str = "Probability";

/// That it was not sent: a photo goes as `sent` on this page, and here as what the model takes.
pub(crate) fn not_sent(sent: DataType, taken: DataType) -> &'static str {
    match (sent, taken) {
        (DataType::Uint8, DataType::Fp32) => {
            "Nothing has been sent yet. Photos on this page go as bytes of a quarter of this size, and the server normalises them; here you send the model's own numbers."
        }
        (_, DataType::Fp32) => {
            "Nothing has been sent yet. By your settings, photos on this page go as these same numbers."
        }
        _ => {
            "Nothing has been sent yet. The model takes bytes, so photos on this page go as these same ones."
        }
    }
}

/// What the button says that sends the request.
pub(crate) fn send(bytes: usize) -> String {
    format!("Send it ({})", kilobytes(bytes))
}

/// What the button says that saves the request's body.
pub(crate) fn save(file: &str, bytes: usize) -> String {
    format!("Save {file} ({})", kilobytes(bytes))
}

/// What became of the request.
pub(crate) fn answered(status: u16, took: &str) -> String {
    format!("Answered with status {status} after {took}.")
}

/// The heading over a JSON header.
pub(crate) fn json_header(bytes: usize) -> String {
    format!("{JSON}: {} bytes", grouped(bytes))
}

/// The heading over a tensor's bytes.
pub(crate) fn tensor(bytes: usize, from: usize) -> String {
    format!(
        "Tensor: {} bytes, from byte {}",
        grouped(bytes),
        grouped(from)
    )
}

/// What stands between the first and the last rows of a tensor.
pub(crate) fn more_numbers(count: usize) -> String {
    format!("{} more numbers", grouped(count))
}

/// A refusal that came without a reason.
pub(crate) fn status(status: u16) -> String {
    format!("The server refused the request (HTTP status {status}).")
}

/// What an HTTP header means.
pub(crate) fn header(name: &str) -> &'static str {
    match name.to_ascii_lowercase().as_str() {
        "content-type" => "The body is bytes: JSON and a tensor, and no text as a whole.",
        "content-length" => "Bytes of the whole body.",
        "content-encoding" => {
            "The body was compressed on its way and is shown unpacked; Content-Length, if there is one, counts the compressed bytes."
        }
        "inference-header-content-length" => {
            "Where the JSON ends and the tensor begins, in bytes. It belongs to Triton's binary extension."
        }
        "server-timing" => "How long the server's parts took, milliseconds.",
        "x-request-id" => "The number under which the server's log has this request.",
        _ => "",
    }
}

/// What a request line means.
pub(crate) const POST: &str =
    "infer runs the model that the address names, in its newest version that is ready.";

/// What a status means.
pub(crate) const OK: &str = "The model has run.";

/// What a field of a JSON header means; `layout` is the input's.
pub(crate) fn field(field: &Field, layout: Layout) -> &'static str {
    match field.path.as_str() {
        "inputs" => "The tensors that come with the request; one here.",
        "inputs.name" => "The input's name, from config.pbtxt.",
        "inputs.shape" => match layout {
            Layout::Nchw => "One photo, three channels, so many rows, so many columns.",
            Layout::Nhwc => "One photo, so many rows, so many columns, three channels.",
        },
        "inputs.datatype" | "outputs.datatype" if field.value == "UINT8" => {
            "What each number is: UINT8 is a byte, from 0 to 255."
        }
        "inputs.datatype" | "outputs.datatype" => {
            "What each number is: FP32 has 4 bytes, the lowest first (little-endian)."
        }
        "inputs.parameters" | "outputs.parameters" => "Extensions of the protocol.",
        "inputs.parameters.binary_data_size" => {
            "The values are not in the JSON: they are the next so many bytes behind it."
        }
        "outputs.parameters.binary_data_size" => {
            "The values are the next so many bytes behind the JSON."
        }
        "outputs" => "The tensors that are asked for, or that came back.",
        "outputs.name" => "The output's name, from config.pbtxt.",
        "outputs.parameters.binary_data" => "The values are wanted as bytes, not as JSON numbers.",
        "outputs.shape" => "One photo, so many classes.",
        "outputs.data" => "The values themselves, as JSON numbers.",
        "model_name" => "The model that ran.",
        "model_version" => "The version of it that ran: the number of its folder.",
        "id" => "The client's own name for the request.",
        "parameters" => "Extensions that concern the whole message.",
        _ => "",
    }
}

/// The least or the greatest value, and whose it is.
pub(crate) fn value_of(value: &str, class: &str) -> String {
    format!("{value} ({class})")
}

/// A class in words.
pub(crate) fn class(index: usize, label: Option<&str>) -> String {
    match label {
        Some(label) => format!("class {index}, {label}"),
        None => format!("class {index}"),
    }
}

/// What the probabilities at temperature 1 are to the photo's answer, where it has one.
pub(crate) fn at_one(agreement: Option<&Agreement>) -> String {
    match agreement.map(difference) {
        None => "T = 1 is the temperature of every answer.".to_owned(),
        Some(None) => "At T = 1 these are the answer's probabilities.".to_owned(),
        Some(Some(difference)) => difference,
    }
}

/// What the five best are to the photo's answer.
pub(crate) fn five_best(agreement: &Agreement) -> String {
    difference(agreement).unwrap_or_else(|| {
        "The same five as in the answer, in the same order, with the same probabilities.".to_owned()
    })
}

/// Why an answer is another, or in what; `None` where it is the same.
fn difference(agreement: &Agreement) -> Option<String> {
    Some(match agreement {
        Agreement::Same => return None,
        Agreement::OtherModel(title) => {
            format!("The photo's answer is another model's, {title}: it is not of these numbers.")
        }
        Agreement::OtherSquare => {
            "The photo's answer is of another square of the photo: it is not of these numbers."
                .to_owned()
        }
        Agreement::OtherClasses => {
            "The photo's answer names other classes, or these in another order.".to_owned()
        }
        Agreement::OtherShares(most) => format!(
            "The same classes as in the answer; its probabilities differ from these by up to {:.4} percentage points.",
            100.0 * most
        ),
    })
}

/// How unsure a distribution is: its entropy, and the number of equal classes that would be as unsure.
pub(crate) fn entropy(bits: f64) -> String {
    format!(
        "Entropy {bits:.2} bits: as unsure as a choice between {:.1} equal classes.",
        bits.exp2()
    )
}

/// A temperature.
pub(crate) fn temperature(value: f64) -> String {
    match value {
        10.0.. => format!("{value:.0}"),
        _ => format!("{value:.2}"),
    }
}

/// A share as exact as it can be told from its neighbours.
pub(crate) fn share(share: f64) -> String {
    format!("{:.4} %", 100.0 * share)
}

/// A number as its bytes have it: the shortest text that makes the same float.
pub(crate) fn float(value: f32) -> String {
    match value.abs() {
        small if small > 0.0 && small < 1e-4 => format!("{value:e}"),
        _ => value.to_string(),
    }
}

fn kilobytes(bytes: usize) -> String {
    format!("{:.0} kB", bytes as f64 / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_is_told_in_the_layouts_order() {
        let shape = Field {
            path: "inputs.shape".into(),
            value: "1, 2, 2, 3".into(),
        };
        assert!(field(&shape, Layout::Nchw).starts_with("One photo, three channels,"));
        assert!(field(&shape, Layout::Nhwc).ends_with("columns, three channels."));
    }

    #[test]
    fn only_the_same_numbers_are_said_to_be_the_answers() {
        assert!(at_one(Some(&Agreement::Same)).contains("these are the answer's"));
        for other in [None, Some(&Agreement::OtherSquare)] {
            assert!(!at_one(other).contains("these are the answer's"));
        }
        assert!(five_best(&Agreement::OtherShares(0.0123)).contains("up to 1.2300 percentage"));
        assert!(five_best(&Agreement::Same).starts_with("The same five"));
    }

    #[test]
    fn a_datatype_is_told_by_its_name() {
        let note = |value: &str| {
            let datatype = Field {
                path: "inputs.datatype".into(),
                value: value.into(),
            };
            field(&datatype, Layout::Nchw)
        };
        assert!(note("FP32").contains("4 bytes") && note("UINT8").contains("0 to 255"));
    }

    #[test]
    fn numbers_read_well_and_stay_exact() {
        assert_eq!(grouped(602_286), "602,286");
        assert_eq!(grouped(174), "174");
        assert_eq!(float(0.335_937_5), "0.3359375");
        assert_eq!(float(-1.2e-7), "-1.2e-7");
        assert_eq!(send(602_286), "Send it (602 kB)");
        assert_eq!(
            [0.1, 0.95, 1.0, 2.5, 10.0].map(temperature),
            ["0.10", "0.95", "1.00", "2.50", "10"]
        );
    }
}
