//! Graphs of every datatype, layout and batch size that the embedded engine takes. All give the
//! mean of each channel, so that a wrong layout gives wrong numbers.

use conch_proxy::backend::Backend;
use conch_shared::api::Classification;
use conch_shared::model::Layout;
use conch_shared::tensor::{DataType, Shape, Tensor};

use crate::support::{TestServer, Tiny, job, plain, values};

/// Red, green and blue of a photo of one colour, and of another.
const COLOURS: [[u8; 3]; 2] = [[200, 100, 50], [10, 20, 30]];

/// The two photos as pixels, as the page sends them.
fn pixels(layout: Layout) -> Tensor {
    let photo = |colour: [u8; 3]| match layout {
        Layout::Nhwc => colour.repeat(64),
        Layout::Nchw => colour.into_iter().flat_map(|value| [value; 64]).collect(),
    };
    let shape = match layout {
        Layout::Nhwc => [2, 8, 8, 3],
        Layout::Nchw => [2, 3, 8, 8],
    };
    let bytes: Vec<u8> = COLOURS.into_iter().flat_map(photo).collect();
    Tensor::new(DataType::Uint8, Shape::new(shape), bytes).unwrap()
}

/// What the model says of red, green and blue of each photo.
async fn means(tiny: Tiny, photos: &Tensor) -> Vec<Vec<f32>> {
    let conch = TestServer::with(tiny.engine(), &[]);
    let answer = conch.classify("tiny", "input", photos).await;
    let mut results = answer.json::<Classification>().results;
    for photo in &mut results {
        photo.sort_by_key(|prediction| prediction.index);
    }
    let logits = results.into_iter();
    logits
        .map(|photo| photo.iter().map(|p| p.logit).collect())
        .collect()
}

#[tokio::test]
async fn pixels_reach_a_graph_of_pixels_as_they_are() {
    let cases = [
        (Layout::Nchw, "uint8_nchw", "FORMAT_NCHW dims: [ 3, 8, 8 ]"),
        (Layout::Nhwc, "uint8_nhwc", "FORMAT_NHWC dims: [ 8, 8, 3 ]"),
    ];
    for (layout, graph, format) in cases {
        let input = format!("data_type: TYPE_UINT8 format: {format}");
        let tiny = Tiny::default().input(&input).version(1, graph);
        let expected = COLOURS.map(|colour| colour.map(f32::from).to_vec());
        assert_eq!(means(tiny, &pixels(layout)).await, expected, "{graph}");
    }
}

#[tokio::test]
async fn pixels_are_normalised_for_a_graph_of_floats() {
    let cases = [
        (Layout::Nchw, "fp32_nchw", "FORMAT_NCHW dims: [ 3, 8, 8 ]"),
        (Layout::Nhwc, "fp32_nhwc", "FORMAT_NHWC dims: [ 8, 8, 3 ]"),
    ];
    for (layout, graph, format) in cases {
        let input = format!("data_type: TYPE_FP32 format: {format}");
        let tiny = Tiny::default().input(&input).version(1, graph);
        let found = means(tiny, &pixels(layout)).await;
        for (found, colour) in found.iter().zip(COLOURS) {
            for (found, value) in found.iter().zip(colour) {
                let expected = f32::from(value) / 255.0;
                assert!(
                    (found - expected).abs() < 1e-6,
                    "{graph}: {found}, {expected}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_graph_of_one_photo_serves_a_config_of_whole_shapes() {
    let tiny = Tiny::default()
        .scheduling("max_batch_size: 0")
        .input("data_type: TYPE_FP32 dims: [ 1, 3, 8, 8 ]")
        .output("dims: [ 1, 3 ]")
        .version(1, "fp32_nchw_batch_1");
    let engine = tiny.engine();
    let tiny = engine.model("tiny").await.unwrap();
    let inference = engine
        .infer(&tiny, None, job(&plain(1, 0.5)))
        .await
        .unwrap();
    assert_eq!(inference.outputs[0].tensor.shape().dims(), [1, 3]);
    assert_eq!(values(&inference.outputs), [0.5; 3]);
    let counted = engine.statistics(None).await.unwrap().remove(0);
    assert_eq!((counted.inference_count, counted.execution_count), (1, 1));
    assert_eq!(counted.batch_stats[0].batch_size, 1);
}

#[tokio::test]
async fn a_graph_of_one_photo_is_refused_where_the_config_promises_batches() {
    let tiny = Tiny::default().version(1, "fp32_nchw_batch_1");
    let message = tiny.try_engine().err().unwrap().to_string();
    assert!(
        message.contains(
            "max_batch_size is 8, and the ONNX file takes no batch: its dimensions are [1, 3, 8, 8]"
        ),
        "{message}"
    );
}

#[tokio::test]
async fn the_output_has_the_configs_shape_where_it_is_another_than_the_graphs() {
    let tiny = Tiny::default().output("dims: [ 3, 1 ] reshape: { shape: [ 3 ] }");
    let engine = tiny.engine();
    let tiny = engine.model("tiny").await.unwrap();
    let inference = engine
        .infer(&tiny, None, job(&plain(2, 1.0)))
        .await
        .unwrap();
    assert_eq!(inference.outputs[0].tensor.shape().dims(), [2, 3, 1]);
}
