//! A stream's way to JavaScript: one message for each network read, and no more of them than the reader keeps up with.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tramontane::client::EventStream;
use tramontane::{Error, ErrorKind, Result, ops};

use crate::bridge::{Answer, Kind, Sink};
use crate::{client, failure};

/// How many reads may lie unread in JavaScript; the façade gives credit back as it takes them.
const READS_AHEAD: usize = 32;

/// The credit of a new stream.
pub fn credit() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(READS_AHEAD))
}

/// Sends every event of a stream, and at last the whole answer.
pub async fn pump(mut stream: EventStream, sink: &Sink, credit: &Semaphore) -> Result<Answer> {
    sink.send(Kind::Opened, String::new(), failure::written(&stream.meta())?);
    loop {
        let permit = credit.acquire().await.map_err(|_| Error::new(ErrorKind::Internal, "the stream's credit was closed"))?;
        permit.forget();
        let Some(events) = stream.next_batch().await? else { break };
        if events.is_empty() {
            credit.add_permits(1);
            continue;
        }
        sink.send(Kind::Events, ops::events_json(&events), String::new());
    }
    client::answer(stream.finish().await?)
}
