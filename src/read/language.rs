//! The language of a text, where enough of it speaks clearly.

/// Below this the detector is not believed.
const FLOOR: f64 = 0.5;

/// Characters looked at, and fewest that say anything.
const SAMPLE: usize = 4000;
const FEWEST: usize = 40;

/// ISO 639-1 code of the language of `text`; `None` below the floor.
pub(super) fn detect(text: &str) -> Option<String> {
    let sample: String = text.chars().take(SAMPLE).collect();
    if sample.chars().filter(|c| c.is_alphabetic()).count() < FEWEST {
        return None;
    }
    let info = whatlang::detect(&sample)?;
    let believed = info.confidence() >= FLOOR || info.is_reliable();
    believed.then(|| two_letters(info.lang())).flatten().map(str::to_string)
}

fn two_letters(lang: whatlang::Lang) -> Option<&'static str> {
    use whatlang::Lang::*;
    const CODES: &[(whatlang::Lang, &str)] = &[
        (Eng, "en"),
        (Deu, "de"),
        (Rus, "ru"),
        (Ukr, "uk"),
        (Fra, "fr"),
        (Spa, "es"),
        (Ita, "it"),
        (Pol, "pl"),
        (Por, "pt"),
        (Nld, "nl"),
        (Tur, "tr"),
        (Ara, "ar"),
        (Heb, "he"),
        (Ces, "cs"),
        (Slk, "sk"),
        (Slv, "sl"),
        (Hrv, "hr"),
        (Srp, "sr"),
        (Bul, "bg"),
        (Ron, "ro"),
        (Hun, "hu"),
        (Ell, "el"),
        (Swe, "sv"),
        (Dan, "da"),
        (Nob, "nb"),
        (Fin, "fi"),
        (Est, "et"),
        (Lav, "lv"),
        (Lit, "lt"),
        (Bel, "be"),
        (Kat, "ka"),
        (Hye, "hy"),
        (Aze, "az"),
        (Pes, "fa"),
        (Hin, "hi"),
        (Urd, "ur"),
        (Cmn, "zh"),
        (Jpn, "ja"),
        (Kor, "ko"),
        (Vie, "vi"),
        (Tha, "th"),
        (Ind, "id"),
        (Cat, "ca"),
        (Lat, "la"),
        (Mkd, "mk"),
    ];
    CODES.iter().find(|(known, _)| *known == lang).map(|(_, code)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clear_texts_are_named_and_scraps_are_not() {
        for (text, code) in [
            (
                "The ferry will sail again on Monday, the harbour master said, and nobody was hurt in the storm.",
                Some("en"),
            ),
            (
                "Die Fähre fährt ab Montag wieder, sagte der Hafenmeister, und niemand wurde im Sturm verletzt.",
                Some("de"),
            ),
            ("Паром снова пойдёт в понедельник, сообщил начальник порта, никто не пострадал.", Some("ru")),
            ("Пором знову піде у понеділок, повідомив начальник порту, ніхто не постраждав.", Some("uk")),
            ("OK 12:30", None),
            ("", None),
        ] {
            assert_eq!(detect(text).as_deref(), code, "{text}");
        }
    }
}
