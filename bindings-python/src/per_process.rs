//! Values that a fork does not copy.

use std::sync::atomic::{AtomicPtr, Ordering};

use crate::runtime::enter;

/// A value of which every process has its own: made when first asked for, and once more after a fork.
pub struct PerProcess<T>(AtomicPtr<(u32, T)>);

impl<T> PerProcess<T> {
    /// Nothing yet.
    pub const fn new() -> Self {
        PerProcess(AtomicPtr::new(std::ptr::null_mut()))
    }

    /// This process's value, if it was made.
    pub fn get(&self) -> Option<&T> {
        // SAFETY: as in `get_or_try_init`.
        let (owner, value) = unsafe { self.0.load(Ordering::Acquire).as_ref() }?;
        (*owner == std::process::id()).then_some(value)
    }

    /// This process's value. Another process's one is leaked, never dropped.
    pub fn get_or_try_init<E>(&self, make: impl FnOnce() -> Result<T, E>) -> Result<&T, E> {
        let pid = std::process::id();
        let current = self.0.load(Ordering::Acquire);
        // SAFETY: a pointer that was stored here came from `Box::into_raw` and is never freed.
        if let Some((owner, value)) = unsafe { current.as_ref() }
            && *owner == pid
        {
            return Ok(value);
        }
        let made = Box::into_raw(Box::new((pid, make()?)));
        let won = match self.0.compare_exchange(current, made, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => made,
            Err(other) => {
                // SAFETY: `made` was not published, so it is still ours alone.
                drop(unsafe { Box::from_raw(made) });
                other
            }
        };
        // SAFETY: as above; `won` is not null.
        Ok(unsafe { &(*won).1 })
    }
}

impl<T> Drop for PerProcess<T> {
    fn drop(&mut self) {
        let current = *self.0.get_mut();
        // SAFETY: as in `get_or_try_init`; nobody else holds a reference any more.
        if let Some((owner, _)) = unsafe { current.as_ref() }
            && *owner == std::process::id()
        {
            // SAFETY: it came from `Box::into_raw`.
            let made = unsafe { Box::from_raw(current) };
            enter(|| drop(made));
        }
    }
}
