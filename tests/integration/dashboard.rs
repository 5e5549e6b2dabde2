//! Every query of the Grafana dashboard asks for metrics and labels that there are.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Body;
use http::Request;
use serde_json::Value;

use crate::support::fake_triton::{FakeTriton, INFER, Reply};
use crate::support::{Exposition, OverTriton, Query, TestServer, Tiny, plain, root};

/// Labels that Prometheus itself puts on whatever it scrapes.
const OF_PROMETHEUS: [&str; 2] = ["instance", "job"];

/// The functions that the queries use; another one is a name that somebody mistyped, or belongs here.
const FUNCTIONS: [&str; 8] = [
    "count",
    "histogram_quantile",
    "max",
    "min",
    "rate",
    "sum",
    "time",
    "vector",
];

/// A panel's query, and the legend of its lines.
struct Target {
    expr: String,
    legend: String,
}

fn dashboard() -> Value {
    let file = root().join("deploy/grafana/conch.json");
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

fn targets(dashboard: &Value) -> Vec<Target> {
    let panels = dashboard["panels"].as_array().unwrap();
    let of_panel = |panel: &Value| panel["targets"].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let target = |target: Value| Target {
        expr: text(&target["expr"]),
        legend: text(&target["legendFormat"]),
    };
    panels.iter().flat_map(of_panel).map(target).collect()
}

/// What both backends show after all that the dashboard tells of has happened.
async fn exposed() -> Vec<Exposition> {
    let embedded = TestServer::over(Arc::new(Tiny::default().engine()), &[]);
    embedded.classify("tiny", "input", &plain(2, 0.5)).await;
    let (one, two) = (FakeTriton::start().await, FakeTriton::start().await);
    let triton = OverTriton::at(&[one.url(), two.url()], &[]).await;
    triton.classifies_well().await;
    for fake in [&one, &two] {
        fake.says(INFER, Reply::error(503, "Exceeds maximum queue size"));
    }
    let shed = triton.classify(1).await;
    shed.assert_problem(503, "overloaded");
    let mut read = Vec::new();
    for server in [&embedded, &triton.server] {
        let answer = server.send(Request::get("/metrics"), Body::empty()).await;
        read.push(Exposition::parse(answer.text()));
    }
    read
}

/// The labels of a metric's series, and what this one has for values.
fn values<'a>(exposed: &'a [Exposition], metric: &str, label: &str) -> BTreeSet<&'a str> {
    let samples = exposed.iter().flat_map(|exposition| &exposition.samples);
    let named = samples.filter(|sample| sample.name == metric);
    named.filter_map(|sample| sample.label(label)).collect()
}

#[tokio::test]
async fn every_query_finds_its_metrics_and_labels() {
    let exposed = exposed().await;
    let targets = targets(&dashboard());
    assert!(targets.len() > 20, "the dashboard's panels are not found");
    for Target { expr, legend } in &targets {
        let query = Query::parse(expr);
        assert!(!query.selectors.is_empty(), "{expr}");
        for function in &query.functions {
            assert!(FUNCTIONS.contains(&function.as_str()), "{function}: {expr}");
        }
        for selector in &query.selectors {
            let metric = &selector.metric;
            if !cfg!(target_os = "linux") && metric.starts_with("process_") {
                continue; // Only Linux tells them.
            }
            let samples = exposed.iter().flat_map(|e| &e.samples);
            let is_there = samples.filter(|s| s.name == *metric).count() > 0;
            assert!(is_there, "there is no metric {metric}: {expr}");
            let counts = ["_total", "_bucket", "_sum", "_count"];
            let counts = counts.iter().any(|suffix| metric.ends_with(suffix));
            assert_eq!(counts, selector.within == "rate", "{metric}: {expr}");
            for (label, operator, value) in &selector.matchers {
                if OF_PROMETHEUS.contains(&label.as_str()) {
                    continue;
                }
                let known = values(&exposed, metric, label);
                assert!(!known.is_empty(), "{metric} has no label {label}: {expr}");
                if !operator.contains('~') {
                    assert!(known.contains(value.as_str()), "{label}: {known:?}: {expr}");
                }
            }
            for label in &query.groups {
                let ours = !OF_PROMETHEUS.contains(&label.as_str());
                let found = !ours || !values(&exposed, metric, label).is_empty();
                assert!(found, "{metric} has no label {label}: {expr}");
            }
        }
        let buckets = query
            .selectors
            .iter()
            .all(|s| s.metric.ends_with("_bucket"));
        let quantile = query.functions.iter().any(|f| f == "histogram_quantile");
        assert_eq!(quantile, buckets, "{expr}");
        assert_eq!(
            quantile,
            query.groups.iter().any(|group| group == "le"),
            "{expr}"
        );
        // A legend names what the query keeps, or there would be lines without a name.
        for part in legend.split("{{").skip(1) {
            let label = part.split_once("}}").unwrap().0;
            let kept = query.groups.iter().any(|group| group == label);
            assert!(kept, "{legend}: {expr}");
        }
    }
}

#[tokio::test]
async fn every_metric_of_ours_is_on_the_dashboard() {
    let shown: BTreeSet<String> = targets(&dashboard())
        .iter()
        .flat_map(|target| Query::parse(&target.expr).selectors)
        .map(|selector| selector.metric)
        .collect();
    for exposition in exposed().await {
        for (family, kind) in &exposition.kinds {
            let is_shown = match kind.as_str() {
                "histogram" => shown.iter().any(|metric| {
                    let suffix = metric.strip_prefix(family.as_str());
                    suffix.is_some_and(|suffix| ["_bucket", "_sum", "_count"].contains(&suffix))
                }),
                _ => shown.contains(family),
            };
            assert!(
                is_shown,
                "no panel of deploy/grafana/conch.json shows {family}"
            );
        }
    }
}

#[test]
fn panels_do_not_lie_on_each_other() {
    let dashboard = dashboard();
    let mut taken = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for panel in dashboard["panels"].as_array().unwrap() {
        let title = &panel["title"];
        assert!(ids.insert(panel["id"].as_u64().unwrap()), "{title}");
        let [x, y, w, h] = ["x", "y", "w", "h"].map(|at| panel["gridPos"][at].as_u64().unwrap());
        assert!(x + w <= 24, "{title}");
        for cell in (x..x + w).flat_map(|x| (y..y + h).map(move |y| (x, y))) {
            assert!(taken.insert(cell), "{title} lies on another panel");
        }
    }
}
