//! Compressed request bodies.

use std::io::Read;

use bytes::Bytes;
use flate2::bufread::{MultiGzDecoder, ZlibDecoder};
use http::HeaderMap;
use http::header::CONTENT_ENCODING;

use crate::error::ApiError;

/// How a body is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Gzip,
    /// The zlib format, as HTTP means it (RFC 9110, section 8.4.1.2).
    Deflate,
}

impl Encoding {
    /// What the headers say; `None` is a body as it is.
    ///
    /// # Errors
    /// 415 for any other, and for two on top of each other.
    pub(super) fn of(headers: &HeaderMap) -> Result<Option<Self>, ApiError> {
        let mut values = headers.get_all(CONTENT_ENCODING).iter();
        let Some(value) = values.next() else {
            return Ok(None);
        };
        let text = String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase();
        match text.trim() {
            _ if values.next().is_some() => Err(ApiError::unknown_encoding("several")),
            "" | "identity" => Ok(None),
            "gzip" | "x-gzip" => Ok(Some(Self::Gzip)),
            "deflate" => Ok(Some(Self::Deflate)),
            _ => Err(ApiError::unknown_encoding(&text)),
        }
    }

    /// Decompresses a body to at most `limit` bytes, of which each is held before it is there. Takes as
    /// long as the bytes within the limit take, however many more there would be; call it off the async
    /// threads.
    ///
    /// # Errors
    /// 400 for damaged bytes, 413 for more than the limit, and those of `hold`.
    pub(super) fn decompress(
        self,
        body: &Bytes,
        limit: usize,
        hold: impl FnMut(usize) -> Result<(), ApiError>,
    ) -> Result<Bytes, ApiError> {
        match self {
            Self::Gzip => bounded(&mut MultiGzDecoder::new(&**body), limit, "gzip", hold),
            Self::Deflate => zlib(body, limit, hold),
        }
    }
}

/// Bytes that are decompressed at once.
const STEP: usize = 256 * 1024;

/// Everything, if it is within the limit.
fn bounded(
    decoder: &mut impl Read,
    limit: usize,
    name: &str,
    mut hold: impl FnMut(usize) -> Result<(), ApiError>,
) -> Result<Bytes, ApiError> {
    let mut bytes = Vec::new();
    loop {
        // One more than the limit, which tells that there are more.
        let step = STEP.min(limit + 1 - bytes.len());
        hold(step)?;
        let read = decoder.by_ref().take(step as u64).read_to_end(&mut bytes);
        let read = read.map_err(|error| ApiError::bad_encoding(name, &error.to_string()))?;
        if bytes.len() > limit {
            return Err(ApiError::body_too_large(limit, None));
        }
        if read < step {
            return Ok(bytes.into());
        }
    }
}

fn zlib(
    body: &[u8],
    limit: usize,
    hold: impl FnMut(usize) -> Result<(), ApiError>,
) -> Result<Bytes, ApiError> {
    const NAME: &str = "deflate";
    let mut decoder = ZlibDecoder::new(body);
    let bytes = bounded(&mut decoder, limit, NAME, hold)?;
    match decoder.into_inner().len() {
        0 => Ok(bytes),
        rest => Err(ApiError::bad_encoding(
            NAME,
            &format!("{rest} bytes after its end"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{GzEncoder, ZlibEncoder};

    use super::*;

    const TEXT: &[u8] = b"a shell, a shell, a shell, and sand";

    fn compressed(encoding: Encoding, text: &[u8]) -> Vec<u8> {
        match encoding {
            Encoding::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
                encoder.write_all(text).unwrap();
                encoder.finish().unwrap()
            }
            Encoding::Deflate => {
                let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
                encoder.write_all(text).unwrap();
                encoder.finish().unwrap()
            }
        }
    }

    fn code(encoding: Encoding, bytes: Vec<u8>, limit: usize) -> String {
        let error = encoding
            .decompress(&bytes.into(), limit, |_| Ok(()))
            .unwrap_err();
        error.problem.code
    }

    #[test]
    fn what_was_compressed_comes_back_up_to_the_limit() {
        for encoding in [Encoding::Gzip, Encoding::Deflate] {
            let bytes = compressed(encoding, TEXT);
            let back = encoding.decompress(&bytes.clone().into(), TEXT.len(), |_| Ok(()));
            assert_eq!(back.unwrap(), TEXT);
            assert_eq!(code(encoding, bytes, TEXT.len() - 1), "body_too_large");
        }
    }

    #[test]
    fn every_cut_and_every_addition_is_damage() {
        for encoding in [Encoding::Gzip, Encoding::Deflate] {
            let whole = compressed(encoding, TEXT);
            for length in 0..whole.len() {
                let cut = whole[..length].to_vec();
                assert_eq!(
                    code(encoding, cut, 1000),
                    "bad_encoding",
                    "{encoding:?} {length}"
                );
            }
            let more = [&whole[..], b"more"].concat();
            assert_eq!(code(encoding, more, 1000), "bad_encoding", "{encoding:?}");
        }
    }

    #[test]
    fn a_bomb_goes_off_at_the_limit() {
        let bomb = compressed(Encoding::Gzip, &vec![0; 8 << 20]);
        assert!(bomb.len() < 10_000);
        assert_eq!(code(Encoding::Gzip, bomb, 1000), "body_too_large");
    }

    #[test]
    fn nothing_is_expanded_that_is_not_held() {
        let bomb = compressed(Encoding::Gzip, &vec![0; 8 << 20]);
        let mut held = 0;
        let hold = |bytes| {
            held += bytes;
            match held {
                0..1_000_000 => Ok(()),
                _ => Err(ApiError::overloaded("too much")),
            }
        };
        let refused = Encoding::Gzip.decompress(&bomb.into(), 16 << 20, hold);
        assert_eq!(refused.unwrap_err().problem.code, "overloaded");
        assert!(held < 2_000_000, "{held}");
    }
}
