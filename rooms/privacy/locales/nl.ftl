privacy-title = Privacy van { $name }
back = Terug naar de persoon
panel-title = Privacy
panel-link = Inzage en vergeten
access-title = Inzage
access-text = Alles wat we van deze persoon weten, uit elke afdeling, met wie ernaar keek. Je hebt een maand om het te geven.
access-button = Maak het dossier
erase-title = Vergeten
erase-text = Alle gegevens van deze persoon verdwijnen, overal, en komen niet terug. Aantallen en tijden in overzichten blijven, zonder naam. Dit kan niet ongedaan gemaakt worden.
number-label = Typ het relatienummer om te bevestigen
number-hint = Het nummer is { $id }.
number-wrong = Dit is niet het relatienummer van deze persoon.
erase-button = Vergeet deze persoon
done-erased = Vergeten.
privacy = Privacy
access-read = Lees alles
dossier-title = Alles over { $name }
dossier-text = Dit is alles wat wij over deze persoon hebben, met waar het vandaan komt en wie ernaar keek. Namen van anderen staan er niet in. Print deze bladzijde of geef het bestand mee.
section-people = Persoon en relatie
section-consent = Toestemming en benadering
section-talks = Berichten en gesprekken
section-desk = Vragen
section-surveys = Enquêtes
section-exchange = Lijsten
section-privacy = Verzoeken
section-trail = Wie keek en wijzigde
months-range = Kies 1 tot 600 maanden.
found-task = { $n ->
    [one] Eén vondst in vrije tekst
   *[other] { $n } vondsten in vrije tekst
  }
found-task-text = Nummers die we niet mogen bewaren, of woorden over gezondheid
found-title = Gevonden in vrije tekst
found-intro = Burgerservicenummers zijn al weggelaten en rekeningnummers gemaskeerd voor er iets bewaard werd. Woorden over gezondheid staan er nog: kijk of ze er mogen staan.
found-none = Niets gevonden
found-none-help = Wat in notities en lijsten niet thuishoort, komt hier te staan.
found-nobody = nog aan niemand gekoppeld
found-bsn = burgerservicenummer
found-iban = rekeningnummer
found-health = woorden over gezondheid
place-note = een notitie
place-import = een lijst
place-form = een formulier
place-request = een vraag
place-need = iets dat iemand wil weten
found-says = { $what }, { $times } keer, in { $place }, van { $by }
found-handled = Bekeken
done-found = Afgevinkt.
retention-title = Bewaartermijnen
retention-intro = Wie lang niets van zich liet horen, wordt vergeten. Kijk eerst wie een regel raakt en zet hem dan pas aan; daarna gebeurt het elke nacht. Wie toestemming gaf of een kind vertegenwoordigt, wordt niet geraakt.
rule-prospects = Wie zich alleen oriënteerde
rule-prospects-what = Alleen prospect of bezoeker, en zo lang geen teken van leven.
rule-applicants = Wie zich aanmeldde en nooit begon
rule-applicants-what = Aangemeld maar nooit student, en zo lang geen teken van leven.
rule-contacts = Contactpersonen bij organisaties
rule-contacts-what = Alleen contactpersoon, en zo lang geen contact.
rule-strangers = Wie alleen op een lijst stond
rule-strangers-what = Geen enkele rol, en zo lang geen contact.
rule-months = Maanden na het laatste teken van leven
rule-active = Voer dit elke nacht uit
rule-save = Bewaar
rule-on = aan
rule-off = uit
reaches = { $n ->
    [0] Raakt nu niemand.
    [one] Raakt nu één mens.
   *[other] Raakt nu { $n } mensen.
  }
reaches-more = Raakt nu meer dan { $n } mensen.
done-retention = Bewaard.
runs-title = Laatst uitgevoerd
run-people = { $n } vergeten
section-sharing = Delen tussen afdelingen
shelf-all = alle
shelf-empty = Niets gevonden dat een blik nodig heeft.
