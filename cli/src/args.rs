//! What can be typed.

use clap::{Args as ClapArgs, Parser, Subcommand};
use tramontane::date::Date;

/// Check, build and send LLM requests; Mistral first.
#[derive(Debug, Parser)]
#[command(name = "tramontane", version, propagate_version = true, arg_required_else_help = true)]
pub(crate) struct Args {
    /// Print JSON instead of text.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Ask a model.
    Chat(Chat),
    /// Say everything that is wrong with a request, without sending it. Exit code 1 when the server would refuse it.
    Check(Check),
    /// Print the HTTP request for a call, without a key.
    Build(Build),
    /// Look up models and what their names mean.
    Models(Models),
    /// Find the model names in source code that are retired, deprecated, floating or unknown. Exit code 1 when there are some.
    Lint(Box<crate::lint::args::Lint>),
    /// Run a local server that speaks the Mistral API.
    Sandbox(Sandbox),
    /// Print completions for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Chat {
    /// What to say; `-` reads it from standard input.
    pub(crate) prompt: String,
    /// The model.
    #[arg(long, short, default_value = "mistral-small-2603")]
    pub(crate) model: String,
    /// What the model is told before.
    #[arg(long)]
    pub(crate) system: Option<String>,
    /// Print the answer as it arrives.
    #[arg(long)]
    pub(crate) stream: bool,
    /// Ask a sandbox in this process instead of the provider: no key, no cost, no model.
    #[arg(long, conflicts_with = "base_url")]
    pub(crate) sandbox: bool,
    /// Another server that speaks the same API.
    #[arg(long)]
    pub(crate) base_url: Option<String>,
    /// The most tokens of the answer.
    #[arg(long)]
    pub(crate) max_tokens: Option<u64>,
    /// The sampling temperature.
    #[arg(long)]
    pub(crate) temperature: Option<f64>,
}

/// How a request is judged.
#[derive(Debug, ClapArgs)]
pub(crate) struct Judging {
    /// Judge names as on this day (YYYY-MM-DD); today when absent.
    #[arg(long)]
    pub(crate) on: Option<Date>,
    /// Unknown models are errors.
    #[arg(long)]
    pub(crate) strict: bool,
    /// Send the dated id for floating names too.
    #[arg(long)]
    pub(crate) pin: bool,
    /// A repair to make; can be given more than once.
    #[arg(long, value_parser = ["tool_call_ids", "message_order", "retired_model", "strip_response_fields"])]
    pub(crate) repair: Vec<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Check {
    /// A file with the request as JSON; `-` reads standard input.
    pub(crate) file: String,
    #[command(flatten)]
    pub(crate) judging: Judging,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Build {
    /// A file with the request as JSON; `-` reads standard input.
    pub(crate) file: String,
    /// The provider, when the model's name does not say it.
    #[arg(long)]
    pub(crate) provider: Option<String>,
    /// Print a curl command instead; the key stays in the environment.
    #[arg(long)]
    pub(crate) curl: bool,
    #[command(flatten)]
    pub(crate) judging: Judging,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Models {
    #[command(subcommand)]
    pub(crate) action: ModelsAction,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Verify {
    /// Names in use; one that the provider does not serve makes the exit code 1.
    pub(crate) names: Vec<String>,
    /// Another base URL than the provider's own.
    #[arg(long)]
    pub(crate) base_url: Option<String>,
    /// Ask a sandbox that is started for it: no key, no network.
    #[arg(long)]
    pub(crate) sandbox: bool,
    /// Write the overlay, in which the list wins, to this file.
    #[arg(long)]
    pub(crate) save: Option<std::path::PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ModelsAction {
    /// The models of the catalogue.
    List {
        /// Only this provider's.
        #[arg(long)]
        provider: Option<String>,
        /// Only models that can do this, for example `vision`.
        #[arg(long)]
        capability: Option<String>,
        /// Only models of this status, for example `live`.
        #[arg(long)]
        status: Option<String>,
        /// Retired models too.
        #[arg(long)]
        all: bool,
        /// As on this day (YYYY-MM-DD); today when absent.
        #[arg(long)]
        on: Option<Date>,
    },
    /// Compare the catalogue with the provider's own list, and see whether names in use are still served. Exit code 1 when
    /// one is not, or when the provider cannot be asked.
    Verify(Verify),
    /// Everything the catalogue knows about a model.
    Show {
        /// Any of its names.
        name: String,
    },
    /// What a name means: the id that is sent, and what is wrong with the name. Exit code 1 when it is retired.
    Resolve {
        /// The names.
        #[arg(required = true)]
        names: Vec<String>,
        #[command(flatten)]
        judging: Judging,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Sandbox {
    /// The port on 127.0.0.1; any free one when 0.
    #[arg(long, default_value_t = 8099)]
    pub(crate) port: u16,
    /// The one key to accept; any key when absent.
    #[arg(long)]
    pub(crate) key: Option<String>,
    /// Milliseconds before each event of a stream.
    #[arg(long, default_value_t = 0)]
    pub(crate) pace: u64,
}
