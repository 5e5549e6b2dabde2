//! Who may do what.
//!
//! | module | subject |
//! | --- | --- |
//! | [`hosts`] | by which names this server may be reached |
//! | [`tokens`] | who knows a token |

pub mod hosts;
pub mod tokens;

use std::net::IpAddr;
use std::sync::Arc;

use anyhow::Context;
use http::header::{AUTHORIZATION, ORIGIN};
use http::{HeaderMap, HeaderValue, Method, Uri};
use ipnet::IpNet;

use crate::config::ServeArgs;
use crate::error::ApiError;
use crate::lan::Lan;
use hosts::Hosts;
use tokens::Tokens;

/// The rules of a server.
pub struct Access {
    hosts: Hosts,
    origins: Vec<HeaderValue>,
    trusted: Vec<IpNet>,
    tokens: Option<Tokens>,
    public_read: bool,
}

impl Access {
    /// As the options say.
    ///
    /// # Errors
    /// When the file of tokens cannot be read, or holds none.
    pub fn new(args: &ServeArgs, lan: Option<&Arc<Lan>>) -> anyhow::Result<Self> {
        let access = &args.access;
        let tokens = access.token_file.as_deref().map(|path| {
            Tokens::read(path).with_context(|| format!("--token-file {}", path.display()))
        });
        Ok(Self {
            hosts: Hosts::new(&access.host, lan),
            origins: args.cors.cors_origin.clone(),
            trusted: access.trusted_proxy.clone(),
            tokens: tokens.transpose()?,
            public_read: access.public_read,
        })
    }

    /// The proxies whose word counts.
    pub fn trusted(&self) -> &[IpNet] {
        &self.trusted
    }

    /// Looks at everything that a request says of itself.
    ///
    /// # Errors
    /// 421 for a name that is not this server's, 403 for another site's page, 401 without a token.
    pub fn check(
        &self,
        peer: IpAddr,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Result<(), ApiError> {
        // Orchestrators ask by whatever address they have, and learn one word.
        if uri.path().starts_with("/health/") {
            return Ok(());
        }
        let is_trusted = self.trusted.iter().any(|network| network.contains(&peer));
        let authority = hosts::authority(uri, headers, is_trusted);
        self.hosts.check(authority)?;
        // What is shared with the app comes from no page, and is not read here.
        if is_unsafe(method) && uri.path() != "/share" {
            self.check_origin(authority, headers)?;
        }
        let is_api = ["/api/", "/v2", "/metrics"]
            .iter()
            .any(|root| uri.path().starts_with(root));
        let takes_token = is_api && (is_unsafe(method) || !self.public_read);
        match &self.tokens {
            Some(tokens) if takes_token => match tokens.knows(headers.get(AUTHORIZATION)) {
                true => Ok(()),
                false => Err(ApiError::no_token(headers.contains_key(AUTHORIZATION))),
            },
            _ => Ok(()),
        }
    }

    /// Browsers name the page that sends (Fetch, 3.2); programs do not, and can forge it anyway.
    fn check_origin(&self, authority: Option<&str>, headers: &HeaderMap) -> Result<(), ApiError> {
        let Some(origin) = headers.get(ORIGIN) else {
            return Ok(());
        };
        let text = origin.to_str().unwrap_or_default();
        // Not the scheme: a proxy in front of us may speak HTTPS where we do not.
        let own = text.split_once("://").map(|(_scheme, authority)| authority);
        let is_own = own.is_some() && own == authority;
        match is_own || self.origins.contains(origin) {
            true => Ok(()),
            false => Err(ApiError::foreign_origin(text)),
        }
    }
}

/// Whether a request does more than read (RFC 9110, 9.2.1).
fn is_unsafe(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}
