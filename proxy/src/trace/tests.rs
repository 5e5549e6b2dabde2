//! The cases of the recommendation, and of the test suite beside it.

use super::*;

const TRACE: u128 = 0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c;
const GOOD: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

fn of(values: &[&str]) -> Trace {
    let mut headers = HeaderMap::new();
    for value in values {
        headers.append(TRACEPARENT, HeaderValue::from_str(value).unwrap());
    }
    Trace::of(&headers, false)
}

#[test]
fn the_callers_trace_goes_on_under_a_span_of_our_own() {
    let trace = of(&[GOOD]);
    assert_eq!(
        (trace.id, trace.parent),
        (TRACE, Some(0xb7ad_6b71_6920_3331))
    );
    assert!(trace.is_sampled);
    assert_ne!(trace.span, 0xb7ad_6b71_6920_3331);
    let told = trace.traceparent();
    let ours = format!("00-0af7651916cd43dd8448eb211c80319c-{:016x}-01", trace.span);
    assert_eq!(told, ours);
    assert_eq!(trace.hex().to_string(), "0af7651916cd43dd8448eb211c80319c");
}

#[test]
fn of_the_flags_only_sampled_is_known() {
    let with = |flags: &str| of(&[&format!("{}{flags}", &GOOD[..53])]);
    for (flags, is_sampled) in [("00", false), ("02", false), ("03", true), ("ff", true)] {
        let trace = with(flags);
        assert_eq!((trace.id, trace.is_sampled), (TRACE, is_sampled), "{flags}");
        let told = trace.traceparent();
        let ours = if is_sampled { "-01" } else { "-00" };
        assert!(told.to_str().unwrap().ends_with(ours), "{told:?}");
    }
}

#[test]
fn a_later_version_is_read_as_far_as_it_is_known() {
    for good in [
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-the-future-will-be-like",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
    ] {
        assert_eq!(of(&[good]).id, TRACE, "{good}");
    }
}

#[test]
fn what_is_not_in_order_begins_another_trace() {
    for wrong in [
        "",
        "00",
        // All zero.
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        // No such version, or one that has more behind than it may.
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-the-future-will-be-like",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.what-the-future-will-not-be-like",
        // Capitals, and what are no digits at all.
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-B7AD6B7169203331-01",
        "0x-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-.af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333.-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0.",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0A",
        "+0-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        // Too short, too long, or without its dashes.
        "0-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "000-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c0-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b71692033311-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-001",
        "00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-01",
        " 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01,",
    ] {
        let trace = of(&[wrong]);
        assert_ne!(trace.id, TRACE, "{wrong}");
        assert_eq!((trace.parent, trace.is_sampled), (None, false), "{wrong}");
    }
}

#[test]
fn two_of_them_are_none() {
    let other = "00-12345678901234567890123456789012-1234567890123456-00";
    for both in [[GOOD, other], [GOOD, GOOD]] {
        assert_eq!(of(&both).parent, None);
    }
}

#[test]
fn a_new_trace_is_unlike_the_one_before_and_recorded_where_somebody_records() {
    let (one, two) = (of(&[]), of(&[]));
    assert!(one.id != two.id && one.span != two.span);
    assert!(one.id != 0 && one.span != 0 && one.id >> 64 != 0);
    assert!(!one.is_sampled && Trace::of(&HeaderMap::new(), true).is_sampled);
}

#[tokio::test]
async fn a_task_knows_the_trace_of_its_request_alone() {
    let trace = of(&[GOOD]);
    assert_eq!(trace.around(async { Trace::current() }).await, Some(trace));
    assert_eq!(Trace::current(), None);
}
