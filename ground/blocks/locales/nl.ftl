# Kinds of blocks.
kind-text = Tekst
kind-heading = Kop
kind-button = Knop
kind-picture = Afbeelding
kind-quote = Citaat
kind-choices = Vraag met keuzes
kind-divider = Lijn

# The editor.
subject = Onderwerp
preview = Voorproefje
preview-hint = Wat je in de inbox na het onderwerp ziet.
fields = Velden die je kunt gebruiken
fields-hint = Zet een veld in je tekst. Iedereen ziet dan zijn eigen gegevens.
add-block = Voeg een blok toe
level = Grootte
level-1 = Groot
level-2 = Gewoon
level-3 = Klein
text-of-heading = Tekst van de kop
text = Tekst
text-hint = Een lege regel begint een alinea. **vet**, *schuin*, [woorden](https://adres). Een lijst: begin elke regel met een streepje en een spatie.
label = Tekst op de knop
link = Adres van de link
link-hint = Begin met https://, mailto: of tel:
src = Adres van de afbeelding
src-hint = Begin met https://, of met / voor een afbeelding van onszelf.
alt = Wat er te zien is
alt-hint = Voor wie de afbeelding niet ziet.
decorative = De afbeelding is alleen versiering
quote = Citaat
who = Wie dit zei
question = Vraag
options = Keuzes
options-hint = Elke keuze op een eigen regel, met een code ervoor: ja = Ja, graag. Gebruik in elke taal dezelfde codes.
only-for-some = Niet voor iedereen
only-if = Alleen voor wie dit geldt
only-if-hint = Kies niets, dan ziet iedereen dit blok.
up = Zet blok { $n } hoger
down = Zet blok { $n } lager
remove = Haal blok { $n } weg
too-many-options = Dit zijn te veel keuzes: hooguit { $most }.

# Where a problem is.
at-sheet = { $tongue }
at-subject = { $tongue }, onderwerp
at-preview = { $tongue }, voorproefje
at-block = { $tongue }, blok { $n }

# What the problem is.
problem-missing = Deze taal ontbreekt nog.
problem-stale = De brontekst is veranderd na deze vertaling. Kijk of de vertaling nog klopt.
problem-no-blocks = Er staat nog niets in. Voeg een blok toe.
problem-no-subject = Schrijf een onderwerp.
problem-long-subject = Maak het onderwerp korter: hooguit { $most } tekens. De rest ziet bijna niemand.
problem-loud-subject = Schrijf het onderwerp niet in hoofdletters. Dat leest als schreeuwen, en filters houden het tegen.
problem-no-preview = Schrijf een voorproefje. Anders laat de inbox zomaar het begin van de tekst zien.
problem-empty = Dit is nog leeg. Vul het in, of haal het blok weg.
problem-no-alt = Schrijf wat er te zien is, of geef aan dat de afbeelding alleen versiering is.
problem-bad-link = Deze link kan niet. Begin met https://, mailto: of tel:, of gebruik een veld dat een link is.
problem-bad-picture = Dit adres kan niet. Begin met https://, of met / voor een afbeelding van onszelf.
problem-no-options = Geef minstens één keuze.
problem-bad-code = De code ‘{ $code }’ kan niet. Gebruik kleine letters, cijfers, - en _.
problem-same-code = De code ‘{ $code }’ staat er twee keer.
problem-other-codes = De codes van de keuzes zijn niet dezelfde als in de brontekst. Dan tellen antwoorden niet samen.
problem-only-pictures = Er staan alleen afbeeldingen in. Wie ze niet ziet, leest niets. Voeg tekst toe.
problem-large = Deze mail is { $kilobytes } kB. Boven 100 kB kapt Gmail hem af. Maak hem korter.
problem-too-long = Maak dit korter: hooguit { $most } tekens.
problem-bounds = Dit is meer dan in één document past. Haal blokken weg of maak teksten korter.
problem-unknown-field = Het veld ‘{ $field }’ is hier niet bekend.
problem-wrong-kind = Het veld ‘{ $field }’ past niet op deze plek.
problem-unwritable = Met gewone gegevens wordt dit te veel. Maak het eenvoudiger.
slip-unclosed = Een veld is niet afgesloten. Schrijf {"{{"} en {"}}"} op dezelfde regel.
slip-statement = Na {"{%"} kan ‘{ $word }’ niet staan. Gebruik if, elif, else, endif, for of endfor.
slip-filter = De bewerking ‘{ $word }’ bestaat niet. Gebruik default, join, lower of upper.
slip-sign = In een veld kan ‘{ $sign }’ hier niet staan.
slip-unbalanced = Bij elke if hoort een endif, en bij elke for een endfor.
slip-too-deep = Er staan te veel voorwaarden in elkaar.
slip-too-long = Er staan te veel velden in één tekst.
slip-order = Dit veld is niet goed geschreven. Een voorbeeld: {"{{ first_name }}"}

# A page in the place of a mail.
kind-part = Formulier
part = Welk formulier
title = Titel
summary = Samenvatting
summary-hint = Wat een zoekmachine onder de titel laat zien: één of twee zinnen.
problem-no-part = Kies een formulier dat gepubliceerd is.
problem-no-title = Schrijf een titel.
problem-no-summary = Schrijf een samenvatting. Anders laat een zoekmachine zomaar het begin van de tekst zien.
