use kring_lang::names::{NameParts, PersonName, fold, split_full_name, split_surname};

/// The columns of a list that may hold parts of a name; empty ones were not there.
#[derive(Clone, Copy, Debug, Default)]
pub struct Columns<'a> {
    pub full: &'a str,
    pub preferred: &'a str,
    pub initials: &'a str,
    pub prefix: &'a str,
    pub surname: &'a str,
}

/// A name from its parts and from the full name, whichever says more. When the two tell different surnames, the
/// full name is believed, since that is what somebody sees and corrects; the second value says what was set aside.
pub fn read(columns: &Columns<'_>) -> (PersonName, Option<String>) {
    let full = split_full_name(columns.full);
    let parts = from_columns(columns);
    let same = fold(&joined(&parts.prefix, &parts.surname)) == fold(&joined(&full.prefix, &full.surname));
    let (surname, differs) = match (full.surname.is_empty(), parts.surname.is_empty()) {
        (_, true) => (&full, None),
        (true, false) => (&parts, None),
        // The same letters: the parts keep capitals that a shouted full name has lost.
        (false, false) if same => (&parts, None),
        (false, false) => (&full, Some(joined(&parts.prefix, &parts.surname))),
    };
    // "J." in the column of first names says less than "Johanna" in the full name.
    let preferred = [&parts.given, &full.given].into_iter().find(|g| !g.is_empty());
    let initials = [columns.initials, &parts.initials, &full.initials].into_iter().find(|i| !i.is_empty());
    let name = PersonName {
        preferred_name: preferred.cloned().unwrap_or_default(),
        initials: initials.unwrap_or_default().to_owned(),
        surname_prefix: surname.prefix.clone(),
        surname: surname.surname.clone(),
        ..PersonName::default()
    };
    (name, differs)
}

fn from_columns(columns: &Columns<'_>) -> NameParts {
    let (inside, surname) = split_surname(columns.surname);
    // Read as "…, first name", so that a prefix left behind it ("Jan de") and initials are recognised. The surname
    // in front is one letter in capitals, which leaves the decision whether a name was shouted to the name.
    let first = match columns.preferred.trim() {
        "" => NameParts::default(),
        preferred => split_full_name(&format!("X, {preferred}")),
    };
    let prefix = match columns.prefix.trim() {
        "" if inside.is_empty() => first.prefix,
        "" => inside,
        given => quiet(given),
    };
    let alone = surname.is_empty() && !columns.surname.trim().is_empty();
    NameParts {
        given: if is_initial(&first.given) { String::new() } else { first.given.clone() },
        initials: if is_initial(&first.given) { format!("{}.", first.given) } else { first.initials },
        prefix,
        // A surname that is nothing but a prefix is still what somebody is called.
        surname: if alone { columns.surname.trim().to_owned() } else { surname },
    }
}

/// A lone letter in the column of first names.
fn is_initial(given: &str) -> bool {
    let mut letters = given.chars();
    letters.next().is_some_and(|c| c.is_uppercase() && c.is_ascii()) && letters.next().is_none()
}

/// A prefix all in capitals was written by a machine.
fn quiet(prefix: &str) -> String {
    if prefix.chars().any(char::is_lowercase) { prefix.to_owned() } else { prefix.to_lowercase() }
}

fn joined(prefix: &str, surname: &str) -> String {
    [prefix, surname].iter().filter(|p| !p.is_empty()).copied().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_full_name_help_each_other() {
        // full, preferred, prefix, surname → preferred, initials, prefix, surname
        for (columns, read_as, differs) in [
            (["RENÉE VISSER", "Renée", "", "Visser"], ["Renée", "", "", "Visser"], false),
            (["Bakker, Piotr", "Piotr", "", "Bakker"], ["Piotr", "", "", "Bakker"], false),
            (["Boer, Ravi de", "Ravi", "de", "Boer"], ["Ravi", "", "de", "Boer"], false),
            (["Imane van der Ven", "Imane", "van der", "Ven"], ["Imane", "", "van der", "Ven"], false),
            (
                ["IJsbrand van den Berg", "IJsbrand", "", "van den Berg"],
                ["IJsbrand", "", "van den", "Berg"],
                false,
            ),
            (["Nguyễn von Ahlefeld", "N.", "von", "Ahlefeld"], ["Nguyễn", "N.", "von", "Ahlefeld"], false),
            (["Mei Çelik", "Mei", "", "Çeilk"], ["Mei", "", "", "Çelik"], true),
            (["Eva ’t Hart", "Eva", "'t", "Hart"], ["Eva", "", "'t", "Hart"], false),
            (["Sanne d'Ancona", "Sanne", "", "d'Ancona"], ["Sanne", "", "d'", "Ancona"], false),
            (["", "JAN DE", "", "VRIES"], ["Jan", "", "de", "Vries"], false),
            (["", "Jan", "VAN DER", "Berg"], ["Jan", "", "van der", "Berg"], false),
            (["", "Suharto", "", ""], ["Suharto", "", "", ""], false),
            (["María El Hamdaoui", "María", "", "El Hamdaoui"], ["María", "", "", "El Hamdaoui"], false),
            (["EMMA DE VRIES", "Emma", "", ""], ["Emma", "", "de", "Vries"], false),
            (["Oleksandr de Groot", "Oleksandr", "", ""], ["Oleksandr", "", "de", "Groot"], false),
            (["Sara Шевченко", "Sara", "", "Шевченко"], ["Sara", "", "", "Шевченко"], false),
            (["", "", "", ""], ["", "", "", ""], false),
        ] {
            let [full, preferred, prefix, surname] = columns;
            let (name, said) = read(&Columns { full, preferred, initials: "", prefix, surname });
            let got = [name.preferred_name, name.initials, name.surname_prefix, name.surname];
            assert_eq!(got.each_ref().map(String::as_str), read_as, "{columns:?}");
            assert_eq!(said.is_some(), differs, "{columns:?}");
        }
    }
}
