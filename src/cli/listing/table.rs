//! A table for people: headings, and columns that are aligned.

use unicode_width::UnicodeWidthStr;

/// Spaces between two columns.
const GAP: usize = 2;

/// Rows of cells, kept until all widths are known.
pub struct Table {
    rows: Vec<Vec<String>>,
    widths: Vec<usize>,
}

impl Table {
    /// An empty table. Without headings it has none.
    pub fn new(headings: &[&str]) -> Self {
        let mut table = Self {
            rows: Vec::new(),
            widths: Vec::new(),
        };
        if !headings.is_empty() {
            table.add(headings.iter().map(|text| text.to_uppercase()).collect());
        }
        table
    }

    /// Adds a row.
    pub fn add(&mut self, cells: Vec<String>) {
        self.widths.resize(cells.len().max(self.widths.len()), 0);
        for (width, cell) in self.widths.iter_mut().zip(&cells) {
            *width = cell.width().max(*width);
        }
        self.rows.push(cells);
    }

    /// All rows, each ended by a line feed.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for row in &self.rows {
            for (cell, width) in row.iter().zip(&self.widths) {
                text.push_str(cell);
                text.push_str(&" ".repeat(width + GAP - cell.width()));
            }
            text.truncate(text.trim_end_matches(' ').len());
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_by_what_a_terminal_shows() {
        let mut table = Table::new(&["id", "name", "status"]);
        for cells in [["1", "日本", "active"], ["12", "Jane", "-"]] {
            table.add(cells.map(str::to_owned).to_vec());
        }
        assert_eq!(
            table.text(),
            "ID  NAME  STATUS\n1   日本  active\n12  Jane  -\n"
        );
    }
}
