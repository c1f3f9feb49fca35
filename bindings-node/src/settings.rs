//! Settings that are more than a word: keys, budgets and limiters.

use napi_derive::napi;
use tramontane::client::{Budget as CoreBudget, Key, Limiter as CoreLimiter, LimiterOptions, OnLimit, nanos};
use tramontane::json::{Object, Value};
use tramontane::policy::budget::Ceiling;
use tramontane::policy::limit::Limits;
use tramontane::secret::Secret;
use tramontane::{Error, ErrorKind, Result};

use crate::client::{number, object, string, wrong};
use crate::failure;

/// What calls may spend together.
#[napi]
pub struct Budget {
    pub(crate) core: CoreBudget,
}

#[napi]
impl Budget {
    /// A budget with these options, as JSON.
    #[napi(constructor)]
    pub fn new(options: String) -> napi::Result<Budget> {
        failure::caught(|| {
            let mut fields = object(&options)?;
            let usd = match fields.remove("usd") {
                None | Some(Value::Null) => None,
                Some(usd) => Some(nanos(usd.as_f64().ok_or_else(|| wrong("usd", "an amount of dollars", &usd))?)?),
            };
            let tokens = number(&mut fields, "tokens")?;
            let allow_unknown = fields.remove("allow_unknown").is_some_and(|allow| allow.as_bool() == Some(true));
            nothing_else(&fields)?;
            if usd.is_none() && tokens.is_none() {
                return Err(Error::new(ErrorKind::Configuration, "a budget needs `usd`, `tokens` or both"));
            }
            Ok(Budget { core: CoreBudget::new(Ceiling { nanos: usd, tokens, allow_unknown }) })
        })
        .map_err(|error| failure::thrown(&error))
    }

    /// Nano-dollars and tokens that were spent, and those that are set aside.
    #[napi]
    pub fn state(&self) -> Vec<f64> {
        let (spent, aside) = (self.core.spent(), self.core.reserved());
        // JavaScript's own numbers are exact up to nine million dollars.
        [spent.nanos, spent.tokens, aside.nanos, aside.tokens].map(|amount| amount as f64).to_vec()
    }
}

/// Holds calls back before the server has to.
#[napi]
pub struct Limiter {
    pub(crate) core: CoreLimiter,
}

#[napi]
impl Limiter {
    /// A limiter with these options, as JSON.
    #[napi(constructor)]
    pub fn new(options: String) -> napi::Result<Limiter> {
        failure::caught(|| {
            let mut fields = object(&options)?;
            let mut options = LimiterOptions::default();
            options.limits = Limits {
                requests_per_second: number(&mut fields, "requests_per_second")?,
                requests_per_minute: number(&mut fields, "requests_per_minute")?,
                tokens_per_minute: number(&mut fields, "tokens_per_minute")?,
                tokens_per_month: number(&mut fields, "tokens_per_month")?,
            };
            options.url = string(&mut fields, "url")?;
            options.name = string(&mut fields, "name")?;
            if let Some(learn) = fields.remove("learn") {
                options.learn = learn.as_bool().ok_or_else(|| wrong("learn", "true or false", &learn))?;
            }
            if let Some(share) = fields.remove("share") {
                options.share = share.as_f64().ok_or_else(|| wrong("share", "a number above 0 and up to 1", &share))?;
            }
            options.on_limit = match string(&mut fields, "on_limit")?.as_deref() {
                None | Some("wait") => OnLimit::Wait,
                Some("fail") => OnLimit::Fail,
                Some(_) => return Err(Error::new(ErrorKind::Configuration, "`onLimit` is \"wait\" or \"fail\"")),
            };
            nothing_else(&fields)?;
            Ok(Limiter { core: CoreLimiter::new(options)? })
        })
        .map_err(|error| failure::thrown(&error))
    }
}

/// Options that are misspelt are refused; their values are not shown.
fn nothing_else(fields: &Object<'_>) -> Result<()> {
    match fields.iter().next() {
        None => Ok(()),
        Some((name, _)) => Err(Error::new(ErrorKind::Configuration, format!("no such option: `{name}`")).with_path(name)),
    }
}

/// A key: text, or `{key | environment | file | pool, expires_on}`. Errors say what it is, never its value.
pub fn key(given: Value<'_>) -> Result<Key> {
    let mut source = match given {
        Value::String(text) => return Secret::new(text.into_owned()).map(Key::from),
        Value::Object(source) => source,
        other => return Err(wrong("api_key", "a string", &other)),
    };
    let mut key = if let Some(inner) = source.remove("key") {
        key(inner)?
    } else if let Some(variable) = string(&mut source, "environment")? {
        Key::environment(variable)
    } else if let Some(path) = string(&mut source, "file")? {
        Key::file(path)
    } else {
        match source.remove("pool") {
            Some(Value::Array(keys)) => Key::pool(keys.into_iter().map(key).collect::<Result<Vec<_>>>()?)?,
            Some(other) => return Err(wrong("pool", "an array", &other)),
            None => {
                return Err(Error::new(
                    ErrorKind::Configuration,
                    "a key is a string, or names `environment`, `file`, `pool` or `fetch`",
                ));
            }
        }
    };
    if let Some(day) = string(&mut source, "expires_on")? {
        key = key.expires_on(day.parse().map_err(|error: Error| error.with_path("expires_on"))?);
    }
    nothing_else(&source)?;
    Ok(key)
}
