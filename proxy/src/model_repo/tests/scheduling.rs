//! How a model runs, as its config says.

use std::time::Duration;

use super::*;

fn scheduling(more: &str) -> Scheduling {
    only(&repository(&format!("{CONFIG}{more}"))).scheduling
}

#[test]
fn without_a_word_each_request_runs_by_itself_on_one_graph() {
    assert_eq!(
        scheduling(""),
        Scheduling {
            max_batch_size: 8,
            batching: None,
            instances: 1,
            threads: None,
        }
    );
}

#[test]
fn a_batcher_without_preferences_prefers_the_largest_batch() {
    assert_eq!(
        scheduling("dynamic_batching { }").batching,
        Some(Batching {
            preferred: vec![8],
            max_delay: Duration::ZERO,
            queue: QueuePolicy::default(),
        })
    );
}

#[test]
fn every_field_of_the_batcher_is_read() {
    let batching = scheduling(
        "dynamic_batching { preferred_batch_size: [ 4, 2 ] max_queue_delay_microseconds: 100
           default_queue_policy { timeout_action: DELAY default_timeout_microseconds: 5
             allow_timeout_override: true max_queue_size: 16 } }",
    );
    assert_eq!(
        batching.batching,
        Some(Batching {
            preferred: vec![4, 2],
            max_delay: Duration::from_micros(100),
            queue: QueuePolicy {
                max_size: Some(16),
                timeout: Some(Duration::from_micros(5)),
                delay_expired: true,
                allow_override: true,
            },
        })
    );
}

#[test]
fn instances_are_the_sum_of_the_groups() {
    let groups = "instance_group [ { count: 3 kind: KIND_CPU }, { kind: KIND_GPU } ]";
    assert_eq!(scheduling(groups).instances, 4);
}

#[test]
fn threads_are_a_parameter_as_in_triton() {
    let threads = |value: &str| {
        let entry = "parameters { key: \"intra_op_thread_count\" value { string_value: \"N\" } }";
        entry.replace('N', value)
    };
    assert_eq!(scheduling(&threads("2")).threads, Some(2));
    assert_eq!(scheduling(&threads("0")).threads, None);
    assert_eq!(
        unusable(&format!("{CONFIG}{}", threads("many"))),
        "cats/config.pbtxt:7: parameter \"intra_op_thread_count\": expected a number of threads, \
         0 to 1024, found \"many\""
    );
}

#[test]
fn nonsense_is_refused_with_its_line_as_triton_refuses_it() {
    let with = |more: &str| unusable(&format!("{CONFIG}{more}"));
    for size in ["16", "0", "-1"] {
        assert_eq!(
            with(&format!(
                "dynamic_batching {{\n preferred_batch_size: [ 4,\n {size} ] }}"
            )),
            format!(
                "cats/config.pbtxt:9: preferred_batch_size: expected 1 to max_batch_size, which is 8, \
                 found {size}"
            )
        );
    }
    assert_eq!(
        with("instance_group {\n count: -2 }"),
        "cats/config.pbtxt:8: instance_group: expected a count of 0 or more, found -2"
    );
    assert_eq!(
        with("instance_group { count: 60 }\ninstance_group { count: 5 }"),
        "cats/config.pbtxt:8: instance_group: expected at most 64 instances in all, found 65"
    );
}

/// Triton takes it, too, and puts nothing together.
#[test]
fn a_batcher_before_a_graph_without_a_batch_has_no_preferences() {
    let config = CONFIG
        .replace("max_batch_size: 8", "max_batch_size: 0")
        .replace("[ 3, 224, 224 ]", "[ 1, 3, 224, 224 ]");
    let model = only(&repository(&format!("{config}dynamic_batching {{ }}")));
    assert!(model.unusable.is_none());
    assert_eq!(model.scheduling.max_batch_size, 0);
    assert!(model.scheduling.batching.unwrap().preferred.is_empty());
}
