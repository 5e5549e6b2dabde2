use super::*;

#[test]
fn a_refusal_says_what_its_problem_document_says() {
    let body = r#"{"type":"about:blank","title":"Too large","status":413,
        "detail":"expected at most 16 MB, found 20 MB","code":"body_too_large"}"#;
    let said = ApiError::Failed(UserError("Expected at most 16 MB, found 20 MB.".into()));
    assert_eq!(refusal(413, true, body), said);
}

#[test]
fn a_server_that_is_busy_is_not_one_that_refuses() {
    let body = r#"{"type":"about:blank","title":"Too many","status":503,
        "detail":"the queue is full","code":"overloaded"}"#;
    let said = ApiError::Busy(UserError("The queue is full.".into()));
    assert_eq!(refusal(503, true, body), said);
}

#[test]
fn a_photo_is_sent_as_bytes_or_as_floats_of_four_bytes() {
    let model = crate::example::model();
    let pixels = [255; 12];
    let sent = |send| to_send(&model, &pixels, send).unwrap();
    assert_eq!(sent(DataType::Uint8).data()[..], pixels);
    assert_eq!(sent(DataType::Fp32).to_f32().unwrap(), [1.0; 12]);
    assert!(to_send(&model, &pixels[..11], DataType::Uint8).is_err());
    let mut of_bytes = model.clone();
    of_bytes.input.datatype = DataType::Uint8;
    let sent = to_send(&of_bytes, &pixels, DataType::Fp32).unwrap();
    assert_eq!(sent.datatype(), DataType::Uint8);
}

#[test]
fn a_gateway_that_cannot_reach_the_server_means_away() {
    assert_eq!(refusal(502, false, "<html>"), ApiError::ServerAway);
    let said = UserError("The server refused the photo (HTTP status 404).".into());
    assert_eq!(refusal(404, false, ""), ApiError::Failed(said));
}
