//! `compose.yaml` against what it stands on: `.env.example`, the `Dockerfile`, the folders, and
//! Docker Compose itself where that is.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::root;

/// The laboratory's names.
const LABORATORY: [&str; 5] = ["HTTP_P", "GRPC_P", "PROM_P", "IMAGE", "MODEL_REPOSITORY"];

fn text(file: &str) -> String {
    let path = root().join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The variables that `compose.yaml` reads, each time with its default; none where it must be set.
fn variables() -> Vec<(String, Option<String>)> {
    let compose = text("compose.yaml");
    let inner = |rest: &str| rest.split_once('}').unwrap().0.to_owned();
    let variable = |inner: String| match inner.split_once(":-") {
        Some((name, default)) => (name.to_owned(), Some(default.to_owned())),
        None => (inner.split(":?").next().unwrap().to_owned(), None),
    };
    compose
        .split("${")
        .skip(1)
        .map(inner)
        .map(variable)
        .collect()
}

/// The settings of `.env.example` that are not commented out.
fn example() -> BTreeMap<String, String> {
    let text = text(".env.example");
    let settings = text.lines().filter(|line| !line.starts_with('#'));
    let pair = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    settings
        .filter_map(|line| line.split_once('=').map(pair))
        .collect()
}

#[test]
fn every_variable_has_the_same_default_in_the_example() {
    let example = example();
    for (name, default) in variables() {
        let value = example.get(&name);
        let value = value.unwrap_or_else(|| panic!("{name} is not in .env.example"));
        assert!(
            default.is_none_or(|default| default == *value),
            "{name}={value}"
        );
    }
}

#[test]
fn the_laboratorys_names_are_read_and_listed() {
    let read: Vec<String> = variables().into_iter().map(|(name, _)| name).collect();
    let example = example();
    let script = text("scripts/triton.sh");
    for name in LABORATORY {
        assert!(
            read.iter().any(|other| other == name),
            "compose.yaml: {name}"
        );
        assert!(example.contains_key(name), ".env.example: {name}");
        // `make triton` has no image; a default is the same there.
        if name.ends_with("_P") {
            let default = format!("{name}=${{{name}:-{}}}", example[name]);
            assert!(script.contains(&default), "scripts/triton.sh: {default}");
        }
    }
}

#[test]
fn every_path_is_there() {
    let models = &example()["MODEL_REPOSITORY"];
    assert!(
        models.starts_with("./"),
        "{models} is not relative to compose.yaml"
    );
    assert!(
        root()
            .join(models)
            .join("efficientnet_lite0/config.pbtxt")
            .is_file()
    );
    let dockerfile = text("Dockerfile");
    let (_, steps) = dockerfile.split_once("for step in ").unwrap();
    for step in steps.split_once(';').unwrap().0.split_whitespace() {
        assert!(
            root().join(format!("scripts/setup/{step}.sh")).is_file(),
            "{step}"
        );
    }
    assert!(dockerfile.contains("scripts/build-page.sh"));
    assert!(root().join("scripts/build-page.sh").is_file());
}

/// Inside the image `conch` listens on one port; compose publishes it, its health check asks it.
#[test]
fn the_ports_of_image_and_compose_are_the_same() {
    let (compose, dockerfile) = (text("compose.yaml"), text("Dockerfile"));
    for line in [
        "CONCH_BIND=0.0.0.0:8080",
        "EXPOSE 8080",
        "http://127.0.0.1:8080",
    ] {
        assert!(dockerfile.contains(line), "Dockerfile: {line}");
    }
    let published = format!("${{CONCH_BIND:-{}}}:8080", example()["CONCH_BIND"]);
    assert!(compose.contains(&published), "compose.yaml: {published}");
}

/// As Docker Compose reads the file.
#[test]
fn docker_compose_accepts_it_and_triton_is_shut_in() {
    let compose = |arguments: &[&str]| {
        let mut command = Command::new("docker");
        command.arg("compose").args(arguments).current_dir(root());
        // The shell's variables count for more than the file's.
        for (name, _) in variables() {
            command.env_remove(name);
        }
        command.output()
    };
    if !compose(&["version"]).is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: there is no `docker compose` here");
        return;
    }
    let arguments = ["--env-file", ".env.example", "config", "--format", "json"];
    let output = compose(&arguments).unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let config: Value = serde_json::from_slice(&output.stdout).unwrap();
    let services = &config["services"];
    for name in ["triton", "conch"] {
        let service = &services[name];
        assert_eq!(service["read_only"], true, "{name}");
        assert_eq!(service["cap_drop"], json!(["ALL"]), "{name}");
        assert_eq!(
            service["security_opt"],
            json!(["no-new-privileges:true"]),
            "{name}"
        );
        assert_eq!(service["volumes"][0]["read_only"], true, "{name}");
        assert!(service["healthcheck"]["test"].is_array(), "{name}");
    }
    let triton = &services["triton"];
    assert_eq!(triton["user"], "1000:1000");
    assert_eq!(triton["ports"], Value::Null);
    assert_eq!(triton["networks"], json!({ "inside": null }));
    assert_eq!(config["networks"]["inside"]["internal"], true);
    let line = triton["command"][2].as_str().unwrap();
    for part in [
        "closed=\"shared-memory,trace,logging:",
        "--model-control-mode=none",
        "--http-restricted-api=",
        "--grpc-restricted-protocol=",
        "--http-port=8000",
    ] {
        assert!(line.contains(part), "{part}: {line}");
    }
    assert!(
        triton["healthcheck"]["test"]
            .to_string()
            .contains("127.0.0.1:8000/v2/health/ready")
    );
    let conch = &services["conch"];
    assert_eq!(conch["environment"]["CONCH_TRITON"], "http://triton:8000");
    assert_eq!(conch["ports"][0]["host_ip"], "127.0.0.1");
}
