//! A small picture of precision against recall, for docs/.

use std::fmt::Write;

use ferrotape_testkit::benchmark::{Point, Setting};

const WIDTH: f64 = 560.0;
const HEIGHT: f64 = 360.0;
const MARGIN: f64 = 50.0;
/// The picture begins here on both axes; nobody wants less.
const LEAST: f64 = 0.7;
const COLOURS: [&str; 2] = ["#1a6f9c", "#b5541c"];

/// The curves as SVG.
pub(super) fn drawn(curves: &[(Setting, Vec<Point>)]) -> String {
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" \
         font-size=\"12\">\n<rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n"
    );
    for step in 0..=6 {
        let at = LEAST + 0.05 * f64::from(step);
        let (x, y) = (across(at), up(at));
        let (left, right, top, bottom) = (MARGIN, WIDTH - MARGIN, MARGIN, HEIGHT - MARGIN);
        // Writing to a string cannot fail.
        let _ = writeln!(
            svg,
            "<path d=\"M{x:.0} {top}V{bottom}M{left} {y:.0}H{right}\" stroke=\"#ddd\"/>\
             <text x=\"{x:.0}\" y=\"{:.0}\" text-anchor=\"middle\">{at:.2}</text>\
             <text x=\"{:.0}\" y=\"{y:.0}\" text-anchor=\"end\">{at:.2}</text>",
            bottom + 16.0,
            left - 6.0
        );
    }
    let _ = writeln!(
        svg,
        "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"middle\">recall</text>\
         <text x=\"{MARGIN}\" y=\"{:.0}\">precision</text>",
        WIDTH / 2.0,
        HEIGHT - 12.0,
        MARGIN - 12.0
    );
    for (nth, ((setting, points), colour)) in curves.iter().zip(COLOURS).enumerate() {
        let name = match setting {
            Setting::Times => "with playing times",
            Setting::Names => "first artist, title and album only",
        };
        let _ = writeln!(
            svg,
            "<path d=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\
             <text x=\"{:.0}\" y=\"{:.0}\" fill=\"{colour}\">{name}</text>",
            path(points),
            MARGIN + 12.0,
            HEIGHT - MARGIN - 30.0 + 16.0 * nth as f64
        );
    }
    svg + "</svg>\n"
}

fn across(recall: f64) -> f64 {
    MARGIN + (recall - LEAST) / (1.0 - LEAST) * (WIDTH - 2.0 * MARGIN)
}

fn up(precision: f64) -> f64 {
    HEIGHT - MARGIN - (precision - LEAST) / (1.0 - LEAST) * (HEIGHT - 2.0 * MARGIN)
}

fn path(points: &[Point]) -> String {
    let mut path = String::new();
    for point in points.iter().filter(|point| point.recall >= LEAST && point.precision >= LEAST) {
        let command = if path.is_empty() { 'M' } else { 'L' };
        let _ = write!(path, "{command}{:.1} {:.1}", across(point.recall), up(point.precision));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_perfect_point_is_drawn_in_the_upper_right_corner() {
        let point = |precision, recall| Point { floor: 0.5, precision, recall };
        let svg = drawn(&[(Setting::Times, vec![point(1.0, 0.8), point(1.0, 1.0), point(0.5, 1.0)])]);
        assert!(svg.contains("L510.0 50.0\""), "{svg}");
        assert!(svg.ends_with("</svg>\n"));
    }
}
