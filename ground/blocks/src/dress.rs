use std::collections::BTreeMap;

/// What an institution puts around what is said: everything that is not in the document and not about one person,
/// except the links, which the caller makes for each recipient.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dress {
    pub institution: String,
    /// `#RRGGBB` or `#RGB`; mended where it cannot be read. Empty is the house's own.
    pub brand: String,
    /// The address of a picture of at most 200 by 60; without one the name of the institution stands there as text.
    pub logo: Option<String>,
    /// Before the paths of our own pictures: `https://kring.school.nl`. Without it a mail has their words only.
    pub base: Option<String>,
    /// Under everything: address, phone, why one gets this.
    pub footer: Vec<String>,
    pub preferences: Option<Link>,
    pub unsubscribe: Option<Link>,
    /// For each code of a `Choices` block where its link leads; and for each field that is a link made for this recipient alone.
    pub choices: BTreeMap<String, String>,
    /// For each name of a `Part` block the HTML that stands there; made by a template, so everything in it has been escaped.
    pub parts: BTreeMap<String, String>,
}

/// A link of the house, with its words in the language of the recipient. Its address may be http, since that is what a
/// server on a laptop has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub label: String,
    pub href: String,
}
