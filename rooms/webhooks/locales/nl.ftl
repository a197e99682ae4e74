webhooks = Webhooks
webhooks-intro = Elk van deze systemen krijgt een bericht zodra er iets gebeurt waar het om vroeg. In een bericht staan alleen nummers en codes; wie iemand is, vraagt het systeem met zijn sleutel aan Kring.
webhook-name = Naam
webhook-name-hint = Zo herkennen collega’s het systeem, bijvoorbeeld ‘Nieuwsbrief’.
webhook-url = Adres
webhook-url-hint = Waar het systeem berichten ontvangt; het begint met https://.
webhook-new = Nieuwe webhook
webhook-new-intro = Een ander systeem krijgt voortaan bericht van wat hier gebeurt: ondertekend, en zo vaak geprobeerd als nodig is.
webhook-change = Wijzig
webhook-make = Maak de webhook
save = Bewaar
cancel = Annuleer
never = nog nooit
standing = Stand
offer-segment = Vertel het een ander systeem

closed-title = Deze weg naar buiten is dicht
closed-text = Wie Kring beheert op de server, zet hem open met webhooks.on = true in kring.toml, of met KRING_WEBHOOKS=true.
none-title = Nog geen ander systeem luistert mee
none-text = Laat bijvoorbeeld het nieuwsbriefsysteem weten wie erbij komt in een segment, of het studentvolgsysteem wiens gegevens wijzigden.

key = Sleutel
key-hint = Het systeem hoort alleen van wie en wat deze sleutel mag zien. Trek je de sleutel in, dan hoort het niets meer.
keys-none = Eerst een sleutel
keys-none-text = Een webhook luistert met de rechten van een sleutel van de API. Maak er een voor dit systeem.
key-new = Nieuwe sleutel
key-unknown = Kies een sleutel.
key-sees-not = Deze sleutel mag ‘{ $kind }’ niet zien. Kies een andere sleutel, of vink minder aan.

kinds = Wat het hoort
kinds-hint = Vink aan waarvan het systeem bericht krijgt.
kinds-missing = Vink minstens één soort bericht aan.
segments = Van welke segmenten
segments-hint = Alleen voor berichten over segmenten.
segments-none = Er is nog geen segment dat je mag zien.
segments-missing = Kies minstens één segment.
segment-unknown = Een van deze segmenten is er niet, of mag je niet zien.
segment-key-sees-not = De sleutel mag niet alles zien waar het segment ‘{ $name }’ naar vraagt. Kies een andere sleutel, of een ander segment.
tells-kinds = { $n ->
    [one] één soort bericht
   *[other] { $n } soorten berichten
}

url-not-https = Dit is geen adres dat met https:// begint.
url-credentials = In het adres staat een naam of wachtwoord. Laat dat weg: berichten worden ondertekend.
url-port = Deze poort is niet toegestaan. Wie de server beheert, kan er een toevoegen (webhooks.ports).
url-inside = Dit adres ligt binnen een netwerk. Wie de server beheert, kan een eigen netwerk toestaan (webhooks.networks).
url-too-long = Dit adres is langer dan 1.000 tekens.

group-segments = Segmenten
group-people = Mensen
group-organisations = Organisaties
group-service = Vragen en beloften
group-work = Tips en importen
event-try = Proefbericht
event-segment-joined = Iemand komt in een segment
event-segment-left = Iemand gaat uit een segment
event-segment-changed = Een segment is gewijzigd
event-person-added = Iemand is erbij gekomen
event-person-changed = Gegevens van iemand zijn gewijzigd
event-person-forgotten = Iemand is vergeten
event-relation-merged = Twee nummers zijn samengevoegd
event-relation-unmerged = Een samenvoeging is teruggedraaid
event-role-given = Iemand kreeg een rol
event-role-ended = Een rol is beëindigd
event-role-derived = Iemand is alumnus geworden, of niet meer
event-relationship-made = Een relatie is gelegd
event-relationship-ended = Een relatie is beëindigd
event-owner-changed = De eigenaar is een ander
event-consent-changed = Toestemming of bezwaar is vastgelegd
event-engagement-changed = Iemands betrokkenheid is anders
event-organisation-added = Een organisatie is erbij gekomen
event-organisation-changed = Een organisatie is gewijzigd
event-request-opened = Een vraag is binnengekomen
event-request-closed = Een vraag is afgerond
event-request-reopened = Een vraag is weer open
event-need-opened = Iemand wil iets weten
event-form-answered = Iemand vult een formulier in
event-need-closed = Een behoefte is beantwoord of vervallen
event-need-reopened = Een behoefte is weer open
event-callback-wanted = Iemand wil contact
event-callback-closed = Een terugbelbelofte is afgerond
event-tip-given = Een tip is doorgegeven
event-tip-answered = Een tip is aangenomen of afgewezen
event-tip-closed = Een tip is afgerond
event-import-finished = Een import is klaar

state-on = werkt
state-no-answer = geeft geen antwoord
state-paused = gepauzeerd
state-gone = bestaat niet meer
state-failing = gestopt
matter-paused = Er gaat nu niets uit. Wat er gebeurt, wordt bewaard en gaat alsnog zodra je hervat.
matter-gone = Het andere systeem zegt dat dit adres niet meer bestaat (410). Wijzig het adres en hervat; wat wacht, gaat alsnog.
matter-failing = Vijf dagen lang kwam er geen antwoord. Kijk of het andere systeem werkt en of het adres klopt, en hervat; wat wacht, gaat alsnog.
matter-no-answer = Sinds { $when } kwam er geen goed antwoord. Kring probeert het steeds weer, tot vijf dagen lang.
matter-key = De sleutel is ingetrokken: dit systeem hoort niets meer. Kies een andere sleutel.
pause = Pauzeer
resume = Hervat
try-out = Stuur een proefbericht
goes-to = Gaat naar
last-delivered = Laatst aangekomen
made-by = gemaakt door { $name }, { $day }

messages = Berichten
messages-none = Hier is nog niets. Stuur een proefbericht om te zien of het andere systeem luistert.
message-all = Alle
message-waiting = Wacht
message-delivered = Aangekomen
message-failed = Mislukt
message-what = Bericht
message-outcome = Antwoord
message-tries = Pogingen
message-when = Wanneer
message-waits = Dit bericht wacht al.
again = Stuur opnieuw
again-all = { $n ->
    [one] Stuur het mislukte bericht opnieuw
   *[other] Stuur de { $n } mislukte berichten opnieuw
}
answered-with = antwoordde { $status }
said-again = { $said }; opnieuw { $when }
tried-again-at = Wordt opnieuw geprobeerd: { $when }.
tries = Pogingen
tries-none = Nog niet geprobeerd. Ververs de pagina over een paar tellen.
took = Duur
milliseconds = { $n } ms
body = Wat er verteld is
body-text = Precies dit gaat bij elke poging mee, op één regel. Wie de gegevens zelf nodig heeft, vraagt ze met de sleutel aan de API.
fault-name = deze naam bestaat niet
fault-inside = het adres leidt naar een netwerk dat niet is toegestaan
fault-connect = niemand neemt op
fault-proxy = de proxy laat dit niet door
fault-tls = geen veilige verbinding: het certificaat klopt niet
fault-slow = geen antwoord op tijd
fault-broken = de verbinding brak af

secret = Geheim
secret-title = Het geheim van deze webhook
secret-new = De webhook is gemaakt. Met dit geheim ziet het andere systeem dat een bericht van Kring komt, en dat niemand het veranderde.
secret-other = Dit is het nieuwe geheim. Nog een dag lang ondertekent Kring ook met het vorige, zodat je kunt overstappen.
secret-once = Je ziet het alleen nu. Zet het in het andere systeem.
secret-kept = Ik heb het bewaard
secret-rotate = Maak een nieuw geheim
secret-rotate-text = Kring ondertekent elk bericht. Weet iemand het geheim die het niet hoort te weten, maak dan een nieuw.
secret-old = Het vorige geheim geldt nog tot { $when }.
remove = Verwijder
remove-title = { $name } verwijderen?
remove-text = { $n ->
    [0] Dit systeem hoort dan niets meer, en wat het kreeg is hier niet meer te zien.
    [one] Dit systeem hoort dan niets meer, en wat het kreeg is hier niet meer te zien. Eén bericht wacht nog; dat gaat niet meer.
   *[other] Dit systeem hoort dan niets meer, en wat het kreeg is hier niet meer te zien. { $n } berichten wachten nog; die gaan niet meer.
}

task-title = Webhook { $name } staat stil
task-gone = Het adres bestaat niet meer.
task-failing = Vijf dagen lang kwam er geen antwoord.
done-webhook-changed = De webhook is gewijzigd.
done-webhook-paused = De webhook is gepauzeerd.
done-webhook-resumed = De webhook werkt weer.
done-webhook-tried = Het proefbericht is onderweg.
done-webhook-again = De mislukte berichten gaan opnieuw.
done-webhook-message-again = Het bericht gaat opnieuw.
done-webhook-removed = De webhook is verwijderd.
group-journeys = Journeys
event-journey-begun = Iemand begint aan een journey
event-journey-reached = Iemand is op een stap die dat meldt
event-journey-ended = Een journey is voor iemand afgelopen
