imports = Importeren
import-a-list = Lijst importeren
import-title = Import { $name }
no-imports = Nog geen lijsten
no-imports-help = Hier staan straks de lijsten die je binnenbrengt: van een open dag, een beurs of een oud systeem. Je ziet eerst wat er gebeurt; daarna beslis je.

# De lijst van imports
col-file = Bestand
col-list = Lijst
col-state = Stand
col-result = Resultaat
col-by = Door
col-when = Wanneer
state-reading = wordt gelezen
state-ready = klaar om te bekijken
state-running = wordt ingelezen
state-stopped = gestopt
state-done = ingelezen
state-undoing = wordt teruggedraaid
state-undone = teruggedraaid
brief-rows = { $n ->
    [one] { $n } regel
   *[other] { $n } regels
}
brief-result = { $added } nieuw, { $changed } bijgewerkt, { $unchanged } gelijk, { $refused } geweigerd
brief-undone = { $removed } mensen weggehaald, { $restored } hersteld

# Een nieuw bestand
file = Bestand
file-hint = Een .csv of .xlsx, hooguit 32 MB. Scheidingsteken en tekens vinden we zelf.
list-name = Naam van deze lijst
list-hint = Komt de lijst vaker, gebruik dan steeds dezelfde naam. Dan werken we bij wat deze lijst eerder bracht.
upload = Upload en bekijk
what-happens = Wat er gebeurt
what-1 = We lezen de lijst en laten zien wat elke kolom betekent.
what-2 = Je ziet wie nieuw is, wie al bekend is en op wie je moet letten. Er is dan nog niets bewaard.
what-3 = Pas als jij start, komt de lijst in Kring. Je mag de pagina sluiten.
what-4 = Niet goed? Draai de hele import in één keer terug.

# Waarom een bestand niet kan
file-missing = Kies eerst een bestand.
file-empty = In dit bestand staat niets.
file-no-table = Dit is geen lijst. Bewaar hem als .csv of .xlsx en probeer het opnieuw.
file-old-excel = Dit is een oud of beveiligd Excel-bestand. Bewaar het als .xlsx zonder wachtwoord en probeer het opnieuw.
file-damaged = Dit Excel-bestand is beschadigd. Open het, bewaar het opnieuw en probeer het nog eens.
file-bomb = Dit Excel-bestand is uitgepakt te groot of vreemd opgebouwd. Bewaar alleen het blad met de lijst en probeer het opnieuw.
file-no-sheet = In dit Excel-bestand staat geen blad met een lijst.
file-quote-open = Regel { $line }: er begint een aanhalingsteken dat nergens sluit. Verbeter die regel en probeer het opnieuw.
file-too-wide = Regel { $line } heeft meer dan { $most } kolommen. Zo breed lezen we niet.
file-too-long = Dit bestand heeft meer dan { $most } regels. Knip het in stukken.
file-line-unreadable = Regel { $line } kunnen we niet lezen.
upload-unreadable = Het uploaden ging mis. Kies het bestand opnieuw.

# Kolommen
column-twice = Deze betekenis is al aan een andere kolom gegeven.
column-name-missing = Wijs een kolom aan met de naam, de roepnaam of de achternaam.
column-unnamed = Kolom { $n }
list-name-missing = Geef de lijst een naam met letters of cijfers.
import-moved-on = Deze import is al verder. Bekijk de pagina opnieuw.
field-number = nummer in de lijst
field-full-name = hele naam
field-preferred-name = roepnaam
field-initials = voorletters
field-prefix = tussenvoegsel
field-surname = achternaam
field-birth-date = geboortedatum
field-email = mailadres
field-phone = telefoon
field-postcode = postcode
field-house-number = huisnummer
field-city = plaats
field-interest = interesse of opleiding
field-source = herkomst
field-notes = opmerkingen
field-newsletter = nieuwsbrief
field-ignore = niet gebruiken
field-secret = BSN: leeggemaakt

# Hoe het bestand gelezen is
fact-text = { $encoding }, { $between }
fact-sheet = Excel, blad ‘{ $sheet }’
fact-rows = { $n ->
    [one] { $n } regel
   *[other] { $n } regels
}
fact-blank = { $n ->
    [one] { $n } lege regel overgeslagen
   *[other] { $n } lege regels overgeslagen
}
fact-title = titel ‘{ $title }’
delimiter-semicolon = puntkomma ertussen
delimiter-comma = komma ertussen
delimiter-tab = tab ertussen
delimiter-bar = streep ertussen
brought-by = Gebracht door { $name }, { $when }

# Onderweg
title-reading = De lijst wordt gelezen
title-import = De lijst wordt ingelezen
title-undo = De import wordt teruggedraaid
exports = Exporteren
exports-help = Een lijst met iedereen die je kent. Wie wat meeneemt, staat in het logboek.
people-as-workbook = Als werkmap (.xlsx)
people-as-csv = Als tekst (.csv)
col-birth = Geboren
col-interest = Interesse
doing-reading = { $done } van { $total } regels gelezen
doing-import = { $done } van { $total } regels ingelezen
doing-findable = Alle regels zijn ingelezen; wie nieuw is wordt nu vindbaar op naam
doing-undo = { $done } van { $total } regels teruggedraaid
goes-on = Je kunt deze pagina sluiten; het gaat door.
stop = Stop
stopped = Gestopt.
stopped-help = { $done } van { $total } regels zijn ingelezen. Ga door, of draai terug wat al gedaan is.
go-on = Ga door

# Vooraf
will-happen = Dit gaat er gebeuren
stat-new = Nieuw
stat-twins = Dubbel in de lijst
stat-twins-what = regels over iemand die al eerder in de lijst staat
stat-likely = Lijken op elkaar
stat-likely-what = paren; blijven apart, tenzij jij anders kiest
stat-refused = Geweigerd
stat-refused-what = regels waar niemand uit te halen is
start = Start de import
start-help = Er is nog niets bewaard. Je kunt later alles terugdraaien.
columns = Kolommen
columns-help = Klopt een betekenis niet, kies dan een andere en lees de lijst opnieuw.
col-column = Kolom
col-means = Betekenis
col-values = Voorbeelden
read-again = Lees opnieuw
first-rows = De eerste regels, zoals wij ze lezen
col-line = Regel
col-name = Naam
col-reach = Te bereiken
col-address = Adres
col-remarks = Opgemerkt
sure = Zeker dezelfde persoon
sure-help = Deze regels worden niemand extra: ze vullen aan wat er al is.
first-of = Je ziet de eerste { $shown } van { $all }.
col-same-as = Dezelfde als
col-why = Waarom
line = regel { $n }
likely = Lijken op elkaar
likely-help = Vink aan wie dezelfde persoon is. Wat je niet aanvinkt, worden twee mensen, met een verwijzing naar elkaar.
col-same = Keuze
col-one = Deze regel
col-other = Lijkt op
same-person = zelfde persoon

# Waarom twee dezelfde zijn, of lijken
reason-number = zelfde nummer in de lijst
reason-email = zelfde mailadres en de naam past
reason-phone = zelfde telefoon en zelfde naam
reason-before = stond zo al eerder in deze lijst
reason-chosen = door jou gekozen
reason-number-other = zelfde nummer, maar andere naam en geboortedatum
reason-shared-email = zelfde mailadres, maar een andere naam of geboortedatum
reason-phone-other = zelfde naam en telefoon, maar ander mailadres of andere geboortedatum
reason-birthday = zelfde achternaam en geboortedatum
reason-address = zelfde naam en postcode
lookalikes = Lijkt op

# Achteraf
result = Resultaat
stat-added = Nieuw
stat-changed = Bijgewerkt
stat-changed-what = regels met iets nieuws over iemand
stat-unchanged = Gelijk
stat-unchanged-what = regels die we al zo kenden
to-people = Naar de mensen
undo-import = Draai deze import terug
undo-help = Toegevoegde mensen gaan weg en gewijzigde gegevens worden weer zoals ze waren. Met wie intussen iets gebeurd is, die blijft.
undone-at = Teruggedraaid op { $when }.
undone-result = { $removed } mensen weggehaald, van { $restored } mensen de gegevens hersteld.
kept-title = { $n ->
    [one] { $n } persoon is gebleven
   *[other] { $n } mensen zijn gebleven
}
kept-help = Met hen is na de import iets gebeurd: een vraag, een notitie of een wijziging. Kijk zelf of ze weg mogen.
refused-rows = Geweigerde regels
refused-help = Download ze, verbeter ze en importeer ze opnieuw onder dezelfde naam.
as-workbook = als .xlsx
as-csv = als .csv
warned = { $n ->
    [one] { $n } regel met een opmerking
   *[other] { $n } regels met een opmerking
}
warned-help = Deze regels doen mee. Wat niet klopte, is weggelaten of verbeterd.
bsn-found = { $n ->
    [one] { $n } BSN weggehaald.
   *[other] { $n } BSN’s weggehaald.
}
bsn-why = Kring mag ze niet bewaren; ze zijn ook niet in de import te vinden.
iban-found = { $n ->
    [one] { $n } rekeningnummer afgeschermd.
   *[other] { $n } rekeningnummers afgeschermd.
}
iban-why = Alleen het land en de laatste vier tekens zijn bewaard.

# Over een regel
remark-date-impossible = Geboortedatum ‘{ $value }’ bestaat niet en is weggelaten.
remark-date-year-only = Van geboortedatum ‘{ $value }’ is alleen het jaar bewaard.
remark-mail-repaired = Mailadres verbeterd tot { $value }.
remark-mail-invalid = Mailadres ‘{ $value }’ kan niet en is weggelaten.
remark-phone-invalid = Telefoonnummer ‘{ $value }’ kan niet en is weggelaten.
remark-postcode-invalid = Postcode ‘{ $value }’ bestaat niet en is weggelaten.
remark-newsletter-unclear = Bij nieuwsbrief staat ‘{ $value }’; dat is geen ja of nee.
remark-name-differs = In de kolom achternaam staat ‘{ $value }’; we houden de hele naam aan.
remark-name-missing = Er staat geen naam.
remark-nothing-to-know-by = Er staat alleen een naam: geen nummer, mailadres, telefoon, adres of geboortedatum waaraan we iemand herkennen.
many-date-impossible = Geboortedatum bestaat niet: weggelaten
many-date-year-only = Alleen het geboortejaar bekend
many-mail-repaired = Mailadres verbeterd
many-mail-invalid = Mailadres kan niet: weggelaten
many-phone-invalid = Telefoonnummer kan niet: weggelaten
many-postcode-invalid = Postcode bestaat niet: weggelaten
many-newsletter-unclear = Nieuwsbrief: geen ja of nee
many-name-differs = Achternaam anders dan de hele naam

# Uitvoer
export-people = Mensen
export-origin = Uit Kring: { $what } · { $institution } · door { $who } · { $when } · een apostrof voor een cel betekent: dit is tekst
col-number = Relatienummer
col-roles = Rollen
col-email = Mailadres
col-last-contact = Laatste contact
col-reason = Reden
col-phone = Telefoon
col-city = Plaats
col-owner = Eigenaar
col-known-since = Bekend sinds
remark-suppressed = Deze persoon is op eigen verzoek gewist en komt niet terug door een lijst.
reason-weighed = veel kleine overeenkomsten samen

# Soorten lijsten
kind-people = mensen
kind-organisations = organisaties
kind-relations = rollen en relaties
kind-consents = toestemmingen en bezwaren
what-it-holds = Wat staat er in de lijst?
what-it-holds-hint = Elke regel is één persoon, organisatie, relatie of keuze.
column-organisation-missing = Wijs een kolom aan met de naam van de organisatie.
column-person-missing = Wijs een kolom aan waaraan we de persoon kennen: relatienummer, mailadres, studentnummer, personeelsnummer of schoolaccount.
column-tie-missing = Wijs een kolom aan met de soort rol of relatie.
column-consent-missing = Wijs kolommen aan met doel, kanaal, wat er gezegd is en de datum.
mapping-forget = Vergeet deze uitleg
mapping-new = nieuw: zelf geraden
mapping-forgotten = Vergeten. De volgende keer raden we de kolommen weer zelf.
col-what = Wat
col-outcome = Wordt
expects-added = nieuw
expects-changed = bijgewerkt
expects-unchanged = al zo bekend
stat-will-change = Bijgewerkt
stat-will-stay = Gelijk
stat-will-stay-what = regels die we al zo kennen
stat-will-change-what = regels die iets nieuws brengen over wat bekend is
will-refuse-why = Waarom regels geweigerd worden
refused-kept-days = De inhoud van geweigerde regels bewaren we tot 90 dagen na de import. Van iemand die gewist is, bewaren we alleen het regelnummer en de reden.
stat-new-what-people = mensen die we nog niet kennen
stat-new-what-organisations = organisaties die we nog niet kennen
stat-new-what-relations = rollen en relaties die er nog niet zijn
stat-new-what-consents = keuzes die nog niet in het register staan
stat-added-what-people = mensen toegevoegd
stat-added-what-organisations = organisaties toegevoegd
stat-added-what-relations = rollen en relaties toegevoegd
stat-added-what-consents = keuzes bijgeschreven
undo-help-organisations = Toegevoegde organisaties gaan weg en gewijzigde gegevens worden weer zoals ze waren. Waarmee intussen iets gebeurd is, dat blijft.
undo-help-relations = Toegevoegde rollen en relaties gaan weg. Wat iemand sindsdien heeft gewijzigd of beëindigd, blijft.
undo-help-consents = De keuzes uit deze lijst tellen dan niet meer. Ze blijven in het register staan, als teruggedraaid.
undone-rows = { $removed } toegevoegde regels weggehaald, { $restored } hersteld.
kept-rows = { $n ->
    [one] { $n } regel is gebleven
   *[other] { $n } regels zijn gebleven
}
kept-rows-help = Daarmee is na de import iets gebeurd: een wijziging, een relatie of een notitie. Kijk zelf of het weg mag.
to-organisations = Naar de organisaties
col-holds = Inhoud
tie-with = { $tie } { $other }
said-consent = gegeven
said-withdrawal = ingetrokken
said-objection = bezwaar
purpose-relation = relatiebeheer
purpose-service = het Serviceplein
purpose-orientation = voorlichting
purpose-alumni = alumni
purpose-research = onderzoek
purpose-marketing = marketing
channel-mail = mail
channel-phone = telefoon
channel-post = post
no-examples = Er is niets te laten zien: alle regels worden geweigerd.
mapping-kept = Kolommen zoals op { $day } door { $name }.
mapping-missing = Deze kolommen had de lijst toen wel en nu niet: { $fields }. Wat de lijst eerder bracht, blijft.

# Velden
field-student-number = studentnummer
field-employee-number = personeelsnummer
field-account = schoolaccount
field-partner-prefix = tussenvoegsel partner
field-partner-surname = achternaam partner
field-name-usage = naamgebruik
field-pronouns = voornaamwoorden
field-street = straat
field-role = rol
field-programme = opleiding bij de rol
field-from = vanaf
field-until = tot en met
field-name = naam van de organisatie
field-sort = soort organisatie
field-parent = bovenliggende organisatie (code of naam)
field-kvk = KvK-nummer
field-kvk-branch = vestigingsnummer (KvK)
field-brin = BRIN
field-brin-branch = BRIN-vestiging
field-rio-provider = RIO-aanbieder
field-rio-location = RIO-locatie
field-rio-board = RIO-bestuur
field-training-company = leerbedrijf-ID
field-website = website
field-relation-number = relatienummer
field-tie = soort rol of relatie
field-unit = afdeling
field-organisation = organisatie (code of naam)
field-other-number = relatienummer van de ander
field-other-email = mailadres van de ander
field-function = functie
field-purpose = doel
field-channel = kanaal
field-said = gegeven, ingetrokken of bezwaar
field-on = datum waarop het gezegd is
field-proof = bewijs: formulier of tekst
field-controller = rechtspersoon

# Over een regel, en hoe vaak
remark-role-unknown = Rol ‘{ $value }’ kennen we niet en is weggelaten.
many-role-unknown = Rol onbekend: weggelaten
remark-role-derived = ‘{ $value }’ volgt vanzelf uit andere rollen en is weggelaten.
many-role-derived = Rol volgt vanzelf: weggelaten
remark-role-period = Van rol ‘{ $value }’ klopt de periode niet; de rol is weggelaten.
many-role-period = Periode van de rol klopt niet: weggelaten
remark-name-usage-unknown = Naamgebruik ‘{ $value }’ kennen we niet en is weggelaten.
many-name-usage-unknown = Naamgebruik onbekend: weggelaten
remark-house-number-invalid = Huisnummer ‘{ $value }’ kan niet en is weggelaten.
many-house-number-invalid = Huisnummer kan niet: weggelaten
remark-code-invalid = Code ‘{ $value }’ kan niet en is weggelaten.
many-code-invalid = Code kan niet: weggelaten
remark-code-taken = Code ‘{ $value }’ hoort al bij een andere organisatie en is weggelaten.
many-code-taken = Code hoort bij een ander: weggelaten
remark-website-invalid = Website ‘{ $value }’ kan niet en is weggelaten.
many-website-invalid = Website kan niet: weggelaten
remark-sort-unknown = Soort organisatie ‘{ $value }’ kennen we niet; het wordt een bedrijf, of blijft wat het was.
many-sort-unknown = Soort organisatie onbekend
remark-parent-unknown = Bovenliggende organisatie ‘{ $value }’ kennen we niet, of er zijn er meer van; weggelaten.
many-parent-unknown = Bovenliggende organisatie onbekend: weggelaten
remark-date-unreadable = Datum ‘{ $value }’ bestaat niet of is geen volledige datum.
many-date-unreadable = Datum niet te lezen
remark-period-backwards = De einddatum ‘{ $value }’ ligt voor de begindatum.
many-period-backwards = Einde ligt voor het begin
remark-person-unknown = Niemand is bekend als ‘{ $value }’.
many-person-unknown = Persoon onbekend
remark-person-several = Meer mensen zijn bekend als ‘{ $value }’. Gebruik het relatienummer.
many-person-several = Meer mensen mogelijk
remark-tie-unknown = Rol of relatie ‘{ $value }’ kennen we niet.
many-tie-unknown = Rol of relatie onbekend
remark-tie-derived = ‘{ $value }’ volgt vanzelf uit andere rollen en wordt niet met de hand gegeven.
many-tie-derived = Rol volgt vanzelf uit andere
remark-tie-needs-other = Bij ‘{ $value }’ hoort een organisatie; die staat er niet.
many-tie-needs-other = Organisatie ontbreekt
remark-tie-needs-person = Bij ‘{ $value }’ hoort een andere persoon; die staat er niet.
many-tie-needs-person = Andere persoon ontbreekt
remark-tie-alone = ‘{ $value }’ is een rol: daar hoort geen organisatie of andere persoon bij. Kies een soort relatie.
many-tie-alone = Rol met een andere partij
remark-unit-unknown = Afdeling ‘{ $value }’ kennen we niet.
many-unit-unknown = Afdeling onbekend
remark-organisation-unknown = Organisatie ‘{ $value }’ kennen we niet.
many-organisation-unknown = Organisatie onbekend
remark-organisation-several = Meer organisaties heten ‘{ $value }’. Gebruik een code.
many-organisation-several = Meer organisaties mogelijk
remark-purpose-unknown = Doel ‘{ $value }’ kennen we niet, of er is geen toestemming voor nodig.
many-purpose-unknown = Doel onbekend
remark-channel-unknown = Kanaal ‘{ $value }’ kennen we niet.
many-channel-unknown = Kanaal onbekend
remark-said-unknown = ‘{ $value }’ is geen gegeven, ingetrokken of bezwaar.
many-said-unknown = Niet te lezen wat iemand zei
remark-date-future = De datum ‘{ $value }’ ligt in de toekomst.
many-date-future = Datum in de toekomst
remark-controller-unknown = Rechtspersoon ‘{ $value }’ kennen we niet.
many-controller-unknown = Rechtspersoon onbekend
remark-person-missing = Er staat niet over wie deze regel gaat.
many-person-missing = Persoon ontbreekt
remark-person-conflict = De nummers en adressen in deze regel horen bij verschillende mensen.
many-person-conflict = Nummers van verschillende mensen
remark-organisation-conflict = De codes in deze regel horen bij verschillende organisaties.
many-organisation-conflict = Codes van verschillende organisaties
remark-tie-missing = Er staat geen rol of relatie.
many-tie-missing = Rol of relatie ontbreekt
remark-tie-self = Een relatie met zichzelf bestaat niet.
many-tie-self = Relatie met zichzelf
remark-date-missing = Er staat geen datum. Zonder datum weten we niet of er later iets anders is gezegd.
many-date-missing = Datum ontbreekt
remark-proof-missing = Er staat niet waar of met welke woorden de toestemming is gegeven. Zonder bewijs is het geen toestemming.
many-proof-missing = Bewijs van de toestemming ontbreekt
many-name-missing = Naam ontbreekt
many-nothing-to-know-by = Alleen een naam, niets om iemand aan te herkennen
many-suppressed = Op eigen verzoek gewist
