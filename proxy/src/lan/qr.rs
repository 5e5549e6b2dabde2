//! An address as a QR code.

use fast_qr::convert::Builder;
use fast_qr::convert::svg::SvgBuilder;
use fast_qr::{ECL, QRBuilder, QRCode};

/// Modules of quiet zone around the code (ISO/IEC 18004, 9.1).
const MARGIN: usize = 4;

fn code(text: &str) -> Option<QRCode> {
    // Only a text of kilobytes has no code.
    QRBuilder::new(text).ecl(ECL::M).build().ok()
}

/// For the terminal: two rows of modules a line.
pub fn text(address: &str) -> Option<String> {
    Some(code(address)?.to_str())
}

/// For the page: black on white in every theme, as cameras want it.
pub fn svg(address: &str) -> Option<String> {
    Some(SvgBuilder::default().margin(MARGIN).to_str(&code(address)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_becomes_a_picture_with_a_margin() {
        let svg = svg("http://192.168.1.7:8080/").unwrap();
        // Version 2, 25 modules, and twice the margin.
        assert!(svg.contains(r#"viewBox="0 0 33 33""#), "{svg}");
        assert!(text("http://192.168.1.7:8080/").unwrap().lines().count() > 12);
    }
}
