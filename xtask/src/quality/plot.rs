//! A small picture of grade against bit rate, for docs/.

use std::fmt::Write;

use super::report::Row;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 360.0;
const MARGIN: f64 = 50.0;
const MOST_KBPS: f64 = 340.0;
const LEAST_KBPS: f64 = 100.0;
const COLOURS: [&str; 4] = ["#1a6f9c", "#b5541c", "#3d7a3d", "#7a3d78"];

/// The means as SVG: two lines per encoder, a point per preset.
pub(super) fn drawn(rows: &[Row]) -> String {
    let lowest = rows.iter().map(|row| row.mean).fold(-0.5, f64::min);
    let scale = Scale { least: (lowest * 4.0).floor() / 4.0, most: 0.25 };
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" \
         font-size=\"12\">\n<rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n"
    );
    scale.draw(&mut svg);
    let mut encoders: Vec<&str> = Vec::new();
    for row in rows {
        if !encoders.contains(&row.encoder) {
            encoders.push(row.encoder);
        }
    }
    for (nth, (encoder, colour)) in encoders.iter().zip(COLOURS.iter().cycle()).enumerate() {
        let ours: Vec<&Row> = rows.iter().filter(|row| row.encoder == *encoder).collect();
        // Of lines that lie on each other the later is drawn thinner, so that both are seen.
        let width = 5.0 - 1.5 * nth.min(2) as f64;
        draw_encoder(&mut svg, &scale, &ours, colour, width);
        let (x, y) = (WIDTH - MARGIN - 190.0, HEIGHT - MARGIN - 46.0 + 16.0 * nth as f64);
        // Writing to a string cannot fail.
        let _ = writeln!(svg, "<text x=\"{x:.0}\" y=\"{y:.0}\" fill=\"{colour}\">{encoder}</text>");
    }
    svg + "</svg>\n"
}

/// Constant bit rates are joined by a line, variable ones by a dashed line.
fn draw_encoder(svg: &mut String, scale: &Scale, rows: &[&Row], colour: &str, width: f64) {
    for (variable, dashes, below) in [(false, "", -10.0), (true, " stroke-dasharray=\"6 4\"", 20.0)] {
        let mut sorted: Vec<&Row> = rows.iter().copied().filter(|row| is_variable(row) == variable).collect();
        sorted.sort_by(|a, b| a.kbps.total_cmp(&b.kbps));
        let mut path = String::new();
        for row in sorted {
            let command = if path.is_empty() { 'M' } else { 'L' };
            let (x, y) = (across(row.kbps), scale.up(row.mean));
            let _ = write!(path, "{command}{x:.1} {y:.1}");
            let radius = width + 0.5;
            let _ = writeln!(svg, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\" fill=\"{colour}\"/>");
            // The first encoder's points lie where the others' do; one label is enough.
            if width > 4.0 {
                let (y, preset) = (y + below, &row.preset);
                let _ =
                    writeln!(svg, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{preset}</text>");
            }
        }
        let _ = writeln!(
            svg,
            "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\"{dashes}/>"
        );
    }
}

fn is_variable(row: &Row) -> bool {
    row.preset.starts_with('v')
}

fn across(kbps: f64) -> f64 {
    MARGIN + (kbps - LEAST_KBPS) / (MOST_KBPS - LEAST_KBPS) * (WIDTH - 2.0 * MARGIN)
}

/// From the worst mean to a little above no difference.
struct Scale {
    least: f64,
    most: f64,
}

impl Scale {
    fn up(&self, grade: f64) -> f64 {
        HEIGHT - MARGIN - (grade - self.least) / (self.most - self.least) * (HEIGHT - 2.0 * MARGIN)
    }

    fn draw(&self, svg: &mut String) {
        let (left, right, top, bottom) = (MARGIN, WIDTH - MARGIN, MARGIN, HEIGHT - MARGIN);
        let mut grade = self.least;
        while grade <= self.most + 1e-9 {
            let y = self.up(grade);
            let _ = writeln!(
                svg,
                "<path d=\"M{left} {y:.0}H{right}\" stroke=\"#ddd\"/><text x=\"{:.0}\" y=\"{y:.0}\" \
                 text-anchor=\"end\">{grade:.2}</text>",
                left - 6.0
            );
            grade += 0.25;
        }
        for kbps in (0..6).map(|nth| LEAST_KBPS + 40.0 * f64::from(nth) + 20.0) {
            let x = across(kbps);
            let _ = writeln!(
                svg,
                "<path d=\"M{x:.0} {top}V{bottom}\" stroke=\"#eee\"/><text x=\"{x:.0}\" y=\"{:.0}\" \
                 text-anchor=\"middle\">{kbps:.0}</text>",
                bottom + 16.0
            );
        }
        let _ = writeln!(
            svg,
            "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"middle\">kbit/s</text>\
             <text x=\"{MARGIN}\" y=\"{:.0}\">mean grade (PEAQ, 0 is no audible difference)</text>",
            WIDTH / 2.0,
            HEIGHT - 12.0,
            MARGIN - 20.0
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn better_grades_are_drawn_higher_and_more_bits_further_right() {
        let row = |preset: &str, kbps, mean| Row {
            preset: preset.to_owned(),
            encoder: "one",
            kbps,
            mean,
            music: None,
            killers: None,
            median: mean,
            worst: mean,
            worst_item: String::new(),
        };
        let svg = drawn(&[row("320", 320.0, 0.25), row("128", 128.0, -0.5)]);
        assert!(svg.contains("M113.0 310.0L545.0 50.0"), "{svg}");
        assert!(svg.ends_with("</svg>\n"));
    }
}
