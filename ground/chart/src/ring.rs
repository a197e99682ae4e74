use std::fmt::Write;

use crate::{
    Svg, Tone,
    svg::{Path, escaped, href, polar},
    tear::Shape,
};

/// One of the five arcs: attract, serve, measure, improve, bind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arc<'a> {
    /// What is written along it.
    pub name: &'a str,
    /// What is said of it; tells in words when it is broken: "bedienen (onderbroken)".
    pub label: &'a str,
    /// On this page or this site.
    pub href: &'a str,
    pub broken: bool,
}

/// A line of text in the middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line<'a> {
    Soft(&'a str),
    /// The one number.
    Big(&'a str),
}

/// The names stand off the middle of the band by this much, since text hangs above its path.
const DROP: f64 = 5.5;

/// The big ring of the home page. It is a group and not an image, since its arcs are links. They stay out
/// of the tab order: the same links stand beside the ring in words. `id` sets the ids of its paths apart
/// from another ring's on the same page. At most four lines are drawn in the middle.
pub fn ring(id: &str, label: &str, arcs: &[Arc<'_>; 5], middle: &[Line<'_>]) -> Svg {
    let shape = Shape::HOME;
    let mut out = format!(
        "<svg class=\"ring-pic\" viewBox=\"-190 -190 380 380\" role=\"group\" aria-label=\"{}\">",
        escaped(label)
    );
    for (i, (arc, tone)) in arcs.iter().zip(Tone::ARCS).enumerate() {
        let path = format!("{}{i}", escaped(id));
        let _ = write!(
            out,
            "<a class=\"{}\" href=\"{}\" aria-label=\"{}\" tabindex=\"-1\">",
            tone.class(),
            href(arc.href),
            escaped(arc.label)
        );
        if arc.broken {
            for piece in shape.pieces(i) {
                let _ = write!(out, "<path class=\"band\" d=\"{piece}\"/>");
            }
            let _ = write!(out, "<path class=\"bridge\" d=\"{}\"/>", shape.bridge(i));
            let _ = write!(out, "<path class=\"bridge reach\" d=\"{}\"/>", reach(&shape, i));
        } else {
            let _ = write!(out, "<path class=\"band\" d=\"{}\"/>", shape.band(i));
        }
        let _ = write!(
            out,
            "<path id=\"{path}\" fill=\"none\" d=\"{}\"/><text class=\"name\" aria-hidden=\"true\"><textPath \
             href=\"#{path}\" startOffset=\"50%\" text-anchor=\"middle\">{}</textPath></text></a>",
            lettering(&shape, i, arc.broken),
            escaped(arc.name)
        );
    }
    for (line, y) in middle.iter().zip([-42, 8, 36, 66]) {
        let (class, text) = match line {
            Line::Soft(text) => ("soft", text),
            Line::Big(text) => ("big", text),
        };
        let _ = write!(out, "<text class=\"mid {class}\" y=\"{y}\">{}</text>", escaped(text));
    }
    Svg(out + "</svg>")
}

/// The line from the break towards the words beside the ring.
fn reach(shape: &Shape, arc: usize) -> String {
    let at = Shape::centre(arc) + 15.5;
    Path::default().to('M', polar(shape.outer - 14.0, at)).to('L', polar(shape.outer + 16.0, at)).open()
}

/// The line that a name is written along: reversed on the lower arcs, where it would stand on its head.
/// On a broken arc it ends in the middle of the break.
fn lettering(shape: &Shape, arc: usize, broken: bool) -> String {
    let (from, until) = (shape.from(arc), shape.until(arc));
    let cut = Shape::centre(arc) + f64::midpoint(shape.stop, shape.resume);
    if matches!(arc, 2 | 3) {
        let radius = shape.middle() + DROP;
        let start = if broken { cut } else { until + 2.0 };
        return Path::default()
            .to('M', polar(radius, start))
            .arc(radius, false, polar(radius, from - 2.0))
            .open();
    }
    let radius = shape.middle() - DROP;
    let end = if broken { cut } else { until + 5.0 };
    Path::default().to('M', polar(radius, from + 1.0)).arc(radius, true, polar(radius, end)).open()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(broken: Option<usize>) -> String {
        let names = ["aantrekken", "bedienen", "meten", "verbeteren", "binden"];
        let arcs: Vec<_> = names
            .iter()
            .enumerate()
            .map(|(i, name)| Arc { name, label: name, href: "#a", broken: broken == Some(i) })
            .collect();
        let middle = [Line::Soft("op jou wachten"), Line::Big("23"), Line::Soft("dingen, 5 vandaag")];
        ring("t", "De kring", &arcs.try_into().unwrap(), &middle).to_string()
    }

    /// The mock of the home page, to the tenth of a unit.
    #[test]
    fn the_ring_is_the_one_that_was_drawn() {
        let svg = drawn(Some(1));
        for path in [
            "<path class=\"band\" d=\"M-102.9 -152.5A184 184 0 0 1 102.9 -152.5L103.5 -123.3L77.2 -114.4A138 138 0 0 0 -77.2 -114.4L-75.6 -142.2Z\"/>",
            "<path id=\"t0\" fill=\"none\" d=\"M-84.7 -130.4A155.5 155.5 0 0 1 97.9 -120.8\"/>",
            "<path class=\"band\" d=\"M113.3 -145.0A184 184 0 0 1 181.7 -28.8L167.0 -33.1L154.2 -20.0L135.9 -24.0A138 138 0 0 0 85.0 -108.7L111.8 -115.8Z\"/>",
            "<path class=\"band\" d=\"M183.7 9.6A184 184 0 0 1 176.9 50.7L149.3 60.3L132.7 38.0A138 138 0 0 0 137.8 7.2L154.7 15.2L170.1 5.3Z\"/>",
            "<path class=\"bridge\" d=\"M159.8 -19.6A161.0 161.0 0 0 1 160.8 8.4\"/>",
            "<path class=\"bridge reach\" d=\"M169.8 -7.4L199.8 -8.7\"/>",
            "<path id=\"t1\" fill=\"none\" d=\"M97.9 -120.8A155.5 155.5 0 0 1 155.3 -8.1\"/>",
            "<path class=\"band\" d=\"M172.9 62.9A184 184 0 0 1 6.4 183.9L-11.2 160.6L4.8 137.9A138 138 0 0 0 129.7 47.2L144.7 70.6Z\"/>",
            "<path id=\"t2\" fill=\"none\" d=\"M0.0 166.5A166.5 166.5 0 0 0 158.4 51.5\"/>",
            "<path class=\"band\" d=\"M-6.4 183.9A184 184 0 0 1 -172.9 62.9L-156.2 38.9L-129.7 47.2A138 138 0 0 0 -4.8 137.9L-22.4 159.4Z\"/>",
            "<path id=\"t3\" fill=\"none\" d=\"M-158.4 51.5A166.5 166.5 0 0 0 0.0 166.5\"/>",
            "<path class=\"band\" d=\"M-176.9 50.7A184 184 0 0 1 -113.3 -145.0L-85.3 -136.5L-85.0 -108.7A138 138 0 0 0 -132.7 38.0L-158.6 28.0Z\"/>",
            "<path id=\"t4\" fill=\"none\" d=\"M-150.2 40.2A155.5 155.5 0 0 1 -84.7 -130.4\"/>",
            "<text class=\"mid big\" y=\"8\">23</text>",
            "<textPath href=\"#t1\" startOffset=\"50%\" text-anchor=\"middle\">bedienen</textPath>",
        ] {
            assert!(svg.contains(path), "{path}\n{svg}");
        }
    }

    #[test]
    fn every_arc_can_break_and_no_style_is_needed() {
        assert_eq!(drawn(None).matches("class=\"band\"").count(), 5);
        for i in 0..5 {
            let svg = drawn(Some(i));
            assert_eq!(svg.matches("class=\"band\"").count(), 6);
            assert_eq!(svg.matches("class=\"bridge").count(), 2);
            assert!(!svg.contains("style=") && !svg.contains("NaN"));
        }
        let evil = Arc { name: "<script>", label: "\"", href: "javascript:x", broken: false };
        let all = [evil.clone(), evil.clone(), evil.clone(), evil.clone(), evil];
        let svg = ring("\"><x", "'\"<", &all, &[Line::Big("<b>")]).to_string();
        assert!(
            !svg.contains("<script")
                && !svg.contains("<x")
                && !svg.contains("<b>")
                && !svg.contains("javascript")
        );
    }
}
