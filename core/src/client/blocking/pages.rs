//! Lists that come in pages, for programs that block: iterators that send one request for each page.

use super::super::resources::{Answer, Items as InnerItems, Page, Pages as InnerPages};
use super::block_on;
use crate::error::Result;

/// Every page of a list. Nothing is sent before the first is asked for; an error ends it.
#[derive(Debug)]
pub struct Pages<A> {
    inner: Option<InnerPages<A>>,
}

impl<A: Page> Iterator for Pages<A> {
    type Item = Result<Answer<A>>;

    fn next(&mut self) -> Option<Self::Item> {
        let inner = self.inner.as_mut()?;
        let page = block_on(async { inner.next().await.transpose() }).transpose();
        self.inner.take_if(|_| !matches!(page, Some(Ok(_))));
        page
    }
}

/// Everything on all pages of a list, one after the other. A page is fetched when what is on it is asked for; an error ends it.
#[derive(Debug)]
pub struct Items<A: Page> {
    inner: Option<InnerItems<A>>,
}

impl<A: Page> Items<A> {
    pub(super) fn new(inner: InnerItems<A>) -> Items<A> {
        Items { inner: Some(inner) }
    }

    /// The pages instead, with what stands around each: those that were not asked for so far.
    #[must_use]
    pub fn pages(self) -> Pages<A> {
        Pages { inner: self.inner.map(InnerItems::pages) }
    }
}

impl<A: Page> Iterator for Items<A> {
    type Item = Result<A::Item>;

    fn next(&mut self) -> Option<Self::Item> {
        let inner = self.inner.as_mut()?;
        let item = block_on(async { inner.next().await.transpose() }).transpose();
        self.inner.take_if(|_| !matches!(item, Some(Ok(_))));
        item
    }
}
