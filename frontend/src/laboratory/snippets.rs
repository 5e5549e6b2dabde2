//! The request as commands that somebody can run: with curl, and with NVIDIA's client in Python.
//! Both read the request's body from the file that the page saves.

use conch_shared::tensor::DataType;

use crate::services::v2::infer::Outgoing;

/// The file that holds the request's body.
pub(crate) const FILE: &str = "request.bin";

/// For a shell.
pub(crate) fn curl(request: &Outgoing) -> String {
    format!(
        "curl --data-binary @{FILE} \\\n  \
           -H 'Content-Type: application/octet-stream' \\\n  \
           -H 'Inference-Header-Content-Length: {}' \\\n  \
           --output response.bin --dump-header - \\\n  \
           '{}{}'\n",
        request.header_len,
        request.origin,
        // A name's apostrophe, which stays one in an address, would end the quotes.
        request.path.replace('\'', "%27"),
    )
}

/// For Python: `pip install tritonclient[http]`.
pub(crate) fn python(request: &Outgoing) -> String {
    let (scheme, host) = request.origin.split_once("://").unwrap_or_default();
    let ssl = if scheme == "https" { ", ssl=True" } else { "" };
    let shape: Vec<String> = request.shape.iter().map(usize::to_string).collect();
    let shape = shape.join(", ");
    let numpy = match request.datatype {
        DataType::Uint8 => "u1",
        _ => "<f4",
    };
    format!(
        "import numpy as np\n\
         import tritonclient.http as httpclient\n\n\
         with open(\"{FILE}\", \"rb\") as file:\n    \
             body = file.read()\n\
         # The tensor stands behind {length} bytes of JSON.\n\
         tensor = np.frombuffer(body, \"{numpy}\", offset={length}).reshape({shape})\n\n\
         client = httpclient.InferenceServerClient({host}{ssl})\n\
         photo = httpclient.InferInput({input}, tensor.shape, \"{datatype}\")\n\
         photo.set_data_from_numpy(tensor)\n\
         wanted = httpclient.InferRequestedOutput({output})\n\
         answer = client.infer({model}, [photo], outputs=[wanted])\n\
         logits = answer.as_numpy({output})[0]\n\
         print(logits.argmax(), logits.max())\n",
        length = request.header_len,
        datatype = request.datatype,
        host = literal(host),
        input = literal(&request.input),
        output = literal(&request.output),
        model = literal(&request.model),
    )
}

/// A text in quotes, for Python. Names of models and tensors have no control characters.
fn literal(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        if matches!(letter, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(letter);
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn request() -> Outgoing {
        Outgoing {
            origin: "https://conch.example:8443".into(),
            path: "/v2/models/it's/infer".into(),
            model: "it's \"\\".into(),
            input: "input".into(),
            datatype: DataType::Fp32,
            shape: vec![1, 3, 2, 2],
            output: "output".into(),
            header_len: 174,
            body: Bytes::new(),
        }
    }

    #[test]
    fn a_shell_reads_the_address_as_it_is() {
        let curl = curl(&request());
        assert!(
            curl.ends_with("'https://conch.example:8443/v2/models/it%27s/infer'\n"),
            "{curl}"
        );
        assert!(curl.contains("-H 'Inference-Header-Content-Length: 174' \\\n"));
    }

    #[test]
    fn python_reads_the_tensors_datatype() {
        let of_bytes = Outgoing {
            datatype: DataType::Uint8,
            ..request()
        };
        let python = python(&of_bytes);
        assert!(
            python.contains("np.frombuffer(body, \"u1\", offset=174)"),
            "{python}"
        );
        assert!(python.contains("tensor.shape, \"UINT8\")"), "{python}");
    }

    #[test]
    fn python_names_what_the_request_names() {
        let python = python(&request());
        for line in [
            "tensor = np.frombuffer(body, \"<f4\", offset=174).reshape(1, 3, 2, 2)",
            "client = httpclient.InferenceServerClient(\"conch.example:8443\", ssl=True)",
            "answer = client.infer(\"it's \\\"\\\\\", [photo], outputs=[wanted])",
        ] {
            assert!(
                python.lines().any(|found| found == line),
                "{line}\n{python}"
            );
        }
    }
}
