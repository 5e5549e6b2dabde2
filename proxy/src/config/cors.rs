use http::HeaderValue;

/// Which other sites' pages may use the API.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Other origins")]
pub struct CorsArgs {
    /// Origin whose pages may call the API, as scheme://host or scheme://host:port; repeat
    /// for more, in the variable between commas; none unless given
    #[arg(
        long,
        env = "CONCH_CORS_ORIGIN",
        value_name = "ORIGIN",
        value_delimiter = ',',
        value_parser = origin
    )]
    pub cors_origin: Vec<HeaderValue>,
}

/// An origin as browsers send it (RFC 6454, section 6.2): no path, not even a slash at the end.
fn origin(text: &str) -> Result<HeaderValue, String> {
    let expected = || "expected scheme://host or scheme://host:port, without a path".to_owned();
    let uri: http::Uri = text
        .parse()
        .map_err(|_invalid: http::uri::InvalidUri| expected())?;
    let whole = match (uri.scheme_str(), uri.authority()) {
        (Some(scheme), Some(authority)) => format!("{scheme}://{authority}"),
        _ => return Err(expected()),
    };
    if whole != text {
        return Err(expected());
    }
    HeaderValue::from_str(text).map_err(|error| error.to_string())
}
