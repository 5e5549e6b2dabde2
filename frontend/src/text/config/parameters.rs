//! The entries of `parameters`: Conch's own and the ONNX Runtime backend's.

/// What an entry of this key means.
pub(super) fn meaning(key: &str) -> &'static str {
    match key {
        "preprocess.resize" => {
            "Conch's: the photo's shortest side after the resize, in pixels, before the crop."
        }
        "preprocess.crop" => {
            "Conch's: the side of the square that is cut out of the middle, in pixels; the input's rows and columns."
        }
        "preprocess.interpolation" => {
            "Conch's: how the resize weighs pixels. bilinear is Pillow's triangle filter."
        }
        "preprocess.mean" => {
            "Conch's: the mean that is subtracted from each channel, of values from 0 to 1. It is the one that the model was trained with."
        }
        "preprocess.std" => {
            "Conch's: the standard deviation that each channel is divided by after that."
        }
        "preprocess.channels" => {
            "Conch's: the order of the colours in the tensor. RGB has red first, BGR blue."
        }
        "output.activation" => {
            "Conch's: what turns the output into probabilities. softmax: the model gives logits. none: it gives probabilities itself."
        }
        "display.title" => "Conch's: the name that people see.",
        "display.description" => "Conch's: a sentence on what the model is.",
        "display.source" => "Conch's: where the weights come from.",
        "display.license" => "Conch's: under which licence the weights are.",
        "intra_op_thread_count" => {
            "ONNX Runtime's: so many threads share one operation of the graph."
        }
        "inter_op_thread_count" => {
            "ONNX Runtime's: so many operations of the graph may run at the same time, where execution_mode allows it."
        }
        "execution_mode" => {
            "ONNX Runtime's: whether operations run one after the other (0) or side by side (1)."
        }
        _ => {
            "A key and a text for the model's backend or for other programs. It is not Conch's, and this page has no note on it."
        }
    }
}
