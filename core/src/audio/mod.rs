//! Sound to text and text to sound, in Mistral's own terms. Imports `chat`, `files`, `json` and `error`.
//!
//! ```
//! use tramontane::audio::{SpeechRequest, TranscriptionRequest};
//! use tramontane::files::FilePart;
//! let heard = TranscriptionRequest::new("voxtral-mini-2602").file(FilePart::new("call.mp3")).language("en");
//! let said = SpeechRequest::new("voxtral-mini-tts-2603", "The wind has turned.");
//! assert!(heard.file_url.is_none() && said.voice_id.is_none());
//! ```

pub mod collect;
mod speech;
mod transcription;

pub use speech::{RawAudio, Speech, SpeechEvent, SpeechFormat, SpeechRequest, SpeechTurn};
pub use transcription::{TimestampGranularity, Transcription, TranscriptionEvent, TranscriptionRequest, TranscriptionSegment};
