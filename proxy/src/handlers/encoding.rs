//! Compressed request bodies.

use std::io::{self, Read};

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

    /// Decompresses a body to at most `limit` bytes. Takes as long as the bytes within the limit
    /// take, however many more there would be; call it off the async threads.
    ///
    /// # Errors
    /// 400 for damaged bytes, 413 for more than the limit.
    pub(super) fn decompress(self, body: &Bytes, limit: usize) -> Result<Bytes, ApiError> {
        let (name, decompressed) = match self {
            Self::Gzip => ("gzip", bounded(MultiGzDecoder::new(&**body), limit)),
            Self::Deflate => ("deflate", zlib(body, limit)),
        };
        match decompressed {
            Ok(bytes) if bytes.len() > limit => Err(ApiError::body_too_large(limit, None)),
            Ok(bytes) => Ok(bytes.into()),
            Err(error) => Err(ApiError::bad_encoding(name, &error.to_string())),
        }
    }
}

/// Everything, or one byte more than the limit.
fn bounded(decoder: impl Read, limit: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    decoder.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn zlib(body: &[u8], limit: usize) -> io::Result<Vec<u8>> {
    let mut decoder = ZlibDecoder::new(body);
    let bytes = bounded(&mut decoder, limit)?;
    let rest = decoder.into_inner();
    if bytes.len() <= limit && !rest.is_empty() {
        let reason = format!("{} bytes after its end", rest.len());
        return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
    }
    Ok(bytes)
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
        let error = encoding.decompress(&bytes.into(), limit).unwrap_err();
        error.problem.code
    }

    #[test]
    fn what_was_compressed_comes_back_up_to_the_limit() {
        for encoding in [Encoding::Gzip, Encoding::Deflate] {
            let bytes = compressed(encoding, TEXT);
            let back = encoding.decompress(&bytes.clone().into(), TEXT.len());
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
}
