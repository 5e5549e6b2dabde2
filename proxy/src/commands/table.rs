//! Tables for terminals.

use std::fmt::Write;

/// Columns as wide as their widest cell, two spaces between; `right` says which hold numbers.
pub(super) fn table(heads: &[&str], right: &[bool], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells
            .chain([heads[column].chars().count()])
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let line = |cells: Vec<&str>| {
        let mut line = String::new();
        for (column, cell) in cells.iter().enumerate() {
            let width = widths[column];
            let written = match right[column] {
                true => write!(line, "  {cell:>width$}"),
                false => write!(line, "  {cell:<width$}"),
            };
            written.expect("writing to a string cannot fail");
        }
        line.trim_end().to_owned() + "\n"
    };
    let body = rows
        .iter()
        .map(|row| line(row.iter().map(String::as_str).collect()));
    std::iter::once(line(heads.to_vec())).chain(body).collect()
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn columns_line_up_whatever_the_alphabet() {
        let rows = [
            vec!["1".into(), "café".into()],
            vec!["10".into(), "bar".into()],
        ];
        assert_eq!(
            table(&["#", "label"], &[true, false], &rows),
            "   #  label\n   1  café\n  10  bar\n"
        );
    }
}
