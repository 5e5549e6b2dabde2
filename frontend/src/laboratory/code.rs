//! Text in lines and coloured tokens. Put together again, the tokens are the text to the byte.

/// What a token is; styles and readers go by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The name of a field.
    Name,
    /// A text in quotes.
    Text,
    /// A number.
    Number,
    /// `true`, `null`, the name of an enum's value.
    Word,
    /// Brackets, colons, commas.
    Mark,
    /// For people alone.
    Comment,
    /// Spaces, and whatever has no colour.
    Plain,
}

impl Kind {
    /// A class for styles.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Name => "code-name",
            Self::Text => "code-text",
            Self::Number => "code-number",
            Self::Word => "code-word",
            Self::Mark => "code-mark",
            Self::Comment => "code-comment",
            Self::Plain => "",
        }
    }
}

/// A piece of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: Kind,
    /// Its letters, as they are.
    pub(crate) text: String,
}

/// A field that begins on a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    /// Its name and the names around it, with dots: `input.dims`.
    pub(crate) path: String,
    /// Its value without quotes; several with commas; `{}` for braces with nothing in them; empty
    /// where it holds other fields.
    pub(crate) value: String,
}

/// A line as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Line {
    /// How deep it is nested, where the text itself has no spaces that show it.
    pub(crate) depth: usize,
    /// Its tokens.
    pub(crate) tokens: Vec<Token>,
    /// The fields that begin on it.
    pub(crate) fields: Vec<Field>,
}

impl Line {
    /// Adds a piece.
    pub(crate) fn push(&mut self, kind: Kind, text: &str) {
        self.tokens.push(Token {
            kind,
            text: text.to_owned(),
        });
    }
}

/// Where a text in quotes that begins with `text` ends, its quotes included; at the end of the text
/// where nothing closes it.
pub(crate) fn quoted(text: &str) -> usize {
    let Some(quote) = text.chars().next() else {
        return 0;
    };
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            letter if letter == quote => return at + letter.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

/// How many bytes of the text's beginning are such letters.
pub(crate) fn run(text: &str, is_such: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !is_such(letter)).unwrap_or(text.len())
}
