//! Completions of agents that were set up at the provider. Answers and events are a chat's. Imports `chat`.

use crate::chat::Message;
use crate::chat::settings::dialogue;

dialogue! {
    /// A request to an agent, which brings its model and its instructions. Otherwise as a chat's.
    ///
    /// ```
    /// use tramontane::agents::AgentsRequest;
    /// let request = AgentsRequest::new("ag:1234").user("Which wind is it?").max_tokens(20);
    /// assert_eq!(request.to_value()?.get("agent_id").and_then(|id| id.as_str()), Some("ag:1234"));
    /// # Ok::<(), tramontane::Error>(())
    /// ```
    pub struct AgentsRequest {
        /// The agent's id.
        pub agent_id: String,
        /// The conversation so far.
        pub messages: Vec<Message>,
    }
}

impl AgentsRequest {
    /// A request to an agent, with no message yet.
    pub fn new(agent_id: impl Into<String>) -> AgentsRequest {
        AgentsRequest { agent_id: agent_id.into(), ..AgentsRequest::default() }
    }
}
