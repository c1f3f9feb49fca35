//! Sending what somebody else has built: an edge function without a key, a browser.

use super::{Call, CallOptions, Client, EventStream, Reply, clock};
use crate::error::{Error, ErrorKind, Result};
use crate::json::Value;
use crate::operation::Operation;
use crate::wire::{Relayed, relay};

/// The answer to a request that was built elsewhere.
#[derive(Debug)]
pub enum Sent {
    /// A whole answer.
    Reply(Box<Reply>),
    /// A stream whose first events are there.
    Stream(Box<EventStream>),
}

impl Client {
    /// Sends what [`build`](crate::wire::build()) gave somewhere else, as data: checked again, and with the key added here.
    ///
    /// It goes to the provider's own hosts or, where this client has a base URL, there. Only its body, parameters and headers
    /// are believed; the rest follows from its operation.
    ///
    /// # Errors
    /// `invalid_request` with the path for another host, method or path, for a credential that was added, and for a body that a
    /// check refuses; any other kind of the table of errors.
    pub async fn send(&self, prepared: Value<'_>, options: &CallOptions) -> Result<Sent> {
        let call = self.relay(prepared, options)?;
        if call.streams() {
            self.open(call).await.map(|stream| Sent::Stream(Box::new(stream)))
        } else {
            self.execute(call).await.map(|reply| Sent::Reply(Box::new(reply)))
        }
    }

    /// [`Client::send`] up to the moment of sending: no runtime needed.
    ///
    /// # Errors
    /// As [`Client::send`], but for those of the network.
    pub fn relay(&self, prepared: Value<'_>, options: &CallOptions) -> Result<Call> {
        let inner = &*self.inner;
        let policy = match &options.policy {
            None => (*inner.policy()).clone(),
            Some(policy) => inner.complete(policy.clone(), clock::today(&*inner.clock)),
        };
        let Relayed { request, provider, policy } = relay(prepared, &policy)?;
        if let Some(own) = inner.options.provider.as_deref().filter(|own| *own != provider) {
            let message = format!("the request was built for `{provider}`, and this client sends to `{own}`");
            return Err(Error::new(ErrorKind::InvalidRequest, message).with_path("provider"));
        }
        self.written(request, Some(&provider), &CallOptions { policy: Some(policy), ..options.clone() })
    }
}

impl Call {
    /// Whether its answer is a stream.
    pub fn streams(&self) -> bool {
        Operation::named(&self.operation).is_some_and(|operation| operation.streams())
    }
}
