//! First names and surnames as they are common in the Netherlands, with rough weights from general knowledge. The two lists
//! are drawn from apart from each other, so that no combination is anybody's.

/// Who bears it: f, m or x (both). When it was given: `o` mostly before 1975, `n` mostly since 1990, `a` always.
pub(crate) struct First(pub &'static str, pub char, pub char, pub u16);

macro_rules! firsts {
    ($($who:literal $when:literal $weight:literal: $($name:literal)+;)+) => {
        &[$($(First($name, $who, $when, $weight),)+)+]
    };
}

pub(crate) const FIRST: &[First] = firsts! {
    'm' 'o' 30: "Johannes" "Jan" "Cornelis" "Hendrik" "Willem" "Pieter" "Gerrit" "Jacobus";
    'm' 'o' 14: "Kees" "Piet" "Henk" "Gerard" "Wim" "Joop" "Ton" "Dirk" "Klaas" "Bert" "Theo" "Cor" "Harm" "Wiebe" "Sjoerd" "Antoon";
    'm' 'a' 16: "Peter" "Hans" "Frank" "Erik" "Martin" "Marcel" "Rob" "Paul" "Edwin" "Jeroen" "Bas" "Mark" "Michiel" "Robert" "Ronald" "Richard" "Arjan" "Sander" "Joost" "Maarten" "Bart" "Pim";
    'm' 'n' 22: "Sem" "Daan" "Luuk" "Thijs" "Lucas" "Levi" "Milan" "Finn" "Noah" "Bram" "Jesse" "Ruben" "Tim" "Stijn" "Lars" "Thomas" "Niels" "Kevin" "Rick" "Jordy" "Hidde" "Tijn" "Mees" "Siem" "Floris" "Jurre";
    'm' 'a' 9: "Mohamed" "Ahmed" "Omar" "Youssef" "Hassan" "Mustafa" "Mehmet" "Ali" "Emre" "Ibrahim" "Ravi" "Rajesh" "Anil" "Piotr" "Tomasz" "Paweł" "Andrei" "Giovanni" "José" "Carlos" "Wei" "Minh" "Kofi" "Samuel" "Jean-Pierre" "Søren" "Björn" "IJsbrand" "Ype";
    'm' 'n' 8: "Yassin" "Bilal" "Ayoub" "Zakaria" "Hamza" "Anass" "Burak" "Kerem" "Jayden" "Oleksandr" "Daniyar" "Abdullahi" "Tesfay" "Łukasz" "Đorđe";
    'f' 'o' 30: "Johanna" "Maria" "Cornelia" "Wilhelmina" "Hendrika" "Elisabeth" "Anna" "Catharina";
    'f' 'o' 14: "Annie" "Ria" "Corrie" "Willy" "Joke" "Truus" "Riet" "Tineke" "Bep" "Nel" "Greetje" "Wil" "Gerda" "Marijke" "Hennie" "Trijntje" "Wytske";
    'f' 'a' 16: "Petra" "Monique" "Karin" "Ingrid" "Sandra" "Marianne" "Esther" "Mirjam" "Saskia" "Angelique" "Linda" "Wendy" "Ilse" "Anke" "Marit" "Nienke" "Femke" "Annemieke" "Renée" "Judith" "Marloes" "Hanneke";
    'f' 'n' 22: "Emma" "Noor" "Lotte" "Sanne" "Julia" "Eva" "Anouk" "Fleur" "Sophie" "Lisa" "Iris" "Roos" "Amber" "Tess" "Saar" "Mila" "Zoë" "Loïs" "Britt" "Maud" "Naomi" "Isa" "Elin" "Jasmijn" "Chloë" "Merel";
    'f' 'a' 9: "Fatima" "Khadija" "Aïcha" "Samira" "Naima" "Fatma" "Ayşe" "Zeynep" "Elif" "Sunita" "Anjali" "Agnieszka" "Katarzyna" "Olena" "Ioana" "Giulia" "María" "Mei" "Linh" "Ama" "Grace" "Mary-Ann" "Astrid" "IJda";
    'f' 'n' 8: "Imane" "Yasmina" "Hafsa" "Nisrine" "Aylin" "Şeyma" "Rania" "Selam" "Oksana" "Zuzanna" "Thị Mai" "Shanaya";
    'x' 'a' 5: "Kim" "Robin" "Sam" "Jip" "Noa" "Charlie" "Bo" "Mika";
    'x' 'a' 1: "Олена" "Юрій" "王" "محمد" "Νίκος";
};

/// Prefix, surname, weight.
pub(crate) struct Sur(pub &'static str, pub &'static str, pub u16);

macro_rules! surs {
    ($($prefix:literal $weight:literal: $($name:literal)+;)+) => {
        &[$($(Sur($prefix, $name, $weight),)+)+]
    };
}

pub(crate) const SUR: &[Sur] = surs! {
    "" 60: "Jansen" "Bakker" "Visser" "Smit" "Meijer" "Mulder";
    "de" 60: "Jong" "Vries" "Boer" "Groot";
    "van den" 50: "Berg" "Broek" "Heuvel" "Bosch";
    "van" 45: "Dijk" "Leeuwen" "Vliet" "Beek" "Dam" "Veen" "Wijk" "Loon";
    "" 34: "Bos" "Vos" "Peters" "Hendriks" "Dekker" "Brouwer" "Maas" "Koster" "Prins" "Kuipers" "Postma" "Veenstra" "Kramer" "Huisman" "Schouten" "Willems" "Hoekstra" "Koning" "Jacobs" "Verhoeven" "Bosman" "Scholten" "Timmermans" "Martens";
    "van der" 34: "Meer" "Linden" "Heijden" "Wal" "Veen" "Laan" "Ven" "Meulen" "Horst" "Velde" "Pol" "Zee";
    "de" 26: "Wit" "Bruin" "Haan" "Lange" "Graaf" "Ruiter" "Koning" "Leeuw" "Jonge" "Rooij" "Ridder";
    "" 17: "Hermans" "Gerritsen" "Evers" "Blom" "Kok" "Molenaar" "Sanders" "Wolters" "Hofman" "Verbeek" "Schipper" "Driessen" "Zijlstra" "Tol" "Jonker" "Brink" "Wiersma" "Dijkstra" "Bouwman" "Kooistra" "Nijland" "Wassink" "Roelofs" "Sluis" "Terpstra" "IJzerman" "IJpma" "Goossens" "Claessens" "Kamphuis" "Boonstra" "Haverkamp" "Rietveld" "Oosterhuis";
    "ten" 10: "Brink" "Cate" "Have" "Hove";
    "ter" 10: "Horst" "Braak" "Haar";
    "'t" 8: "Hart" "Hoen" "Lam";
    "in 't" 6: "Veld" "Hout";
    "op 't" 5: "Veld" "Hof";
    "van 't" 7: "Hof" "Wout" "Schip";
    "d'" 3: "Ancona" "Hondt";
    "von" 3: "Ahlefeld" "Münching";
    "la" 3: "Fleur" "Haye";
    "du" 3: "Pont" "Bois";
    "" 12: "Yılmaz" "Kaya" "Demir" "Çelik" "Öztürk" "Şahin" "Yıldız" "Arslan" "Aydın";
    "" 12: "El Amrani" "El Hamdaoui" "Ben Ali" "Bouzid" "Amrani" "El Idrissi" "Azzouzi" "Haddou" "Benali" "Ouali";
    "" 10: "Ramdin" "Mahabir" "Bhagwandin" "Jagesar" "Kartosen" "Pinas" "Lijfrock" "Martina" "Sedney" "Baldewsingh";
    "" 8: "Nowak" "Kowalska" "Kowalczyk" "Wiśniewski" "Ionescu" "Popescu" "Ivanov" "Horvat" "Szabó" "Kovačević";
    "" 7: "Nguyễn" "Trần" "Chen" "Wong" "Li" "Tan" "Kim" "Singh" "Khan" "Hussain";
    "" 6: "Mensah" "Okafor" "Tesfaye" "Abdi" "Osman" "Traoré" "O'Neill" "García" "Fernandes" "Rossi" "Schmidt" "Müller" "Jørgensen" "Tjon-A-Fat";
    "" 2: "Van Waterschoot van der Gracht" "Van Heemstra-Schimmelpenninck van der Oye" "Wolfeschlegelsteinhausen" "Ramaswamy Venkatasubramanian";
    "" 1: "Шевченко" "Коваленко" "王" "حداد" "Παπαδόπουλος";
};

/// What somebody is called, and what is in the passport.
pub(crate) const NICK: &[(&str, &str)] = &[
    ("Johannes", "Hans"),
    ("Cornelis", "Cees"),
    ("Hendrik", "Henk"),
    ("Willem", "Wim"),
    ("Pieter", "Piet"),
    ("Gerrit", "Ger"),
    ("Jacobus", "Jaap"),
    ("Johanna", "Jo"),
    ("Maria", "Ria"),
    ("Cornelia", "Corrie"),
    ("Wilhelmina", "Willy"),
    ("Hendrika", "Hennie"),
    ("Elisabeth", "Bep"),
    ("Catharina", "Toos"),
    ("Mohamed", "Mo"),
    ("Robert", "Rob"),
    ("Thomas", "Tom"),
    ("Annemieke", "Miek"),
    ("Lucas", "Luuk"),
    ("Sophie", "Fie"),
    ("Jeroen", "Jer"),
    ("Michiel", "Mich"),
    ("Katarzyna", "Kasia"),
    ("Agnieszka", "Aga"),
    ("Oleksandr", "Sasha"),
    ("Samuel", "Sam"),
    ("Jean-Pierre", "JP"),
    ("Youssef", "Joe"),
];

pub(crate) const STREETS: &[&str] = &[
    "Zilverreigerlaan",
    "Havenlichtkade",
    "Wilgenmaat",
    "Torenvalkstraat",
    "Biezenveld",
    "Klipperwerf",
    "Meerkoetpad",
    "Lindenhoek",
    "Zuiderdobbe",
    "Rietkraagweg",
    "Peperklip",
    "Kwekerslaan",
    "Sterrenkroos",
    "Schokkerhof",
    "Grutterij",
    "Oeverzwaluw",
    "Vlasakker",
    "Molenwiek",
    "Dijkvoet",
    "Waterlelieplein",
    "Otterspoor",
    "Smidsgang",
    "Boezemsingel",
    "Lisdoddestraat",
    "Kompasroos",
    "Zeilmakerij",
    "Hooibergweg",
    "Bolderkade",
    "Veenmosring",
    "Stuurboord",
    "Appelvinkhof",
    "Koggeschip",
    "Turfpad",
    "Nachtegaalveld",
    "Elzenbroek",
    "Spiegelmaat",
];

/// First number of a run of postcodes, how many, city, kilometres from Meerland. Areas are real, for geography's sake;
/// streets and numbers are not.
pub(crate) struct Area(pub u16, pub u16, pub &'static str, pub u16);

/// In order of distance.
pub(crate) const AREAS: &[Area] = &[
    Area(8211, 30, "Lelystad", 3),
    Area(8251, 4, "Dronten", 14),
    Area(8256, 1, "Biddinghuizen", 17),
    Area(3841, 6, "Harderwijk", 20),
    Area(8255, 1, "Swifterbant", 11),
    Area(3851, 4, "Ermelo", 24),
    Area(1311, 30, "Almere", 25),
    Area(8302, 4, "Emmeloord", 27),
    Area(3891, 6, "Zeewolde", 28),
    Area(8261, 6, "Kampen", 29),
    Area(8321, 2, "Urk", 30),
    Area(8071, 3, "Nunspeet", 31),
    Area(1601, 3, "Enkhuizen", 32),
    Area(1621, 6, "Hoorn", 36),
    Area(8011, 30, "Zwolle", 38),
    Area(3811, 15, "Amersfoort", 42),
    Area(1211, 8, "Hilversum", 44),
    Area(7311, 20, "Apeldoorn", 46),
    Area(1441, 8, "Purmerend", 47),
    Area(8331, 4, "Steenwijk", 48),
    Area(1011, 80, "Amsterdam", 52),
    Area(7411, 12, "Deventer", 55),
    Area(3511, 60, "Utrecht", 58),
    Area(8601, 4, "Sneek", 60),
    Area(1811, 16, "Alkmaar", 61),
    Area(8441, 6, "Heerenveen", 62),
    Area(2011, 20, "Haarlem", 68),
    Area(6811, 30, "Arnhem", 70),
    Area(7901, 6, "Hoogeveen", 74),
    Area(8911, 20, "Leeuwarden", 78),
    Area(2311, 20, "Leiden", 84),
    Area(2801, 8, "Gouda", 86),
    Area(6511, 30, "Nijmegen", 88),
    Area(9401, 6, "Assen", 92),
    Area(7511, 30, "Enschede", 95),
    Area(5211, 20, "'s-Hertogenbosch", 98),
    Area(2511, 50, "Den Haag", 100),
    Area(3011, 60, "Rotterdam", 104),
    Area(9711, 30, "Groningen", 108),
    Area(5011, 30, "Tilburg", 120),
    Area(4811, 20, "Breda", 126),
    Area(5611, 30, "Eindhoven", 130),
    Area(5911, 10, "Venlo", 150),
    Area(4331, 6, "Middelburg", 180),
    Area(6211, 15, "Maastricht", 205),
];
