use reqwest::Url;

/// Who is told how each request went.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Traces")]
pub struct TracesArgs {
    /// Address of an OpenTelemetry collector, http://host:port, which is sent a span of every
    /// request: OTLP over HTTP, in JSON, to /v1/traces there
    #[arg(
        long,
        env = "CONCH_OTLP_ENDPOINT",
        value_name = "URL",
        value_parser = collector
    )]
    pub otlp_endpoint: Option<Url>,
}

fn collector(text: &str) -> Result<Url, String> {
    let expected =
        |found: &str| format!("expected http://host:port, as in http://127.0.0.1:4318; {found}");
    let url: Url = text.parse().map_err(|e| expected(&format!("{e}")))?;
    match url.scheme() {
        "http" => {}
        "https" => {
            return Err(expected(
                "https is not spoken: put a collector on this machine, which speaks it to others",
            ));
        }
        scheme => return Err(expected(&format!("found {scheme}://"))),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(expected("found a user name in it"));
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(expected("found something behind the port"));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::collector;

    #[test]
    fn a_collector_is_a_host_and_what_is_wrong_with_another_text_is_said() {
        assert!(collector("http://127.0.0.1:4318").is_ok());
        assert!(collector("http://collector/").is_ok());
        for (wrong, why) in [
            ("127.0.0.1:4318", "expected http://host:port"),
            ("localhost:4318", "found localhost://"),
            ("https://collector:4318", "https is not spoken"),
            ("http://me:secret@collector:4318", "user name"),
            ("http://collector:4318/v1/traces", "behind the port"),
            ("http://collector:4318?x", "behind the port"),
            ("", "expected http://host:port"),
        ] {
            let said = collector(wrong).unwrap_err();
            assert!(said.contains(why), "{wrong}: {said}");
        }
    }
}
