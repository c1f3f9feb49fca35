//! Lists that come in pages: one request for each page, sent when somebody asks for what is on it.
//!
//! ```no_run
//! # async fn example() -> tramontane::Result<()> {
//! use tramontane::client::Client;
//! use tramontane::files::FilesListRequest;
//! let client = Client::from_env()?;
//! let mut files = client.files().list_all(&FilesListRequest::default());
//! while let Some(file) = files.next().await {
//!     println!("{}", file?.filename);
//! }
//! # Ok(()) }
//! ```

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Answer, as_operation};
use crate::batch::{BatchJob, BatchJobList};
use crate::client::{CallOptions, Client};
use crate::conversations::{Conversation, ConversationList};
use crate::error::{Error, ErrorKind, Result};
use crate::files::{FileList, FileObject};
use crate::json::Value;

/// An answer that is a page of a list.
pub trait Page: DeserializeOwned + Send + 'static {
    /// What is listed.
    type Item: Unpin + Send;

    /// What is on the page.
    fn into_items(self) -> Vec<Self::Item>;
}

macro_rules! pages {
    ($($page:ty: $item:ty),*) => {
        $(impl Page for $page {
            type Item = $item;

            fn into_items(self) -> Vec<$item> {
                self.data
            }
        })*
    };
}

pages! { FileList: FileObject, BatchJobList: BatchJob, ConversationList: Conversation }

type Fetching<A> = Pin<Box<dyn Future<Output = Result<Answer<A>>> + Send>>;

/// Every page of a list. Nothing is sent before the first is asked for; an error ends it.
pub struct Pages<A> {
    client: Client,
    options: CallOptions,
    /// The request for the next page; `None` behind the last.
    request: Option<Result<Value<'static>>>,
    /// The page that is on its way.
    fetching: Option<Fetching<A>>,
    /// How many items have come, and what was on the page before.
    seen: u64,
    before: Value<'static>,
}

impl<A: Page> Pages<A> {
    /// The next page; `None` behind the last.
    pub async fn next(&mut self) -> Option<Result<Answer<A>>> {
        poll_fn(|cx| self.poll(cx)).await
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Answer<A>>>> {
        let fetching = match &mut self.fetching {
            Some(fetching) => fetching,
            None => match self.request.take() {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(request)) => {
                    let sent = fetch(self.client.clone(), self.options.clone(), request.clone());
                    self.request = Some(Ok(request));
                    self.fetching.insert(Box::pin(sent))
                }
            },
        };
        let page = ready!(fetching.as_mut().poll(cx)).and_then(|page| self.turn(page));
        self.fetching = None;
        if page.is_err() {
            self.request = None;
        }
        Poll::Ready(Some(page))
    }

    /// Takes a page, and makes the request for the one behind it, where there may be one.
    fn turn(&mut self, page: Answer<A>) -> Result<Answer<A>> {
        let found = page.data().get("data").and_then(Value::as_array).unwrap_or_default();
        let total = page.data().get("total").and_then(Value::as_u64);
        self.seen += found.len() as u64;
        let Some(Ok(request)) = &mut self.request else { return Ok(page) };
        let number = |key: &str| request.get(key).and_then(Value::as_u64);
        let (at, size) = (number("page").unwrap_or_default(), number("page_size"));
        if !found.is_empty() && self.before.as_array() == Some(found) {
            return Err(Error::new(ErrorKind::Decode, format!("page {at} of the list is the same as the one before it"))
                .with_hint("the server seems to ignore `page`: `list` gives a single page"));
        }
        let is_last = match total {
            Some(total) => self.seen >= total,
            None => size.is_some_and(|size| (found.len() as u64) < size),
        };
        if found.is_empty() || is_last {
            self.request = None;
        } else {
            self.before = page.data().get("data").cloned().unwrap_or_default();
            if let Some(fields) = request.as_object_mut() {
                fields.set("page", at + 1);
            }
        }
        Ok(page)
    }
}

async fn fetch<A: Page>(client: Client, options: CallOptions, request: Value<'static>) -> Result<Answer<A>> {
    let call = client.prepare(request, &options)?;
    client.execute(call).await?.try_into()
}

impl<A: Page> Stream for Pages<A> {
    type Item = Result<Answer<A>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll(cx)
    }
}

impl<A> std::fmt::Debug for Pages<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pages").field("request", &self.request).field("seen", &self.seen).finish_non_exhaustive()
    }
}

/// Everything on all pages of a list, one after the other. A page is fetched when what is on it is asked for; an error ends it.
pub struct Items<A: Page> {
    pages: Pages<A>,
    ready: std::vec::IntoIter<A::Item>,
}

impl<A: Page> Items<A> {
    pub(super) fn new(
        client: &Client,
        operation: &'static str,
        request: &(impl Serialize + ?Sized),
        options: &CallOptions,
    ) -> Items<A> {
        let request = Some(as_operation(request, operation));
        let (client, options) = (client.clone(), options.clone());
        let pages = Pages { client, options, request, fetching: None, seen: 0, before: Value::Null };
        Items { pages, ready: Vec::new().into_iter() }
    }

    /// The next item; `None` behind the last.
    pub async fn next(&mut self) -> Option<Result<A::Item>> {
        poll_fn(|cx| self.poll(cx)).await
    }

    /// The pages instead, with what stands around each: those that were not asked for so far.
    #[must_use]
    pub fn pages(self) -> Pages<A> {
        self.pages
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<A::Item>>> {
        loop {
            if let Some(item) = self.ready.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll(cx)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(page)) => self.ready = page.into_inner().into_items().into_iter(),
            }
        }
    }
}

impl<A: Page> Stream for Items<A> {
    type Item = Result<A::Item>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll(cx)
    }
}

impl<A: Page> std::fmt::Debug for Items<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Items").field("ready", &self.ready.len()).field("pages", &self.pages).finish()
    }
}
