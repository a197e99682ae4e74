//! What may stand between the braces of a merge field: an allow-list of words, signs and filters.

/// `if` and `for` inside one another.
const MOST_DEPTH: usize = 4;
/// Words and signs in one tag. The engine walks through an expression on its stack, and so many cost little of it.
const MOST_TOKENS: usize = 60;
/// What a value may go through on its way.
const FILTERS: [&str; 4] = ["default", "join", "lower", "upper"];
/// Of the variable `loop`.
const OF_LOOP: [&str; 4] = ["first", "index", "last", "length"];
/// Words that mean something to the engine, so no field can have them as a name.
const RESERVED: [&str; 24] = [
    "False", "None", "True", "and", "block", "call", "elif", "else", "endfor", "endif", "extends", "false",
    "for", "if", "import", "in", "include", "is", "loop", "macro", "none", "not", "or", "true",
];

/// What is wrong with a merge field, or with `if` and `for`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slip {
    /// A tag is opened and not closed on its line.
    Unclosed,
    /// A word after `{%` that is not if, elif, else, endif, for or endfor.
    Statement(String),
    Filter(String),
    /// A sign or a word that has no place there.
    Sign(String),
    /// An `endif`, `endfor` or `else` without beginning, or a beginning without end.
    Unbalanced,
    TooDeep,
    TooLong,
    /// What the engine does not take although its parts are right.
    Order,
}

/// How a field is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    Shown,
    Tested,
    Looped,
}

/// A name that a field can have: `first_name`.
pub fn is_field(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_lowercase())
        && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && name.len() <= 60
        && !RESERVED.contains(&name)
}

#[derive(Debug, PartialEq)]
pub(crate) enum Token<'a> {
    Word(&'a str),
    Number,
    Text,
    Sign(&'a str),
}

pub(crate) enum Open<'a> {
    If { else_seen: bool },
    For { var: &'a str },
}

/// The tokens up to the end of the tag, and the length with its end.
pub(crate) fn tokens<'a>(text: &'a str, end: &str) -> Result<(Vec<Token<'a>>, usize), Slip> {
    let mut found = Vec::new();
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let Some(first) = rest.chars().next() else { return Err(Slip::Unclosed) };
        if rest.starts_with(end) {
            return Ok((found, at + end.len()));
        }
        let run = |belongs: fn(char) -> bool| {
            let length = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
            rest.get(..length).unwrap_or_default()
        };
        let length = match first {
            '\n' | '\r' => return Err(Slip::Unclosed),
            ' ' | '\t' => 1,
            'a'..='z' | 'A'..='Z' | '_' => {
                let word = run(|c| c.is_ascii_alphanumeric() || c == '_');
                found.push(Token::Word(word));
                word.len()
            }
            '0'..='9' => {
                let digits = run(|c| c.is_ascii_alphanumeric() || c == '_');
                if digits.len() > 12 || !digits.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(Slip::Sign(short(digits)));
                }
                found.push(Token::Number);
                digits.len()
            }
            '"' | '\'' => {
                let inner = rest.get(1..).unwrap_or_default();
                let length = inner.find(first).ok_or(Slip::Unclosed)?;
                let text = inner.get(..length).unwrap_or_default();
                // Escapes and braces in a text would be read differently by somebody, so nobody reads them.
                if let Some(sign) = text.chars().find(|c| matches!(c, '\\' | '{' | '}' | '\n' | '\r')) {
                    return Err(if matches!(sign, '\n' | '\r') {
                        Slip::Unclosed
                    } else {
                        Slip::Sign(sign.to_string())
                    });
                }
                found.push(Token::Text);
                length + 2
            }
            _ => {
                let signs = ["==", "!=", "<=", ">=", "<", ">", "|", "(", ")", ",", "."];
                let sign = signs.iter().find(|sign| rest.starts_with(**sign));
                let sign = sign.ok_or_else(|| Slip::Sign(first.to_string()))?;
                found.push(Token::Sign(sign));
                sign.len()
            }
        };
        if found.len() > MOST_TOKENS {
            return Err(Slip::TooLong);
        }
        at += length;
    }
}

pub(crate) fn statement<'a>(
    tokens: &[Token<'a>],
    open: &mut Vec<Open<'a>>,
    uses: &mut Vec<(String, How)>,
) -> Result<(), Slip> {
    let Some((Token::Word(word), rest)) = tokens.split_first() else {
        return Err(Slip::Statement(String::new()));
    };
    let alone = || if rest.is_empty() { Ok(()) } else { Err(Slip::Order) };
    match *word {
        "if" => {
            expression(rest, How::Tested, open, uses)?;
            open.push(Open::If { else_seen: false });
        }
        "elif" => match open.last() {
            Some(Open::If { else_seen: false }) => expression(rest, How::Tested, open, uses)?,
            _ => return Err(Slip::Unbalanced),
        },
        "else" => {
            alone()?;
            match open.last_mut() {
                Some(Open::If { else_seen }) if !*else_seen => *else_seen = true,
                _ => return Err(Slip::Unbalanced),
            }
        }
        "endif" => {
            alone()?;
            if !matches!(open.pop(), Some(Open::If { .. })) {
                return Err(Slip::Unbalanced);
            }
        }
        "for" => match rest {
            [Token::Word(var), Token::Word("in"), Token::Word(list)] if is_field(var) && is_field(list) => {
                uses.push(((*list).to_owned(), How::Looped));
                open.push(Open::For { var });
            }
            _ => return Err(Slip::Order),
        },
        "endfor" => {
            alone()?;
            if !matches!(open.pop(), Some(Open::For { .. })) {
                return Err(Slip::Unbalanced);
            }
        }
        other => return Err(Slip::Statement(short(other))),
    }
    if open.len() > MOST_DEPTH { Err(Slip::TooDeep) } else { Ok(()) }
}

pub(crate) fn expression(
    tokens: &[Token<'_>],
    how: How,
    open: &[Open<'_>],
    uses: &mut Vec<(String, How)>,
) -> Result<(), Slip> {
    let mut before: Option<&Token<'_>> = None;
    // One for each open bracket: whether it belongs to a filter.
    let mut brackets: Vec<bool> = Vec::new();
    let mut filter = false;
    let mut tokens = tokens.iter().peekable();
    if tokens.peek().is_none() {
        return Err(Slip::Order);
    }
    while let Some(token) = tokens.next() {
        let was_filter = std::mem::take(&mut filter);
        match token {
            Token::Word(name) if before == Some(&Token::Sign("|")) => {
                if !FILTERS.contains(name) {
                    return Err(Slip::Filter(short(name)));
                }
                filter = true;
            }
            Token::Word("and" | "or" | "not" | "in" | "true" | "false") | Token::Number | Token::Text => {}
            Token::Word("loop") if open.iter().any(|o| matches!(o, Open::For { .. })) => {
                let dotted = (tokens.next(), tokens.next());
                let (Some(Token::Sign(".")), Some(Token::Word(of))) = dotted else {
                    return Err(Slip::Sign("loop".to_owned()));
                };
                if !OF_LOOP.contains(of) {
                    return Err(Slip::Sign(short(of)));
                }
            }
            Token::Word(name) if RESERVED.contains(name) => return Err(Slip::Sign(short(name))),
            Token::Word(name) => {
                let local = open.iter().any(|o| matches!(o, Open::For { var } if var == name));
                if !local {
                    uses.push(((*name).to_owned(), how));
                }
            }
            Token::Sign("(") => {
                let calls = matches!(before, Some(Token::Word(w)) if !was_filter && !matches!(*w, "and" | "or" | "not" | "in"));
                if calls || matches!(before, Some(Token::Text | Token::Number | Token::Sign(")"))) {
                    return Err(Slip::Sign("(".to_owned()));
                }
                brackets.push(was_filter);
                if brackets.len() > MOST_DEPTH {
                    return Err(Slip::TooDeep);
                }
            }
            Token::Sign(")") => {
                brackets.pop().ok_or_else(|| Slip::Sign(")".to_owned()))?;
            }
            Token::Sign(",") if brackets.last() == Some(&true) => {}
            Token::Sign(sign @ ("," | ".")) => return Err(Slip::Sign((*sign).to_owned())),
            Token::Sign(_) => {}
        }
        before = Some(token);
    }
    if brackets.is_empty() { Ok(()) } else { Err(Slip::Unclosed) }
}

/// A word for a sentence about it; nobody reads more of it.
fn short(word: &str) -> String {
    word.chars().take(40).collect()
}
