place = Behoeften
needs = Informatiebehoeften
chapter = Wil weten
topic-unknown = Kies een onderwerp uit de lijst.
person-unknown = Deze persoon is niet bekend.
closed-already = Dit is intussen al afgehandeld.
open-already = Deze persoon heeft intussen opnieuw iets gevraagd over dit onderwerp; dat staat nog open.
back-to = Terug naar { $name }

# Waar het gevraagd is.
source-form = formulier
source-request = vraag aan de balie
source-api = ander systeem
source-phone = telefoon
source-hand = gesprek

state-open = open
state-answered = beantwoord
state-lapsed = hoeft niet meer

# Op de pagina van iemand.
panel-title = Wil weten
panel-none = Voor zover bekend staat er niets open.
panel-before = eerder: { $n }
person-title = Wat { $name } wil weten
person-all = Open en eerder
person-none = Er is nog niets gevraagd of opgeschreven.
need-once = { $place } · sinds { $since }
need-often = { $place } · sinds { $since } · { $n } keer gevraagd, het laatst { $last }
need-closed-with = gesloten { $when } met vraag { $request }
need-closed-by = gesloten { $when } door { $name }
need-answered = Beantwoord
need-lapsed = Hoeft niet meer
need-reopen = Toch nog open
need-add = Iets opschrijven
need-topic = Onderwerp
need-words = In eigen woorden
need-words-hint = Zoals de persoon het zei. Geen burgerservicenummer of medische gegevens.
need-where = Waar gevraagd
need-save = Opschrijven
done-need-noted = Opgeschreven.
done-need-again = Opgeschreven: dit stond al open en is nu nog eens gevraagd.
done-need-cleaned = Opgeschreven. Een nummer dat we niet mogen bewaren, is eruit gehaald.
done-need-answered = Beantwoord.
done-need-lapsed = Hoeft niet meer.
done-need-reopened = Het staat weer open.
done-need-taken-back = Teruggenomen.

# Op de tijdlijn.
line-noted = Wil weten: { $topic }
line-answered = Beantwoord: { $topic }
line-lapsed = Hoeft niet meer te weten: { $topic }

# De lijst per groep.
list-intro = Wat mensen nu willen weten, per onderwerp, met wat daaruit blijkt: hoeveel het er zijn, waar zij het vroegen, en hoe snel zij antwoord kregen.
list-filter = Van wie en wanneer
list-of-role = Van
list-everybody = iedereen
list-of-programme = van opleiding of groep
list-any-programme = maakt niet uit
list-in = in
list-days = { $n ->
    [365] het laatste jaar
   *[other] de laatste { $n } dagen
  }
list-show = Toon
list-topic = Onderwerp
list-open = Nu open
list-open-means = Mensen die iets over dit onderwerp willen weten en nog geen antwoord hebben, op dit moment.
list-asked = Vroegen ernaar
list-asked-means = Mensen die er in de periode naar vroegen. Daarachter hoe vaak, als sommigen het meer dan eens vroegen.
list-median = Tot antwoord
list-median-means = De helft had sneller antwoord, de andere helft later: van de eerste vraag tot het antwoord, in gewone uren en dagen, over wat in de periode beantwoord werd.
list-answered = Beantwoord
list-answered-means = Van wat in de periode open kwam: het deel dat al beantwoord is, met de marge. Wat net binnen is, telt mee als nog niet beantwoord.
list-sources = Waar gevraagd
list-sources-means = Hoe vaak het in de periode gevraagd werd, en waar: met het formulier, aan de balie, aan de telefoon of in een gesprek.
list-last = Het laatst
list-times = { $n } keer
list-of = { $says } (n = { $n })
list-few = te weinig
list-fewer = minder dan { $n }
list-hidden = niet te zeggen zonder mensen te tonen
list-counted = Geteld op { $when }.
list-hides = Getallen van minder dan tien mensen laten we niet zien.
list-means = Wat de getallen zeggen
list-file = Als CSV
list-origin = Informatiebehoeften uit Kring, opgehaald door { $name } op { $when }, over { $n } dagen
list-none = Nog niemand vroeg iets
list-none-help = Hier staat straks wat mensen willen weten. Vragen aan de balie en van het formulier komen er vanzelf in; wat iemand in een gesprek zegt, schrijf je op bij die persoon.
list-nobody = Niemand in deze groep
list-nobody-help = Uit deze groep vroeg nog niemand iets dat jij mag zien.
list-all = Iedereen
took-minutes = { $n } min
took-hours = { $n } uur
took-days = { $n ->
    [one] 1 dag
   *[other] { $n } dagen
  }

# Wie erachter zitten.
whose-open = Wie hier nu iets over wil weten.
whose-asked = Wie er in de laatste { $n } dagen naar vroeg.
whose-answered = Wie er in de laatste { $n } dagen naar begon te vragen en antwoord heeft.
whose-nobody = Niemand.
whose-name = Naam
whose-state = Stand
whose-since = Sinds
whose-times = Keer

# In een zin over mensen.
fact-wants = wil iets weten
fact-wants-is = iets willen weten over
fact-wants-not = geen open vraag hebben over
fact-wants-any = welk onderwerp ook
fact-wants-ever = iets wilden of willen weten over
fact-wants-never = nooit iets wilden weten over
fact-wants-formerly = vroeger iets wilden weten, en nu niet meer, over
fact-wants-not-formerly = niet vroeger iets wilden weten over
fact-wants-during = iets wilden weten over
fact-wants-not-during = niets wilden weten over
