//! What the sandbox answers to a chat: text, JSON that fits a schema, or tool calls; always the same to the same request.

use serde_json::{Value, json};
use tramontane::check::Report;

use crate::sample;

/// When answers say they were created: a fixed moment, so that they are equal from run to run.
const CREATED: u64 = 1_795_219_200;

/// What answers where an agent brings its model.
const AGENT_MODEL: &str = "mistral-medium-latest";

/// The most a sandbox writes, in words.
const MAX_WORDS: usize = 4096;

/// An answer with everything the two forms of it (whole, streamed) need.
pub(crate) struct Answer {
    id: String,
    model: String,
    prompt_tokens: u64,
    pub(crate) choices: Vec<Choice>,
}

/// One choice of an answer.
pub(crate) struct Choice {
    /// What it thought, for a request that asks for reasoning.
    pub(crate) thinking: Option<String>,
    /// The words, each with the white space before it.
    pub(crate) words: Vec<String>,
    pub(crate) tool_calls: Vec<Value>,
    pub(crate) finish_reason: &'static str,
}

impl Answer {
    /// The answer to a request that passed its checks.
    pub(crate) fn to(request: &Value, report: &Report) -> Answer {
        let seed = request.to_string();
        let count = request["n"].as_u64().unwrap_or(1).min(16);
        Answer {
            id: sample::hex(seed.as_bytes(), 32),
            model: request["model"].as_str().unwrap_or(AGENT_MODEL).to_owned(),
            prompt_tokens: report.estimate.as_ref().map_or(1, |estimate| estimate.prompt_tokens.low.max(1)),
            choices: (0..count).map(|index| Choice::of(request, &format!("{index}{seed}"), index)).collect(),
        }
    }

    /// The answer as one `chat.completion`.
    pub(crate) fn completion(&self) -> Value {
        let choices: Vec<Value> = self.choices.iter().enumerate().map(|(index, choice)| choice.whole(index)).collect();
        let mut answer = self.head("chat.completion");
        answer["choices"] = json!(choices);
        answer["usage"] = self.usage();
        answer
    }

    /// What every object of the answer begins with.
    pub(crate) fn head(&self, object: &str) -> Value {
        json!({"id": self.id, "object": object, "created": CREATED, "model": self.model})
    }

    /// What it used, counting a word as a token.
    pub(crate) fn usage(&self) -> Value {
        let written: u64 = self.choices.iter().map(Choice::tokens).sum();
        json!({
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": written,
            "total_tokens": self.prompt_tokens + written,
            "prompt_tokens_details": {"cached_tokens": 0},
            "service_tier": "standard",
        })
    }

    /// Everything it used.
    pub(crate) fn total_tokens(&self) -> u64 {
        self.prompt_tokens + self.choices.iter().map(Choice::tokens).sum::<u64>()
    }
}

impl Choice {
    fn of(request: &Value, seed: &str, index: u64) -> Choice {
        let called = tools_to_call(request);
        if !called.is_empty() {
            let tool_calls = called.iter().enumerate().map(|(at, tool)| tool_call(tool, seed, at)).collect();
            return Choice { thinking: None, words: vec![], tool_calls, finish_reason: "tool_calls" };
        }
        let text = match request["response_format"]["type"].as_str() {
            Some("json_schema") => sample::fit(&request["response_format"]["json_schema"]["schema"]).to_string(),
            Some("json_object") => json!({"sandbox": true, "note": "not a model's words"}).to_string(),
            _ => words_about(request, index),
        };
        let (text, finish_reason) = cut(request, &text);
        let thinking =
            reasons(request).then(|| "The sandbox does not think; it only shows where thoughts would stand.".to_owned());
        Choice { thinking, words: split(&text), tool_calls: vec![], finish_reason }
    }

    /// What it says: text, or chunks where it thought.
    pub(crate) fn content(&self) -> Value {
        let text = self.words.concat();
        match &self.thinking {
            None => json!(text),
            Some(thinking) => json!([
                {"type": "thinking", "thinking": [{"type": "text", "text": thinking}], "closed": true},
                {"type": "text", "text": text},
            ]),
        }
    }

    fn whole(&self, index: usize) -> Value {
        let content = self.content();
        let tool_calls = if self.tool_calls.is_empty() { Value::Null } else { json!(self.tool_calls) };
        json!({
            "index": index,
            "finish_reason": self.finish_reason,
            "message": {"role": "assistant", "content": content, "tool_calls": tool_calls},
        })
    }

    fn tokens(&self) -> u64 {
        let thought = self.thinking.as_deref().map_or(0, |text| split(text).len());
        let called: usize = self.tool_calls.iter().map(|call| split(&call["function"].to_string()).len() + 8).sum();
        (self.words.len() + thought + called) as u64
    }
}

/// The functions to call: the forced ones, or with `auto` those that the last user message speaks of.
fn tools_to_call(request: &Value) -> Vec<&Value> {
    let functions = || request["tools"].as_array().into_iter().flatten().map(|tool| &tool["function"]).filter(|f| f.is_object());
    let choice = &request["tool_choice"];
    if let Some(name) = choice["function"]["name"].as_str() {
        return functions().filter(|function| function["name"] == *name).collect();
    }
    match choice.as_str() {
        Some("none") => vec![],
        Some("any" | "required") => functions().take(1).collect(),
        _ => {
            let last = request["messages"].as_array().and_then(|messages| messages.last()).unwrap_or(&Value::Null);
            if last["role"] != "user" {
                return vec![];
            }
            let said = text_of(&last["content"]).to_lowercase();
            let parallel = request["parallel_tool_calls"] != json!(false);
            functions().filter(|function| speaks_of(&said, function)).take(if parallel { 16 } else { 1 }).collect()
        }
    }
}

/// Whether a message uses a word of the function's name, leaving out the verbs that half of all functions begin with.
fn speaks_of(said: &str, function: &Value) -> bool {
    let name = function["name"].as_str().unwrap_or_default().to_lowercase();
    name.split(['_', '-']).any(|word| word.len() > 3 && said.contains(word))
}

fn tool_call(function: &Value, seed: &str, index: usize) -> Value {
    json!({
        "id": sample::tool_call_id(&format!("{index}{seed}")),
        "type": "function",
        "function": {"name": function["name"], "arguments": sample::fit(&function["parameters"]).to_string()},
        "index": index,
    })
}

fn words_about(request: &Value, index: u64) -> String {
    if let Some(prompt) = request["prompt"].as_str() {
        let [before, behind] = [prompt, request["suffix"].as_str().unwrap_or_default()].map(|code| json!(code).to_string());
        return format!("# the tramontane sandbox, not a model, stands between {before} and {behind}");
    }
    let messages: &[Value] = request["messages"].as_array().map_or(&[], Vec::as_slice);
    let last = messages.last().unwrap_or(&Value::Null);
    let said: String = text_of(&last["content"]).chars().take(400).collect();
    let variant = if index == 0 { String::new() } else { format!(" This is choice {index}.") };
    match last["role"].as_str() {
        // A prefix is repeated and continued.
        Some("assistant") => format!("{said} (continued by the sandbox)"),
        Some("tool") => format!("This is the tramontane sandbox, not a model. The tool answered: {said}{variant}"),
        _ => format!("This is the tramontane sandbox, not a model. You said: {said}{variant}"),
    }
}

/// The text of a message, with what is no text named in its place.
pub(crate) fn text_of(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(chunks) => {
            let shown = chunks.iter().map(|chunk| match chunk["text"].as_str() {
                Some(text) => text.to_owned(),
                None => format!("[{}]", chunk["type"].as_str().unwrap_or("chunk")),
            });
            shown.collect::<Vec<_>>().join(" ")
        }
        _ => String::new(),
    }
}

fn reasons(request: &Value) -> bool {
    request["reasoning_effort"].as_str().is_some_and(|effort| effort != "none")
}

/// Ends a text at the first stop sequence, or after `max_tokens` words.
fn cut(request: &Value, text: &str) -> (String, &'static str) {
    let stops: Vec<&str> = match &request["stop"] {
        Value::String(stop) => vec![stop],
        Value::Array(stops) => stops.iter().filter_map(Value::as_str).collect(),
        _ => vec![],
    };
    let end = stops.iter().filter(|stop| !stop.is_empty()).filter_map(|stop| text.find(stop)).min().unwrap_or(text.len());
    let words = split(&text[..end]);
    let most = request["max_tokens"].as_u64().map_or(MAX_WORDS, |most| most.min(MAX_WORDS as u64) as usize);
    if words.len() > most { (words[..most].concat(), "length") } else { (words.concat(), "stop") }
}

/// The words of a text, each with the white space before it; together they are the text.
pub(crate) fn split(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut in_word = false;
    for character in text.chars() {
        if character.is_whitespace() && in_word || words.is_empty() {
            words.push(String::new());
        }
        in_word = !character.is_whitespace();
        if let Some(word) = words.last_mut() {
            word.push(character);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(request: &Value) -> Value {
        Answer::to(request, &Report::default()).completion()
    }

    #[test]
    fn words_together_are_the_text() {
        for text in ["", " a", "a b  c ", "\n\n", "é—ß  x"] {
            assert_eq!(split(text).concat(), text);
        }
    }

    #[test]
    fn equal_requests_get_equal_answers_that_say_what_they_are() {
        let request = json!({"model": "m", "messages": [{"role": "user", "content": "Hello"}]});
        let text = answer(&request)["choices"][0]["message"]["content"].clone();
        assert_eq!(text, "This is the tramontane sandbox, not a model. You said: Hello");
        assert_eq!(answer(&request), answer(&request));
    }

    #[test]
    fn max_tokens_and_stop_end_an_answer() {
        let mut request = json!({"model": "m", "messages": [{"role": "user", "content": "Hello"}], "max_tokens": 3});
        assert_eq!(answer(&request)["choices"][0]["finish_reason"], "length");
        assert_eq!(answer(&request)["choices"][0]["message"]["content"], "This is the");
        request = json!({"model": "m", "messages": [], "stop": ["not", " sandbox"]});
        assert_eq!(answer(&request)["choices"][0]["message"]["content"], "This is the tramontane");
        assert_eq!(answer(&request)["choices"][0]["finish_reason"], "stop");
    }

    #[test]
    fn tools_are_called_when_forced_or_spoken_of() {
        let tools = json!([{"type": "function", "function": {"name": "get_weather", "parameters":
            {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}]);
        let asked = |content: &str, choice: Value| {
            let request = json!({"model": "m", "tools": tools, "tool_choice": choice,
                "messages": [{"role": "user", "content": content}]});
            answer(&request)["choices"][0].clone()
        };
        let called = asked("What is the weather?", json!("auto"));
        assert_eq!(called["finish_reason"], "tool_calls");
        assert_eq!(called["message"]["tool_calls"][0]["function"]["arguments"], r#"{"city":"sandbox"}"#);
        assert_eq!(asked("Hello", json!("auto"))["finish_reason"], "stop");
        assert_eq!(asked("Hello", json!("any"))["finish_reason"], "tool_calls");
        assert_eq!(asked("The weather?", json!("none"))["finish_reason"], "stop");
    }
}
