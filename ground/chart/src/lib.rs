//! Charts as SVG text, drawn by the server. They carry classes and never a style, so that the content
//! policy can forbid inline style and the colours follow theme and print. Every chart that shows figures
//! comes with the rows behind it: the page puts them in a table below. All words come from the caller,
//! in the reader's language, and are escaped here.

mod bars;
mod clock;
mod ring;
mod small;
mod spark;
mod svg;
mod tear;

pub use bars::{Bar, Distribution, bars, distribution, track};
pub use clock::clock;
pub use ring::{Arc, Line, ring};
pub use small::{Place, mark, ring_small};
pub use spark::sparkline;
pub use svg::{Chart, Rows, Svg, Tone};
