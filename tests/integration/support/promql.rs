use std::iter::Peekable;
use std::vec::IntoIter;

/// What a query of Prometheus names, read from as much of its language as a dashboard needs.
#[derive(Debug, Default)]
pub(crate) struct Query {
    pub(crate) selectors: Vec<Selector>,
    /// The labels of every `by (…)`.
    pub(crate) groups: Vec<String>,
    pub(crate) functions: Vec<String>,
}

/// `metric{label="value"}`.
#[derive(Debug)]
pub(crate) struct Selector {
    pub(crate) metric: String,
    /// Label, operator, value.
    pub(crate) matchers: Vec<(String, String, String)>,
    /// The function right around it.
    pub(crate) within: String,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Name(String),
    Text(String),
    Number,
    /// `[5m]`
    Range,
    Sign(String),
}

type Tokens = Peekable<IntoIter<Token>>;

impl Query {
    pub(crate) fn parse(text: &str) -> Self {
        let mut query = Self::default();
        let mut tokens = tokens(text).into_iter().peekable();
        // The function of each bracket that is open.
        let mut open: Vec<String> = Vec::new();
        let mut last = String::new();
        while let Some(token) = tokens.next() {
            let called = std::mem::take(&mut last);
            match token {
                Token::Name(name) if name == "by" => {
                    query.groups.extend(list(&mut tokens));
                    // The aggregation's argument follows.
                    last = called;
                }
                Token::Name(name) if name == "or" => {}
                Token::Name(name) if calls(&mut tokens) => {
                    query.functions.push(name.clone());
                    last = name;
                }
                Token::Name(metric) => query.selectors.push(Selector {
                    metric,
                    matchers: matchers(&mut tokens),
                    within: open.last().cloned().unwrap_or_default(),
                }),
                Token::Sign(sign) if sign == "(" => open.push(called),
                Token::Sign(sign) if sign == ")" => {
                    assert!(open.pop().is_some(), "no bracket is open: {text}");
                }
                Token::Sign(sign) => assert!("+-*/,".contains(&sign), "{sign} in {text}"),
                Token::Number | Token::Range => {}
                Token::Text(string) => panic!("{string:?} in {text}"),
            }
        }
        assert!(open.is_empty(), "a bracket stays open: {text}");
        query
    }
}

fn calls(tokens: &mut Tokens) -> bool {
    match tokens.peek() {
        Some(Token::Sign(sign)) => sign == "(",
        Some(Token::Name(name)) => name == "by",
        _ => false,
    }
}

/// `(a, b)`
fn list(tokens: &mut Tokens) -> Vec<String> {
    assert_eq!(tokens.next(), Some(Token::Sign("(".into())));
    let mut names = Vec::new();
    loop {
        match tokens.next() {
            Some(Token::Name(name)) => names.push(name),
            Some(Token::Sign(sign)) if sign == "," => {}
            Some(Token::Sign(sign)) if sign == ")" => return names,
            other => panic!("{other:?} in a list of labels"),
        }
    }
}

/// `{a="b", c=~"d"}`, or nothing.
fn matchers(tokens: &mut Tokens) -> Vec<(String, String, String)> {
    let mut matchers = Vec::new();
    if tokens.next_if_eq(&Token::Sign("{".into())).is_none() {
        return matchers;
    }
    loop {
        match (tokens.next(), tokens.next(), tokens.next()) {
            (Some(Token::Name(label)), Some(Token::Sign(sign)), Some(Token::Text(value))) => {
                assert!(["=", "!=", "=~", "!~"].contains(&sign.as_str()), "{sign}");
                matchers.push((label, sign, value));
            }
            other => panic!("{other:?} in place of a matcher"),
        }
        match tokens.next() {
            Some(Token::Sign(sign)) if sign == "," => {}
            Some(Token::Sign(sign)) if sign == "}" => return matchers,
            other => panic!("{other:?} behind a matcher"),
        }
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let taken = |decent: fn(char) -> bool| rest.find(|c| !decent(c)).unwrap_or(rest.len());
        let length = match first {
            ' ' => 1,
            '"' => 2 + rest[1..].find('"').unwrap(),
            '[' => 1 + rest.find(']').unwrap(),
            '=' | '!' => taken(|c| "=!~".contains(c)),
            '0'..='9' => taken(|c| c.is_ascii_digit() || c == '.'),
            'a'..='z' | 'A'..='Z' | '_' => taken(|c| c.is_ascii_alphanumeric() || "_:".contains(c)),
            _ => first.len_utf8(),
        };
        let (token, behind) = rest.split_at(length);
        tokens.extend(match first {
            ' ' => None,
            '"' => Some(Token::Text(token.trim_matches('"').to_owned())),
            '[' => Some(Token::Range),
            '0'..='9' => Some(Token::Number),
            'a'..='z' | 'A'..='Z' | '_' => Some(Token::Name(token.to_owned())),
            _ => Some(Token::Sign(token.to_owned())),
        });
        rest = behind;
    }
    tokens
}
