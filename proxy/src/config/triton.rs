use std::time::Duration;

use http::Uri;
use reqwest::Url;

/// The Triton servers that run the models.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Triton")]
pub struct TritonArgs {
    /// Triton's HTTP address, http://host:port; it runs the models then, not this process; repeat
    /// for more replicas, in the variable between commas
    #[arg(
        long,
        env = "CONCH_TRITON",
        value_name = "URL",
        value_delimiter = ',',
        value_parser = address
    )]
    pub triton: Vec<Url>,

    /// Time that an inference gets, a second try on another replica included, in seconds
    #[arg(
        long,
        env = "CONCH_TRITON_TIMEOUT",
        value_name = "SECONDS",
        default_value = "10",
        value_parser = seconds
    )]
    pub triton_timeout: Duration,

    /// Time between two looks at a replica's health, in milliseconds
    #[arg(
        long,
        env = "CONCH_TRITON_HEALTH_INTERVAL",
        value_name = "MILLISECONDS",
        default_value = "500",
        value_parser = milliseconds
    )]
    pub triton_health_interval: Duration,
}

/// An address like `http://127.0.0.1:8000`. The port must be there: Triton's is never HTTP's own,
/// and who forgets it would wait for an answer from somebody else.
fn address(text: &str) -> Result<Url, String> {
    let expected = |found: &str| {
        Err(format!(
            "expected http://host:port, as in http://127.0.0.1:8000; {found}"
        ))
    };
    if text.trim().is_empty() {
        return expected(
            "found nothing; to run the models in this process, leave --triton out and \
             CONCH_TRITON unset",
        );
    }
    let Ok(uri) = text.trim().parse::<Uri>() else {
        return expected("this is no address");
    };
    match uri.scheme_str() {
        Some("http") => {}
        Some("https") => {
            return expected(
                "https is not spoken: put Triton and conch on one network that is not shared, \
                 or a proxy that speaks TLS between them",
            );
        }
        Some(scheme) => return expected(&format!("found {scheme}://")),
        None => return expected("the http:// in front is missing"),
    }
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    if authority.contains('@') {
        return expected("found a user name in it");
    }
    if uri.port_u16().is_none_or(|port| port == 0) {
        return expected("there is no port from 1 to 65535");
    }
    if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
        return expected("found something behind the port");
    }
    format!("http://{authority}/")
        .parse()
        .or_else(|error| expected(&format!("{error}")))
}

/// A time of up to an hour.
fn seconds(text: &str) -> Result<Duration, String> {
    const LONGEST: f64 = 3600.0;
    match text.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds <= LONGEST => Ok(Duration::from_secs_f64(seconds)),
        _ => Err(format!(
            "expected seconds, more than 0 and at most {LONGEST}"
        )),
    }
}

/// A time of up to a minute; less than 10 milliseconds would keep both sides busy.
fn milliseconds(text: &str) -> Result<Duration, String> {
    match text.parse() {
        Ok(milliseconds @ 10..=60_000) => Ok(Duration::from_millis(milliseconds)),
        _ => Err("expected milliseconds, 10 to 60000".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_host_and_port() {
        for good in [
            "http://127.0.0.1:8000",
            "http://triton:8000/",
            "http://[::1]:8000",
            "http://triton:80",
        ] {
            assert!(address(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn what_is_wrong_with_an_address_is_said() {
        for (wrong, why) in [
            ("127.0.0.1:8000", "http:// in front is missing"),
            ("https://triton:8000", "https is not spoken"),
            ("grpc://triton:8001", "found grpc://"),
            ("http://triton", "no port"),
            ("http://triton:0", "no port"),
            ("http://me:secret@triton:8000", "user name"),
            ("http://triton:8000/v2", "behind the port"),
            ("http://triton:8000?x", "behind the port"),
            ("http://tri ton:8000", "no address"),
            ("http://triton:99999", "no port"),
            ("", "CONCH_TRITON unset"),
        ] {
            let said = address(wrong).unwrap_err();
            assert!(said.contains(why), "{wrong}: {said}");
            assert!(said.starts_with("expected http://host:port"), "{said}");
        }
    }

    #[test]
    fn times_have_bounds() {
        assert_eq!(seconds("0.5"), Ok(Duration::from_millis(500)));
        for wrong in ["0", "-1", "nan", "inf", "3601", "ten"] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
        assert_eq!(milliseconds("500"), Ok(Duration::from_millis(500)));
        for wrong in ["0", "9", "60001", "1.5"] {
            assert!(milliseconds(wrong).is_err(), "{wrong}");
        }
    }
}
