use kring_db::stored;

stored! {
    /// What data is held and used for (GDPR 5(1)(b)). Every right, event and message names one.
    #[derive(serde::Serialize, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Purpose {
        /// Knowing who somebody is to the institution: name, roles, owner, last contact. Shared by all units.
        Relation = "relation",
        /// Answering questions and requests.
        Service = "service",
        /// Telling prospects what they asked to hear.
        Orientation = "orientation",
        Coaching = "coaching",
        Alumni = "alumni",
        /// Measuring expectation and experience.
        Research = "research",
        /// Outward promotion; only with consent.
        Marketing = "marketing",
        /// Legal duties: access requests, erasure, the trail itself.
        Legal = "legal",
        /// Running the installation: accounts, settings, jobs.
        Operations = "operations",
    }
}
