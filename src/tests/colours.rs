//! The colours of the style sheet: every pair that meets on a page can be told apart (WCAG 2.2, 1.4.3 and 1.4.11).

use std::{collections::HashMap, fs, path::Path};

use opentill::server::brand::Accent;

/// Text and what it stands on, at least 4.5:1.
const TEXT: [(&str, &[&str]); 9] = [
    (
        "text",
        &[
            "canvas",
            "surface",
            "raised",
            "sunken",
            "accent-soft",
            "warn-soft",
        ],
    ),
    ("text-quiet", &["canvas", "surface", "raised", "sunken"]),
    ("accent", &["canvas", "surface", "sunken", "accent-soft"]),
    ("on-accent", &["accent-fill", "accent-strong"]),
    ("danger", &["canvas", "surface", "danger-soft"]),
    ("on-danger", &["danger-fill", "danger-strong"]),
    ("ok", &["surface", "ok-soft"]),
    ("warn", &["warn-soft"]),
    ("text-quiet", &["accent-soft"]),
];
/// Edges of controls and the ring of the focus, and what is beside them, at least 3:1.
const EDGES: [(&str, &[&str]); 5] = [
    (
        "line-strong",
        &["canvas", "surface", "sunken", "warn-soft", "accent-soft"],
    ),
    (
        "accent",
        &[
            "canvas",
            "surface",
            "sunken",
            "accent-soft",
            "warn-soft",
            "danger-soft",
            "ok-soft",
        ],
    ),
    ("accent-fill", &["canvas", "surface", "sunken", "warn-soft"]),
    ("danger", &["surface"]),
    ("danger-fill", &["surface"]),
];

#[test]
fn text_can_be_read_in_light_and_in_dark() {
    check(&TEXT, 4.5);
}

#[test]
fn edges_can_be_seen_in_light_and_in_dark() {
    check(&EDGES, 3.0);
}

#[test]
fn every_accent_of_an_operator_can_be_read_in_light_and_in_dark() {
    let own = tokens();
    let levels = ["00", "33", "77", "bb", "ff"];
    for red in levels {
        for green in levels {
            for blue in levels {
                let accent = format!("#{red}{green}{blue}");
                let css = Accent::parse(&accent).expect(&accent).css();
                // Later declarations override earlier ones.
                let themes = themes(&format!("{own}{css}"));
                assert_eq!(below(&themes, &TEXT, 4.5), [""; 0], "{accent}");
                assert_eq!(below(&themes, &EDGES, 3.0), [""; 0], "{accent}");
            }
        }
    }
}

#[test]
fn an_accent_is_a_color_without_transparency() {
    for accent in ["#0f766e", "#ABCDEF"] {
        assert!(Accent::parse(accent).is_ok(), "{accent}");
    }
    for no_color in [
        "",
        "teal",
        "0f766e",
        "#0f7",
        "#0f766e80",
        "#gg0000",
        "#+1+1+1",
        "#0f766é",
        "red;}",
    ] {
        assert!(Accent::parse(no_color).is_err(), "{no_color}");
    }
}

#[test]
fn contrast_is_what_the_standard_says() {
    let [black, white] = ["oklch(0% 0 0)", "oklch(100% 0 0)"].map(colour);
    assert!((contrast(black, white) - 21.0).abs() < 0.01);
    assert!((contrast(white, white) - 1.0).abs() < 0.01);
    // #777777 on white is the textbook pair that just fails for text.
    let grey = colour("oklch(56.94% 0 0)");
    assert!((contrast(white, grey) - 4.48).abs() < 0.02);
}

fn check(pairs: &[(&str, &[&str])], least: f64) {
    let found = below(&themes(&tokens()), pairs, least);
    assert!(found.is_empty(), "below {least}:1: {found:#?}");
}

/// The pairs with less contrast than that.
fn below(themes: &HashMap<String, Themed>, pairs: &[(&str, &[&str])], least: f64) -> Vec<String> {
    let mut found = Vec::new();
    for (front, backs) in pairs {
        for back in *backs {
            let (front_is, back_is) = (&themes[*front], &themes[*back]);
            for (theme, ratio) in [
                ("light", contrast(front_is.light, back_is.light)),
                ("dark", contrast(front_is.dark, back_is.dark)),
            ] {
                if ratio < least {
                    found.push(format!("{front} on {back} in {theme}: {ratio:.2}"));
                }
            }
        }
    }
    found
}

/// A colour in both themes, as linear red, green and blue.
struct Themed {
    light: [f64; 3],
    dark: [f64; 3],
}

fn tokens() -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("style/tokens.css");
    fs::read_to_string(file).unwrap()
}

/// `--name: value;`
fn declaration(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.trim().strip_prefix("--")?.split_once(": ")?;
    Some((name, value.strip_suffix(';')?))
}

fn themes(css: &str) -> HashMap<String, Themed> {
    css.lines()
        .filter_map(declaration)
        .filter_map(|(name, value)| {
            let both = value.strip_prefix("light-dark(")?.strip_suffix(')')?;
            let (light, dark) = both.split_once("), ").expect("two colours");
            let themed = Themed {
                light: colour(&format!("{light})")),
                dark: colour(dark),
            };
            Some((name.to_owned(), themed))
        })
        .collect()
}

/// `oklch(50% 0.1 165)` as linear sRGB, cut to what a screen can show (CSS Color 4, 10.2).
fn colour(oklch: &str) -> [f64; 3] {
    let inner = oklch
        .strip_prefix("oklch(")
        .and_then(|rest| rest.strip_suffix(')'))
        .unwrap_or_else(|| panic!("an oklch colour: {oklch}"));
    let parts: Vec<f64> = inner
        .split(' ')
        .map(|part| part.trim_end_matches('%').parse().unwrap())
        .collect();
    let (lightness, chroma, hue) = (parts[0] / 100.0, parts[1], parts[2].to_radians());
    let (red, blue) = (chroma * hue.cos(), chroma * hue.sin());
    let l = (lightness + 0.396_337_777_4 * red + 0.215_803_757_3 * blue).powi(3);
    let m = (lightness - 0.105_561_345_8 * red - 0.063_854_172_8 * blue).powi(3);
    let s = (lightness - 0.089_484_177_5 * red - 1.291_485_548_0 * blue).powi(3);
    [
        4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
        -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
        -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s,
    ]
    .map(|channel| channel.clamp(0.0, 1.0))
}

/// WCAG 2.2, "contrast ratio".
fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let luminance = |[r, g, b]: [f64; 3]| 0.2126 * r + 0.7152 * g + 0.0722 * b;
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}
