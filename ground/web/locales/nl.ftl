# The frame around every page.
skip = Naar de inhoud
workspaces = Werkplekken
search-everything = Zoeken in alles
search-hint = Zoek mensen, vragen, pagina’s …
search = Zoek
more = Meer
waiting = { $n ->
    [one] { $n } wacht
   *[other] { $n } wachten
}
notices = Meldingen
notices-new = { $n ->
    [one] Meldingen, { $n } nieuw
   *[other] Meldingen, { $n } nieuw
}
language-switch = English
sign-out = Log uit
undo = Maak ongedaan
close = Sluit
assets-missing = De opmaak ontbreekt. Maak haar met ./x assets en start opnieuw.
keys = Toetsen
keys-search = zoek in alles
keys-help = laat deze lijst zien
keys-next = volgende
keys-previous = vorige
keys-reply = antwoord
keys-edit = pas aan
keys-on = Losse letters zijn opdrachten
keys-on-hint = Zet dit uit als je met je stem werkt.
keys-close = sluit wat open is
live-stale = Deze pagina loopt niet meer mee. Laad haar opnieuw.
optional = mag je overslaan
first-page = Terug naar het begin
next-page = Volgende
pages = Bladeren
too-few = Te weinig antwoorden om iets te zeggen
optional-choice = Kies …

# The five faces.
face-1 = slecht
face-2 = matig
face-3 = gewoon
face-4 = goed
face-5 = heel goed

# The ring.
ring = De kring van { $name }
ring-small = Waar in de kring
ring-now = nu
ring-before = eerder
ring-attract = aantrekken
ring-serve = bedienen
ring-measure = meten
ring-improve = verbeteren
ring-bind = binden
ring-broken = { $arc } (onderbroken)

# What is wrong with a field.
field-required = Vul dit in.
field-choose = Kies een van de mogelijkheden.
field-too-long = Maak dit korter: hooguit { $max } tekens.
field-one-line = Zet dit op één regel, zonder bijzondere tekens.
field-email = Dit lijkt geen mailadres. Een voorbeeld: naam@school.nl
field-number = Vul een heel getal in.
field-range = Vul een getal in van { $min } tot en met { $max }.
field-date = Vul een datum in die bestaat, zoals 24-11-2026.
form-too-many-fields = Dit formulier heeft te veel velden. Laad de pagina opnieuw en probeer het nog eens.
form-has-faults = { $n ->
    [one] Er klopt nog iets niet. Wat je schreef, is bewaard.
   *[other] Er kloppen nog { $n } dingen niet. Wat je schreef, is bewaard.
}
form-first-fault = Ga naar het eerste veld dat niet klopt

# Problems: what, why, what to do.
problem-what-to-do = Wat kun je doen?
problem-id = Noem dit nummer als je om hulp vraagt: { $id }
problem-home = Naar het begin
problem-invalid = Er klopt nog iets niet
problem-invalid-why = Niet alles wat je stuurde, kunnen we aannemen. Er is niets veranderd.
problem-invalid-do = Ga terug, verbeter wat hieronder staat en stuur het opnieuw.
problem-forbidden = Dit mag je niet
problem-forbidden-why = Jouw rol geeft hier geen recht op, of het verzoek kwam niet van onze eigen pagina.
problem-forbidden-do = Vraag het recht aan bij je beheerder, of begin opnieuw vanaf je startpagina.
problem-missing = Deze pagina is er niet
problem-missing-why = Het adres klopt niet, of de pagina is weg, of ze is niet voor jou.
problem-missing-do = Kijk het adres na, of zoek wat je nodig hebt.
problem-conflict = Dit kan nu niet
problem-conflict-why = Er is intussen iets veranderd.
problem-conflict-do = Laad de pagina opnieuw, kijk wat er veranderd is en probeer het dan nog eens.
problem-gone = Dit is voorbij
problem-gone-why = De link is verlopen of al gebruikt, of het formulier is gesloten.
problem-gone-do = Vraag een nieuwe link, of neem contact op met de school.
problem-too-large = Dit is te groot
problem-too-large-why = Wat je stuurde, is groter dan we aannemen. Er is niets bewaard.
problem-too-large-do = Maak het kleiner, of stuur het in delen.
problem-too-many = Even wachten
problem-too-many-why = Dit gebeurde te vaak achter elkaar.
problem-too-many-do = Wacht { $seconds ->
    [one] { $seconds } seconde
   *[other] { $seconds } seconden
} en probeer het dan opnieuw.
problem-bad-request = Dit verzoek begrijpen we niet
problem-bad-request-why = Het verzoek is onvolledig of beschadigd. Er is niets veranderd.
problem-bad-request-do = Ga terug, laad de pagina opnieuw en probeer het nog eens.
problem-unauthorized = Log eerst in
problem-unauthorized-why = Je bent niet ingelogd, of je was te lang weg.
problem-unauthorized-do = Log in en probeer het opnieuw.
problem-method = Dit kan zo niet
problem-method-why = Dit adres neemt dit soort verzoek niet aan.
problem-method-do = Ga terug naar het begin en volg daar de weg.
problem-broken = Er ging iets mis bij ons
problem-broken-why = Dit ligt niet aan jou. Wij zien deze fout in ons logboek.
problem-broken-do = Probeer het over een paar minuten opnieuw. Blijft het misgaan, vraag dan om hulp.
problem-unavailable = We zijn er even niet
problem-unavailable-why = Het systeem start op, of er wordt aan gewerkt.
problem-unavailable-do = Probeer het over een paar minuten opnieuw.

new-thing = Nieuw
