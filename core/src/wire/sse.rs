//! Server-sent events, to the letter of the WHATWG text: bytes in at any split, frames out.
//!
//! A frame whose bytes came in one piece is handed on without a copy. May import `error` only.

use memchr::{memchr, memchr2};

use crate::error::{Error, ErrorKind, Result};

/// How large one event may grow before the stream is given up.
pub const MAX_EVENT: usize = 32 << 20;

const BOM: [u8; 3] = [0xef, 0xbb, 0xbf];

/// One event of the stream, as it stood on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'f> {
    /// The event's name; empty when it has none.
    pub event: &'f str,
    /// Its data: the `data` lines, joined by line feeds.
    pub data: &'f [u8],
}

/// Cuts a stream into frames.
#[derive(Clone, Debug, Default)]
pub struct Parser {
    /// The beginning of a line whose end has not arrived.
    carry: Vec<u8>,
    /// The data lines of the event that is under way, except one that still lies in the caller's bytes.
    data: Vec<u8>,
    has_data: bool,
    event: String,
    /// How many bytes of a byte order mark were seen; `None` once the question is settled.
    bom: Option<usize>,
    started: bool,
    /// The last line ended with a carriage return: a line feed that follows belongs to it.
    after_cr: bool,
}

/// What stood between the last complete event and the end of the stream.
#[derive(Debug, PartialEq, Eq)]
pub struct Tail {
    /// The name of the event that was under way.
    pub event: String,
    /// Its data.
    pub data: Vec<u8>,
    /// A last line that is no whole `data` line: a field's name cut short, for example.
    pub rest: Vec<u8>,
}

impl Parser {
    /// Takes the next bytes and hands on every frame that they complete.
    ///
    /// # Errors
    /// `decode` for an event beyond [`MAX_EVENT`], and whatever `take` returns: the bytes after that frame are lost.
    pub fn push(&mut self, bytes: &[u8], mut take: impl FnMut(Frame<'_>) -> Result<()>) -> Result<()> {
        let mut bytes = self.skip_bom(bytes);
        // The first data line of an event, while it lies in `bytes`.
        let mut lying: Option<&[u8]> = None;
        while !bytes.is_empty() {
            if self.after_cr {
                self.after_cr = false;
                if bytes[0] == b'\n' {
                    bytes = &bytes[1..];
                    continue;
                }
            }
            let Some(end) = memchr2(b'\r', b'\n', bytes) else {
                self.carry.extend_from_slice(bytes);
                break;
            };
            let (head, rest) = (&bytes[..end], &bytes[end + 1..]);
            self.after_cr = bytes[end] == b'\r';
            bytes = rest;
            if self.carry.is_empty() {
                self.line(head, &mut lying, &mut take)?;
            } else {
                let mut line = std::mem::take(&mut self.carry);
                line.extend_from_slice(head);
                let mut kept = None;
                self.line(&line, &mut kept, &mut take)?;
                self.settle(kept);
                line.clear();
                self.carry = line;
            }
        }
        self.settle(lying);
        if self.data.len() + self.carry.len() > MAX_EVENT {
            return Err(Error::new(ErrorKind::Decode, format!("an event of the stream is longer than {} MiB", MAX_EVENT >> 20)));
        }
        Ok(())
    }

    /// Ends the stream: what was left without the blank line that completes an event.
    pub fn end(&mut self) -> Tail {
        let last = std::mem::take(&mut self.carry);
        let mut rest = Vec::new();
        match last.strip_prefix(b"data:") {
            Some(value) => self.add_data(strip_space(value)),
            None => rest = last,
        }
        self.has_data = false;
        Tail { event: std::mem::take(&mut self.event), data: std::mem::take(&mut self.data), rest }
    }

    fn line<'b>(
        &mut self,
        line: &'b [u8],
        lying: &mut Option<&'b [u8]>,
        take: &mut impl FnMut(Frame<'_>) -> Result<()>,
    ) -> Result<()> {
        if line.is_empty() {
            return self.dispatch(lying.take(), take);
        }
        if let Some(value) = line.strip_prefix(b"data:") {
            self.field_data(strip_space(value), lying);
            return Ok(());
        }
        let (name, value) = match memchr(b':', line) {
            Some(at) => (&line[..at], strip_space(&line[at + 1..])),
            None => (line, &line[line.len()..]),
        };
        match name {
            b"data" => self.field_data(value, lying),
            b"event" => self.event = String::from_utf8_lossy(value).into_owned(),
            // A comment has an empty name; `id` and `retry` are for clients that reconnect, which a POST cannot.
            _ => {}
        }
        Ok(())
    }

    fn field_data<'b>(&mut self, value: &'b [u8], lying: &mut Option<&'b [u8]>) {
        if !self.has_data && lying.is_none() {
            *lying = Some(value);
        } else {
            self.settle(lying.take());
            self.add_data(value);
        }
    }

    fn add_data(&mut self, value: &[u8]) {
        if self.has_data {
            self.data.push(b'\n');
        }
        self.has_data = true;
        self.data.extend_from_slice(value);
    }

    fn settle(&mut self, lying: Option<&[u8]>) {
        if let Some(value) = lying {
            self.add_data(value);
        }
    }

    fn dispatch(&mut self, lying: Option<&[u8]>, take: &mut impl FnMut(Frame<'_>) -> Result<()>) -> Result<()> {
        let had_data = self.has_data || lying.is_some();
        let data = lying.unwrap_or(&self.data);
        // An event without data is no event: only its name is forgotten.
        let taken = if had_data { take(Frame { event: &self.event, data }) } else { Ok(()) };
        self.has_data = false;
        self.data.clear();
        self.event.clear();
        taken
    }

    fn skip_bom<'b>(&mut self, mut bytes: &'b [u8]) -> &'b [u8] {
        if !self.started {
            self.started = true;
            self.bom = Some(0);
        }
        while let (Some(seen), Some(first)) = (self.bom, bytes.first()) {
            if *first == BOM[seen] {
                bytes = &bytes[1..];
                self.bom = (seen + 1 < BOM.len()).then_some(seen + 1);
            } else {
                self.carry.extend_from_slice(&BOM[..seen]);
                self.bom = None;
            }
        }
        bytes
    }
}

fn strip_space(value: &[u8]) -> &[u8] {
    value.strip_prefix(b" ").unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn frames(pieces: &[&[u8]]) -> Vec<(String, String)> {
        let mut parser = Parser::default();
        let mut frames = Vec::new();
        for piece in pieces {
            parser
                .push(piece, |frame| {
                    frames.push((frame.event.to_owned(), String::from_utf8_lossy(frame.data).into_owned()));
                    Ok(())
                })
                .unwrap();
        }
        frames
    }

    fn one(text: &str) -> Vec<(String, String)> {
        frames(&[text.as_bytes()])
    }

    fn data(expected: &[&str]) -> Vec<(String, String)> {
        expected.iter().map(|text| (String::new(), (*text).to_owned())).collect()
    }

    #[test]
    fn line_ends_of_every_kind_end_a_line() {
        for end in ["\n", "\r", "\r\n"] {
            let text = format!("data: a{end}data: b{end}{end}data:c{end}{end}");
            assert_eq!(one(&text), data(&["a\nb", "c"]), "{end:?}");
        }
        assert_eq!(one("data: a\r\n\rdata: b\n\r\n"), data(&["a", "b"]));
    }

    #[test]
    fn one_space_after_the_colon_goes_and_no_more() {
        assert_eq!(one("data:  a \n\n"), data(&[" a "]));
        assert_eq!(one("data\n\ndata:\n\n"), data(&["", ""]));
    }

    #[test]
    fn comments_and_events_without_data_are_no_events() {
        assert_eq!(one(": keep-alive\n\nretry: 10\n\nevent: ping\n\nid: 1\n\ndata: a\n\n"), data(&["a"]));
    }

    #[test]
    fn a_name_lasts_for_one_event() {
        let named = |name: &str, data: &str| (name.to_owned(), data.to_owned());
        assert_eq!(
            one("event: error\ndata: a\n\nevent: lost\n\ndata: b\nevent:x\n\n"),
            vec![named("error", "a"), named("x", "b")]
        );
    }

    #[test]
    fn a_byte_order_mark_is_skipped_only_at_the_start() {
        assert_eq!(frames(&[b"\xef", b"\xbb", b"\xbfdata: a\n\n"]), data(&["a"]));
        assert_eq!(one("data: a\n\n\u{feff}data: b\n\n"), data(&["a"]));
        assert_eq!(frames(&[b"\xef\xbb", b"data: a\n\n"]), vec![]);
    }

    #[test]
    fn the_tail_is_what_no_blank_line_completed() {
        let mut parser = Parser::default();
        parser.push(b"data: a\n\ndata: {\"x\"\ndata:", |_| Ok(())).unwrap();
        assert_eq!(parser.end(), Tail { event: String::new(), data: b"{\"x\"\n".to_vec(), rest: vec![] });
        parser.push(b"data: [DO", |_| Ok(())).unwrap();
        assert_eq!(parser.end().data, b"[DO");
        parser.push(b"da", |_| Ok(())).unwrap();
        assert_eq!(parser.end().rest, b"da");
    }

    #[test]
    fn an_event_may_not_grow_without_bound() {
        let mut parser = Parser::default();
        let piece = vec![b'x'; 1 << 20];
        let failed = (0..=MAX_EVENT >> 20).find_map(|_| parser.push(&piece, |_| Ok(())).err());
        insta::assert_snapshot!(failed.unwrap().message(), @"an event of the stream is longer than 32 MiB");
    }

    proptest! {
        #[test]
        fn any_split_gives_equal_frames(
            text in "(data|event|id|retry|:|\u{feff}|é| |\r|\n|\r\n|\n\n|data: \\{\"a\":1\\}\n\n|x){0,40}",
            cuts in proptest::collection::vec(0usize..200, 0..8),
        ) {
            let bytes = text.as_bytes();
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.extend([0, bytes.len()]);
            cuts.sort_unstable();
            let pieces: Vec<&[u8]> = cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
            prop_assert_eq!(frames(&pieces), frames(&[bytes]));
            let single: Vec<&[u8]> = bytes.chunks(1).collect();
            prop_assert_eq!(frames(&single), frames(&[bytes]));
        }
    }
}
