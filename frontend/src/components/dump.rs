//! The beginning and the end of a tensor on the wire: its bytes in hex, and the numbers that they are.

use conch_shared::tensor::DataType;
use leptos::prelude::*;

use crate::laboratory::dump::{Row, rows};
use crate::text::{grouped, wire as text};

/// Rows at the beginning and at the end.
const HEAD: usize = 8;
const TAIL: usize = 4;

/// The tensor, FP32 or UINT8, that begins at byte `from` of a body.
#[component]
pub(crate) fn Dump(
    body: bytes::Bytes,
    from: usize,
    datatype: DataType,
    shape: Vec<usize>,
) -> impl IntoView {
    let (first, between, last) = rows(&body, from, (datatype, &shape), HEAD, TAIL);
    let row = |row: Row| {
        let element: Vec<String> = row.element.iter().map(usize::to_string).collect();
        view! {
            <tr>
                <td class="dump-at">{grouped(row.at)}</td>
                <td class="dump-hex">{row.hex}</td>
                <td class="dump-value">{text::float(row.value)}</td>
                <td class="dump-element">{format!("[{}]", element.join(", "))}</td>
            </tr>
        }
    };
    let more = (between > 0).then(|| {
        view! {
            <tr class="dump-more">
                <td colspan="4">{text::more_numbers(between)}</td>
            </tr>
        }
    });
    view! {
        <table class="dump">
            <thead>
                <tr>
                    <th scope="col">{text::DUMP_BYTE}</th>
                    <th scope="col">{text::DUMP_HEX}</th>
                    <th scope="col">{datatype.to_string()}</th>
                    <th scope="col" class="dump-element">
                        {text::DUMP_ELEMENT}
                    </th>
                </tr>
            </thead>
            <tbody>
                {first.into_iter().map(row).collect_view()} {more}
                {last.into_iter().map(row).collect_view()}
            </tbody>
        </table>
    }
}
