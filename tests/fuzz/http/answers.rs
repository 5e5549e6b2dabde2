//! What a connection gave back, taken apart: as many answers as there were requests, each whole.

/// What the application said to a request: whether it was a HEAD, and the status.
#[derive(Clone, Copy, Debug)]
pub struct Said {
    pub head: bool,
    pub status: u16,
}

/// Checks that `bytes` are these answers, one behind the other, and at most one more at the end, by
/// which the connection itself refuses what is no request.
pub fn check(mut bytes: &[u8], said: &[Said]) {
    let mut said = said.iter();
    while !bytes.is_empty() {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut answer = httparse::Response::new(&mut headers);
        let parsed = answer.parse(bytes).expect("an answer's head");
        assert!(parsed.is_complete(), "an answer's head that is cut");
        bytes = &bytes[parsed.unwrap()..];
        let status = answer.code.expect("a status");
        if status == 100 {
            continue;
        }
        let said = said.next();
        match said {
            Some(said) => assert_eq!(said.status, status),
            None => assert!((400..500).contains(&status), "{status} to no request"),
        }
        assert_ne!(status, 500);
        let header = |name: &str| {
            let mut named = answer.headers.iter();
            named.find(|header| header.name.eq_ignore_ascii_case(name))
        };
        let is_empty = said.is_some_and(|said| said.head) || matches!(status, 204 | 304);
        bytes = match (header("content-length"), header("transfer-encoding")) {
            _ if is_empty => bytes,
            (Some(length), None) => {
                let length = std::str::from_utf8(length.value).expect("digits");
                let length: usize = length.parse().expect("a number");
                bytes.get(length..).expect("a whole body")
            }
            (None, Some(_)) => after_chunks(bytes),
            (None, None) => &[],
            (Some(_), Some(_)) => panic!("a body of two lengths"),
        };
        if said.is_none() {
            assert!(bytes.is_empty(), "more behind the connection's last word");
        }
    }
    assert!(said.next().is_none(), "a request without its answer");
}

fn after_chunks(mut bytes: &[u8]) -> &[u8] {
    loop {
        let size = httparse::parse_chunk_size(bytes).expect("a chunk's size");
        assert!(size.is_complete(), "a chunk's size that is cut");
        let (start, length) = size.unwrap();
        let end = start + length as usize;
        assert_eq!(bytes.get(end..end + 2), Some(&b"\r\n"[..]), "a chunk's end");
        bytes = &bytes[end + 2..];
        if length == 0 {
            return bytes;
        }
    }
}
