# The rail.
staff-place = Beheer
operations = Systeem
trail = Logboek

# Signing in.
sign-in = Log in
sign-in-intro = Voor collega’s die met Kring werken.
email = Mailadres
password = Wachtwoord
forgot = Weet je je wachtwoord niet meer? Vraag een collega die Kring beheert om een nieuwe link.
signed-out = Je bent uitgelogd.
sign-in-wrong = Dit mailadres en wachtwoord horen niet bij elkaar. Kijk of je het goed typte, ook de hoofdletters.
sign-in-too-many = { $minutes ->
    [one] Er is te vaak geprobeerd in te loggen. Probeer het over een minuut weer, of vraag een collega die Kring beheert om een nieuwe link.
   *[other] Er is te vaak geprobeerd in te loggen. Probeer het over { $minutes } minuten weer, of vraag een collega die Kring beheert om een nieuwe link.
}
demo-title = Kijk rond als …
demo-help = Dit is een verzonnen instelling. Kies een collega; het wachtwoord staat in het venster waarin je de demo startte.
demo-drawer = Bekijk de verstuurde mail

# The first account, and links that work once.
set-up = Maak het eerste account
set-up-intro = Je bent de eerste. Met dit account beheer je Kring en nodig je je collega’s uit.
set-up-do = Maak het account en begin
top-unit = Naam van de instelling
top-unit-hint = Zoals bezoekers die kennen. Alle afdelingen komen hieronder.
your-name = Je naam
your-name-hint = Zo zien je collega’s je, en zo staat het onder je antwoorden.
email-hint = Hiermee log je in.
new-password = Nieuw wachtwoord
password-again = Nog een keer hetzelfde
password-hint = Minstens { $shortest } tekens. Een zin die alleen jij bedenkt werkt het best; spaties mogen.
hello = Welkom, { $name }
choose-password = Kies een wachtwoord
choose-intro = Kies een wachtwoord. Je logt in met { $email }.
choose-do = Bewaar en log in

# Why a password is refused.
password-short = Gebruik minstens { $shortest } tekens. Lang is belangrijker dan moeilijk.
password-long = Gebruik hooguit { $longest } tekens.
password-pattern = Dit is een patroon of een herhaling, en dat raadt een computer meteen. Neem een paar woorden die niets met elkaar te maken hebben.
password-common = Dit wachtwoord kiezen heel veel mensen. Neem een paar woorden die niets met elkaar te maken hebben.
password-personal = Je naam, je mailadres of de naam van de school is te makkelijk te raden. Neem er meer bij, of iets anders.
passwords-differ = Dit is niet hetzelfde als hierboven.
current-wrong = Dit is niet je huidige wachtwoord.

# One's own account.
my-account = Mijn account
about-me = Over mij
language = Taal
save = Bewaar
signs-in-with = Je logt in met { $email }.
sessions = Waar je bent ingelogd
sessions-help = Ken je een plek niet? Log daar uit en kies een nieuw wachtwoord.
unknown-browser = Onbekend programma
this-one = hier
end-session = Log hier uit
end-others = Log overal elders uit
session-since = ingelogd { $when }
session-seen = laatst gebruikt { $when }
change-password = Wijzig je wachtwoord
change-password-help = Daarna ben je overal elders uitgelogd.
current-password = Huidig wachtwoord
done-account = Bewaard.
done-password = Je wachtwoord is gewijzigd. Overal elders ben je uitgelogd.
done-session-ended = Daar ben je uitgelogd.
done-sessions-ended = Overal elders ben je uitgelogd.

# Colleagues.
staff = Collega’s
find-colleague = Zoek een collega
find-hint = Naam of mailadres
no-colleague = Niemand gevonden
no-colleague-help = Zoek op een deel van de naam of het mailadres. Je ziet de collega’s van de afdelingen die jij beheert.
all-colleagues = Alle collega’s
name = Naam
roles = Rollen
role = Rol
unit = Afdeling
unit-hint = De rol geldt ook in alles wat eronder valt.
state = Stand
state-invited = uitgenodigd
state-active = actief
state-disabled = afgesloten
signed-in-last = Laatst ingelogd
never = nooit
no-roles = geen rol
no-roles-help = Zonder rol kan deze collega wel inloggen, maar niets zien.
invite = Nodig een collega uit
invite-intro = Je krijgt een link die één keer werkt. Geef die zelf aan je collega, het liefst niet per mail.
invite-email-hint = Hiermee logt je collega in.
make-link = Maak een link
cancel = Toch niet
link-made = De link is klaar
link-for = Geef deze link aan { $name }. Daarmee kiest hij of zij zelf een wachtwoord.
link-label = Link
link-once = Kopieer hem nu: je ziet hem maar één keer. Hij werkt één keer, en drie dagen lang.
to-account = Naar { $name }
in-unit = bij { $unit }
given-by = gegeven door { $name }, { $when }
take-role = Neem af
take-role-of = Neem de rol { $role } af
give-role = Geef een rol
account = Account
made-on = Gemaakt
sessions-open = { $n ->
    [0] nu nergens ingelogd
    [one] nu op één plek ingelogd
   *[other] nu op { $n } plekken ingelogd
}
link-help = Wachtwoord kwijt, of de uitnodiging verlopen? Maak een link waarmee je collega een nieuw wachtwoord kiest. Eerdere links werken dan niet meer.
access = Toegang
disable = Sluit af
disable-help = Deze collega is dan meteen overal uitgelogd en komt er niet meer in. Wat hij of zij deed, blijft staan.
enable = Open weer
enable-help = Deze collega kan weer inloggen, met dezelfde rollen als eerst.
done-role-given = Rol gegeven. Je collega logt opnieuw in om hem te gebruiken.
done-role-taken = Rol afgenomen.
done-disabled = Afgesloten. Deze collega is overal uitgelogd.
done-enabled = Weer open.
email-known = Er is al een account met dit mailadres.
role-unknown = Kies een van de rollen.
unit-unknown = Kies een afdeling die jij beheert.
own-account = Je kunt je eigen account niet afsluiten. Vraag een collega die ook beheert.
last-admin = Dit is de laatste die de hele instelling beheert. Geef eerst een ander die rol.
account-disabled = Dit account is afgesloten. Open het eerst weer.

# Roles, and what each is for.
role-admin = Beheerder
role-admin-what = Mag alles: collega’s uitnodigen, rollen geven, het systeem bekijken.
role-desk-head = Hoofd Serviceplein
role-desk-head-what = Vragen beantwoorden, lijsten importeren, enquêtes maken en lezen.
role-desk-agent = Medewerker Serviceplein
role-desk-agent-what = Vragen beantwoorden, terugbellen, lezen hoe mensen het vonden.
role-recruiter = Voorlichter
role-recruiter-what = Relaties zien en bijhouden, terugbellen.
role-coach = Loopbaancoach
role-coach-what = Relaties zien, terugbellen.
role-alumni-officer = Alumnirelaties
role-alumni-officer-what = Relaties zien en bijhouden, lijsten uitvoeren.
role-board = Bestuur
role-board-what = Cijfers zien, geen personen.
role-steward = Privacyfunctionaris
role-steward-what = Verzoeken om inzage en vergeten afhandelen, het logboek lezen.

# Rights in words.
right-people-read = Relaties zien
right-people-write = Relaties bijhouden
right-desk-work = Vragen beantwoorden
right-exchange-import = Lijsten importeren
right-exchange-export = Lijsten uitvoeren
right-talks-read = Berichten lezen
right-talks-operate = Uitgaande post beheren
right-surveys-read = Antwoorden op enquêtes lezen
right-surveys-edit = Enquêtes maken
right-surveys-callback = Terugbellen
right-privacy-handle = Privacyverzoeken afhandelen
right-access-manage = Collega’s en sleutels beheren
right-access-trail = Het logboek lezen
right-operations-run = Het systeem bekijken

# API keys.
keys = API-sleutels
keys-intro = Met een sleutel haalt of brengt een ander programma gegevens. Geef elk programma een eigen sleutel, met niet meer dan het nodig heeft.
no-keys = Nog geen sleutels
no-keys-help = Wil je Kring verbinden met bijvoorbeeld een roostersysteem? Maak dan hier een sleutel voor dat programma.
new-key = Maak een sleutel
new-key-intro = Voor één programma. Wat het doet, staat onder deze naam in het logboek.
key-name-hint = Van het programma, zoals “Roostersysteem”.
may-do = Mag
used-last = Laatst gebruikt
make-key = Maak de sleutel
key-made = De sleutel is klaar
key-for = Dit is de sleutel voor { $name }.
key-label = Sleutel
key-once = Kopieer hem nu en bewaar hem op een veilige plek: je ziet hem maar één keer.
to-keys = Naar de sleutels
made-by = gemaakt door { $name }, { $when }
revoke = Trek in
revoke-this = Trek de sleutel { $name } in
revoked = ingetrokken
done-key-revoked = Ingetrokken. De sleutel werkt meteen niet meer.
scope-missing = Kies minstens één ding dat deze sleutel mag.
scope-unknown = Kies alleen wat je in deze afdeling zelf ook mag.

# The trail.
trail-intro = Wie wat bekeek en wie wat veranderde. Niemand kan hier iets uit weghalen zonder dat het opvalt.
trail-filter = Filter
show-by = Toon wat
anybody = iedereen
about-number = deed met relatie
any-number = nummer
when = Wanneer
who = Wie
what = Wat
about-whom = Over wie
what-for = Waarvoor
number = nr. { $n }
person-number = relatie { $n }
trail-none = Niets gevonden
trail-none-help = Deze collega deed nog niets met deze relatie, of het nummer klopt niet.
trail-all = Toon alles
trail-empty = Nog niets gebeurd
trail-empty-help = Zodra iemand een persoon bekijkt of iets verandert, staat het hier.
verify = Controleer de keten
chain-whole-title = De keten is heel.
chain-whole = Er is niets weggehaald, tussengevoegd of veranderd.
chain-broken-title = De keten is gebroken.
chain-broken = In keten { $chain } klopt het niet bij plaats { $seq }: daar is iets weggehaald, tussengevoegd of veranderd. Bewaar een kopie van de database en bel wie Kring voor je draait.
did-read = bekeek { $thing }
did-change = veranderde { $thing }
did-export = voerde { $thing } uit
did-erase = wiste { $thing }
did-sign-in = logde in
did-sign-out = logde uit
did-refuse = mocht niet inloggen
visitor = Bezoeker
by-key = { $name } (sleutel)
thing-person = een persoon
thing-people = een lijst met mensen
thing-request = een vraag
thing-requests = een lijst met vragen
thing-account = een account
thing-session = een sessie
thing-key = een sleutel
thing-trail = het logboek
thing-job = een taak
thing-message = een bericht
thing-import = een import
thing-export = een lijst
thing-survey = een enquête
thing-response = een antwoord
thing-responses = antwoorden op een enquête
thing-callback = een terugbelafspraak
thing-consent = een toestemming
thing-dossier = een dossier
purpose-relation = relatiebeheer
purpose-service = het Serviceplein
purpose-orientation = voorlichting
purpose-coaching = begeleiding
purpose-alumni = alumni
purpose-research = onderzoek
purpose-marketing = marketing
purpose-legal = wettelijke plichten
purpose-operations = beheer

# What stands in the trail beside a deed.
detail-added = toegevoegd
detail-invited = uitgenodigd
detail-link = een nieuwe link
detail-password = het wachtwoord
detail-name = de naam
detail-owner = de eigenaar
detail-disabled = afgesloten
detail-enabled = weer geopend
detail-granted = rol gegeven: { $role } bij { $unit }
detail-taken = rol afgenomen: { $role } bij { $unit }
detail-made = gemaakt: { $scopes } bij { $unit }
detail-revoked = ingetrokken
detail-ended = uitgelogd op een andere plek
detail-retry = opnieuw geprobeerd
detail-dropped = laten vallen

# Operations.
at-a-glance = In één oogopslag
to-mail = Uitgaande post
jobs = Taken
jobs-waiting = Taken die wachten
jobs-waiting-what = Werk dat vanzelf gebeurt.
jobs-parked = Geparkeerd
jobs-parked-what = Lukte vaak niet; kijk hieronder.
jobs-parked-none = Alles lukt.
jobs-none = Er wacht niets. Wat de server nog moet doen, komt hier vanzelf te staan.
job = Taak
reason = Reden
due = Volgende poging
parked = geparkeerd
planned = gepland
retrying = { $n ->
    [one] één keer geprobeerd
   *[other] { $n } keer geprobeerd
}
retry = Probeer opnieuw
drop = Laat vallen
done-job-retried = De taak staat weer vooraan.
done-job-dropped = De taak is weg.
events = Gebeurtenissen
events-what = Zo veel staan er in het verhaal van de school.
database = Database
version = Kring { $version }
readers = Lezers
readers-what = Onderdelen die meelezen met wat er gebeurt en daarop iets doen.
readers-none = Nog niemand las iets. Dat begint bij de eerste gebeurtenis.
reader-there = bij
reader-behind = { $n ->
    [one] één te gaan, van { $when }
   *[other] { $n } te gaan, oudste van { $when }
}
reader-far = meer dan { $n } te gaan, oudste van { $when }
right-duplicates-decide = dubbelen beoordelen en samenvoegen
right-people-define = Bepalen wie als alumnus telt
right-consent-policy = Contactbeleid bepalen
right-people-coach = Begeleiding lezen en schrijven
right-consent-arrange = Afspraken met andere rechtspersonen vastleggen
right-sharing-share = Contacten en kansen afstemmen met andere afdelingen
thing-claim = een melding van contact
right-sharing-lead = Een afdeling leiden: late tips en overdracht
thing-tip = een tip
right-sharing-viewed = Zien wie gegevens bekeek
right-sharing-quality = Zien hoe goed de gegevens zijn
thing-leaver = het vertrek van een collega
thing-answers = antwoorden op een enquête
thing-messages = berichten
thing-arrangement = een afspraak tussen rechtspersonen
thing-organisation = een organisatie
thing-relationship = een relatie tussen mensen
thing-owner = een eigenaar
thing-pair = een mogelijk dubbel paar
thing-merge = een samenvoeging
thing-note = een notitie
thing-role = een rol
thing-contact = een mailadres of telefoonnummer
thing-address = een adres
thing-identifier = een nummer
thing-definition = een definitie
thing-detection = een vondst in vrije tekst
thing-retention = een bewaartermijn
thing-held = wachtende post
thing-coaching = een begeleidingsnotitie
thing-budget = een contactgrens
detail-answered = beantwoord
detail-closed = gesloten
detail-taken-back = antwoord teruggehaald
detail-reopened = weer geopend
detail-assigned = toegewezen
detail-released = vrijgegeven
detail-undone = ongedaan gemaakt
detail-registered = vastgelegd
detail-arrangement-ended = beëindigd
detail-uploaded = geüpload
detail-mapping = kolommen gekozen
detail-started = gestart
detail-stopped = gestopt
detail-owned = opgepakt
detail-attempted = geprobeerd
detail-reached = bereikt
detail-merge = samengevoegd
detail-dossier = het dossier
detail-organisation = van een organisatie
detail-question-added = vraag toegevoegd
detail-question-retired = vraag weggehaald
detail-question-back = vraag teruggezet
detail-different = twee verschillende
detail-same = dezelfde
detail-survey-made = gemaakt
detail-ids = { $n ->
    [one] één regel
   *[other] { $n } regels
}
role-placement-officer = Stagebureau
role-placement-officer-what = Houdt stagebedrijven en praktijkopleiders bij en beantwoordt hun vragen.
role-account-manager = Accountmanager
role-account-manager-what = Onderhoudt de relatie met bedrijven en partners.
right-people-figures = Cijfers zien, zonder namen
right-segments-use = Segmenten tellen en lezen
right-segments-edit = Segmenten bewaren en wijzigen
right-talks-topics = Mensen kiezen naar wat zij vroegen
right-needs-figures = Cijfers over informatiebehoeften zien
right-needs-read = Zien wat iemand wil weten
right-needs-write = Opschrijven en afhandelen wat iemand wil weten
right-engagement-read = Zien hoe betrokken iemand is
right-engagement-formula = De formule voor betrokkenheid lezen, en hoe die verdeeld is
right-engagement-decide = De formule voor betrokkenheid vaststellen
right-webhooks-manage = Webhooks maken en beheren
right-journeys-use = Journeys zien en proberen
right-journeys-edit = Journeys maken, publiceren en pauzeren
right-journeys-tasks = Taken van journeys doen, en iemand laten beginnen
right-mailings-use = Campagnes en mailings zien, met wat ze kosten en opleveren
right-mailings-edit = Campagnes en mailings maken, versturen, pauzeren en stoppen
right-mailings-approve = Akkoord geven op mailings van collega’s
right-forms-use = Formulieren en pagina’s zien
right-forms-edit = Formulieren en pagina’s maken, publiceren en terugnemen
right-forms-answers = Antwoorden op formulieren lezen en erover beslissen
