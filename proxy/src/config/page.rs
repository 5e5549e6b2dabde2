use std::path::PathBuf;

/// The page that the server hands out.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Page")]
pub struct PageArgs {
    /// Folder of the built page
    #[arg(
        long,
        env = "CONCH_PAGE_DIR",
        value_name = "DIR",
        default_value = "frontend/dist"
    )]
    pub page_dir: PathBuf,
}
