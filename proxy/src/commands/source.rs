//! Who answers on the command line: an engine in this process, or another `conch`.

use anyhow::Context;
use conch_shared::api::{Classification, ModelInfo, ModelList, ModelState};
use conch_shared::kserve::{InferRequest, NamedTensor};
use conch_shared::model::ModelSpec;
use conch_shared::tensor::Tensor;

use crate::backend::embedded::Embedded;
use crate::backend::{self, Backend};
use crate::classify::Wanted;
use crate::client::Client;
use crate::config::EmbeddedArgs;

/// Where models are.
#[derive(Clone, Debug, clap::Args)]
pub struct SourceArgs {
    /// Address of a running conch, http://host:port; without it, the models run in this process
    #[arg(long, env = "CONCH_SERVER", value_name = "URL")]
    pub server: Option<String>,

    /// Models and engine.
    #[command(flatten)]
    pub embedded: EmbeddedArgs,
}

/// An engine or a server.
pub(super) enum Source {
    Here(Box<Embedded>),
    There(Client),
}

impl Source {
    pub(super) async fn open(args: SourceArgs) -> anyhow::Result<Self> {
        match args.server {
            Some(server) => Ok(Self::There(Client::new(&server)?)),
            None => {
                let load = move || Embedded::load(&args.embedded);
                let engine = tokio::task::spawn_blocking(load).await??;
                Ok(Self::Here(Box::new(engine)))
            }
        }
    }

    pub(super) async fn models(&self) -> anyhow::Result<ModelList> {
        match self {
            Self::Here(engine) => Ok(backend::list(&**engine).await),
            Self::There(client) => client.models().await,
        }
    }

    /// The model of that name, or the default one, if it is ready.
    pub(super) async fn model(&self, name: Option<&str>) -> anyhow::Result<ModelSpec> {
        let list = self.models().await?;
        let name = name.map(str::to_owned).or(list.default);
        let name = name.context("no model is ready")?;
        let names: Vec<&str> = list
            .models
            .iter()
            .map(|model| model.name.as_str())
            .collect();
        let names = names.join(", ");
        let found = list.models.iter().find(|model| model.name == name);
        match found.with_context(|| format!("there is no model \"{name}\"; there is {names}"))? {
            ModelInfo {
                state: ModelState::Unavailable { reason },
                ..
            } => {
                anyhow::bail!("model {name} cannot answer: {reason}")
            }
            ModelInfo {
                spec: Some(spec), ..
            } => Ok(spec.clone()),
            ModelInfo { spec: None, .. } => anyhow::bail!("model {name} is no image classifier"),
        }
    }

    pub(super) async fn classify(
        &self,
        spec: &ModelSpec,
        tensor: Tensor,
        top_k: usize,
    ) -> anyhow::Result<Classification> {
        match self {
            Self::Here(engine) => {
                let model = engine.model(&spec.name).await?;
                let wanted = Wanted::Best(Some(top_k));
                let done = crate::classify::classify(&**engine, &model, tensor, wanted).await?;
                Ok(done.0)
            }
            Self::There(client) => {
                let name = spec.input.name.clone();
                let request = InferRequest {
                    inputs: vec![NamedTensor { name, tensor }],
                    ..InferRequest::default()
                };
                client.classify(&spec.name, &request, top_k).await
            }
        }
    }
}
