//! The operator's color, in shades that can be read on light and on dark pages.

use std::fmt;

/// Contrast that text needs (WCAG 2.2, 1.4.3), and a little more, as shades are rounded.
const CONTRAST: f64 = 4.6;
/// Lightness of the least favorable background of each theme (`style/tokens.css`), and of text on the dark theme's buttons.
const LIGHT_BACKGROUND: f64 = 0.945;
const DARK_BACKGROUND: f64 = 0.295;
const DARK_TEXT: f64 = 0.2;
/// Lightness and most chroma of the tinted backgrounds.
const LIGHT_SOFT: (f64, f64) = (0.955, 0.025);
const DARK_SOFT: (f64, f64) = (0.285, 0.04);

/// A color for links, buttons and the focus, in the shades that pages use.
///
/// The hue stays, and the lightness is moved until text in the color and on it can be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Accent {
    light: Shade,
    dark: Shade,
}

impl Accent {
    /// Parses `#rrggbb`.
    ///
    /// # Errors
    /// It is no such color, or no shade of it can be read.
    pub fn parse(text: &str) -> Result<Self, String> {
        let color = Shade::parse(text).ok_or("must be a color like #0f766e")?;
        let steps = |from: f64, to: f64| {
            let by = if from < to { 0.005 } else { -0.005 };
            (0..200)
                .map(move |step| f64::from(step).mul_add(by, from))
                .take_while(move |l| if from < to { *l <= to } else { *l >= to })
        };
        let readable = |mut lightness: Box<dyn Iterator<Item = f64>>, back: f64| {
            let back = color.with(back, 0.03);
            lightness.find_map(|l| {
                let shade = color.with(l, f64::INFINITY);
                (shade.contrast(back) >= CONTRAST).then_some(shade)
            })
        };
        let light = readable(
            Box::new(steps(color.lightness.min(0.6), 0.2)),
            LIGHT_BACKGROUND,
        );
        let dark = readable(
            Box::new(steps(color.lightness.max(0.6), 0.95)),
            DARK_BACKGROUND,
        );
        match (light, dark) {
            (Some(light), Some(dark)) => Ok(Self { light, dark }),
            _ => Err("has no shade that can be read on light and on dark pages".to_owned()),
        }
    }

    /// The style sheet that replaces the color of `style/tokens.css`.
    pub fn css(&self) -> String {
        let Self { light, dark } = self;
        let soft = |(lightness, chroma)| light.with(lightness, chroma);
        let strong = (
            light.with(light.lightness - 0.07, f64::INFINITY),
            dark.with((dark.lightness + 0.06).min(0.97), f64::INFINITY),
        );
        let pairs = [
            ("accent", *light, *dark),
            ("accent-fill", *light, *dark),
            ("accent-strong", strong.0, strong.1),
            ("accent-soft", soft(LIGHT_SOFT), soft(DARK_SOFT)),
            (
                "on-accent",
                light.with(1.0, 0.0),
                light.with(DARK_TEXT, 0.03),
            ),
        ];
        let pairs =
            pairs.map(|(name, light, dark)| format!("--{name}: light-dark({light}, {dark});\n"));
        format!("@layer tokens {{\n:root {{\n{}}}\n}}\n", pairs.concat())
    }
}

/// A color in OKLCH (CSS Color 4, 9).
#[derive(Clone, Copy, Debug, PartialEq)]
struct Shade {
    /// 0 to 1.
    lightness: f64,
    chroma: f64,
    /// Radians.
    hue: f64,
}

impl fmt::Display for Shade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hue = self.hue.to_degrees().rem_euclid(360.0);
        write!(
            f,
            "oklch({:.1}% {:.3} {hue:.1})",
            100.0 * self.lightness,
            self.chroma
        )
    }
}

impl Shade {
    fn parse(text: &str) -> Option<Self> {
        let digits = text
            .strip_prefix('#')
            .filter(|digits| digits.len() == 6 && digits.is_ascii())?;
        let channel = |at: usize| {
            let value = u8::from_str_radix(&digits[at..at + 2], 16).ok()?;
            let value = f64::from(value) / 255.0;
            Some(if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            })
        };
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        Some(Self::from_linear([channel(0)?, channel(2)?, channel(4)?]))
    }

    /// The same hue with this lightness, and at most this chroma: as much of it as a screen can show.
    fn with(self, lightness: f64, most: f64) -> Self {
        // As it is written.
        let round = |number: f64| (number * 1_000.0).round() / 1_000.0;
        let of = |chroma: f64| Self {
            lightness: round(lightness),
            chroma: round(chroma),
            ..self
        };
        let most = self.chroma.min(most);
        let found = (0..=50).map(|step| of(most * (1.0 - f64::from(step) / 50.0)));
        found
            .into_iter()
            .find(|shade| shade.is_shown())
            .unwrap_or_else(|| of(0.0))
    }

    fn is_shown(self) -> bool {
        self.linear()
            .iter()
            .all(|channel| (-0.001..=1.001).contains(channel))
    }

    /// Björn Ottosson's matrices, as in CSS Color 4, 18.
    fn from_linear([r, g, b]: [f64; 3]) -> Self {
        let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
        let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
        let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
        let lightness = 0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s;
        let red = 1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s;
        let blue = 0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s;
        Self {
            lightness,
            chroma: red.hypot(blue),
            hue: blue.atan2(red),
        }
    }

    fn linear(self) -> [f64; 3] {
        let (red, blue) = (self.chroma * self.hue.cos(), self.chroma * self.hue.sin());
        let l = (self.lightness + 0.396_337_777_4 * red + 0.215_803_757_3 * blue).powi(3);
        let m = (self.lightness - 0.105_561_345_8 * red - 0.063_854_172_8 * blue).powi(3);
        let s = (self.lightness - 0.089_484_177_5 * red - 1.291_485_548_0 * blue).powi(3);
        [
            4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
            -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
            -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s,
        ]
    }

    /// WCAG 2.2, "contrast ratio".
    fn contrast(self, other: Self) -> f64 {
        let luminance = |shade: Self| {
            let [r, g, b] = shade.linear().map(|channel| channel.clamp(0.0, 1.0));
            0.2126 * r + 0.7152 * g + 0.0722 * b
        };
        let (one, other) = (luminance(self), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }
}
