//! What puts the events of a stream together: one collector for each kind of stream. May import the collectors and `json`.

use crate::audio::collect::{SpeechCollector, TranscriptionCollector};
use crate::chat::collect::Collector;
use crate::conversations::collect as conversation;
use crate::json::Value;
use crate::operation::StreamKind;

/// The whole answer out of the events of a stream, in the neutral form.
pub(crate) trait Answer: Send + Sync {
    /// Adds an event.
    fn push(&mut self, event: &Value<'_>);
    /// Whether no event has come.
    fn is_empty(&self) -> bool;
    /// Whether everything has come that an answer must have.
    fn is_finished(&self) -> bool;
    /// The answer so far; `null` before the first event.
    fn to_value(&self) -> Value<'static>;
    /// What an answer that is not finished lacks.
    fn lacks(&self) -> &'static str;
}

/// What puts the events of a kind of stream together.
pub(crate) fn of(stream: StreamKind) -> Box<dyn Answer> {
    match stream {
        StreamKind::Chat => Box::new(Collector::default()),
        StreamKind::Conversation => Box::new(conversation::Collector::default()),
        StreamKind::Transcription => Box::new(TranscriptionCollector::default()),
        StreamKind::Speech => Box::new(SpeechCollector::default()),
    }
}

/// Collectors are what they are without a trait; each says besides what an answer lacks that is not finished.
macro_rules! answers {
    ($($collector:ty: $lacks:literal,)*) => {
        $(impl Answer for $collector {
            fn push(&mut self, event: &Value<'_>) {
                self.push(event);
            }

            fn is_empty(&self) -> bool {
                self.is_empty()
            }

            fn is_finished(&self) -> bool {
                self.is_finished()
            }

            fn to_value(&self) -> Value<'static> {
                self.to_value()
            }

            fn lacks(&self) -> &'static str {
                $lacks
            }
        })*
    };
}

answers! {
    Collector: "a finish reason",
    conversation::Collector: "`conversation.response.done`",
    TranscriptionCollector: "its last event",
    SpeechCollector: "its last event",
}
