//! The provider's own list of its models, laid over the catalogue.

use super::Models;
use crate::catalogue::{ModelSync, SyncQuery, sync};
use crate::client::clock::today;
use crate::error::Result;
use crate::json::Value;

impl Models<'_> {
    /// Lays the provider's own list over the catalogue, and over an overlay where one is given; says what was different.
    /// The overlay that comes of it is for [`Policy::overlay`](crate::check::Policy::overlay), and can be saved as JSON.
    ///
    /// # Errors
    /// Every kind that sending has; `invalid_request` for an overlay that does not fit.
    pub async fn sync(&self, base: Option<Value<'static>>) -> Result<ModelSync> {
        let list = self.list().await?.data().clone();
        sync(SyncQuery { list, on: Some(today(&*self.client.inner.clock)), overlay: base })
    }
}
