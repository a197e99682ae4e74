desk = Serviceplein
requests = Vragen
view = Welke vragen
view-open = open
view-mine = van mij
view-closed = afgerond
open-count = { $n ->
    [one] 1 open
   *[other] { $n } open
}
late-count = { $n ->
    [one] 1 te laat
   *[other] { $n } te laat
}
empty-title = Niets te doen hier
empty-help = Nieuwe vragen van het contactformulier verschijnen hier vanzelf.
empty-action = Open het contactformulier
choose-title = Kies een vraag
choose-help = De vraag met de krapste belofte staat bovenaan. Met j en k loop je door de lijst.
back-to-list = Terug naar de lijst
writes-in = schrijft { $lang ->
    [en] Engels
    [nl] Nederlands
   *[other] een andere taal
}
looks = { $name } kijkt
looks-since = { $name } kijkt ook mee sinds { $time }.
owned-by = van { $name }
owned-by-nobody = van niemand
take = Neem deze vraag
give-back = Geef terug aan de groep
number = nummer { $id }
about = Over { $name }
answer-label = Antwoord
answer-hint = { $lang ->
    [en] Schrijf in het Engels; aanhef en ondertekening komen er vanzelf bij.
   *[other] Schrijf in het Nederlands; aanhef en ondertekening komen er vanzelf bij.
}
send = Verstuur
send-and-close = Verstuur en rond af
close-without = Rond af zonder antwoord
reopen = Open opnieuw
closed-event = Afgerond
note-on-its-way = gaat zo weg
note-not-sent = niet verstuurd: { $why }
note-doubtful = misschien niet aangekomen
stale = Er is intussen iets veranderd. Lees wat er nieuw is en verstuur dan opnieuw; je tekst staat er nog.
closed-already = Deze vraag is intussen afgerond. Open hem opnieuw als je toch wilt antwoorden; je tekst staat er nog.
gone-already = Dit antwoord is al weg en kan niet meer terug.
outcome-missing = Kies waarom je zonder antwoord afrondt.
topic-unknown = Dit onderwerp bestaat niet, of hoort bij een afdeling die je niet mag zien.
done-answer = Antwoord gaat over 8 seconden weg.
done-closed = Afgerond.
done-reopened = Weer open.
done-mine = Deze vraag is van jou.
done-free = Deze vraag is weer van de groep.
outcome-solved = Opgelost
outcome-answered-elsewhere = Al anders beantwoord
outcome-no-question = Geen vraag
outcome-double = Dubbel
state-new = nieuw
state-assigned = in behandeling
state-waiting = wacht op klant
state-closed = afgerond
task-answer = { $name } antwoorden
receipt-subject = We hebben je vraag: { $subject }
receipt-thanks = Dank je wel, je vraag is bij ons binnen.
receipt-when = Je krijgt uiterlijk { $when } antwoord van een mens.
receipt-number = Je vraag heeft nummer { $id }.
answer-subject = Antwoord op je vraag: { $subject }
answer-asked = Je vroeg:
line-opened = Vraag gesteld: { $subject }
line-answered = Antwoord gestuurd: { $subject }
line-closed = Vraag afgerond: { $subject }
line-reopened = Vraag weer geopend: { $subject }
line-on-its-way = Het antwoord gaat zo weg.
by-desk = Serviceplein
by-agent = Serviceplein, { $name }
by-agent-in = Serviceplein, { $name } · in { $time }
minutes = { $n ->
    [one] 1 minuut
   *[other] { $n } minuten
}
hours = { $n ->
    [one] 1 uur
   *[other] { $n } uur
}
days = { $n ->
    [one] 1 dag
   *[other] { $n } dagen
}
panel-title = Vragen
panel-empty = Nog geen vragen gesteld.
arc-served = op tijd beantwoord, { $n } vragen in 4 weken
arc-served-few = { $n ->
    [0] nog geen vragen in 4 weken
    [one] pas 1 vraag in 4 weken
   *[other] pas { $n } vragen in 4 weken
}
arc-broken = { $n ->
    [one] Onderbroken: 1 mens wacht langer dan beloofd op antwoord.
   *[other] Onderbroken: { $n } mensen wachten langer dan beloofd op antwoord.
}
arc-mine = { $n ->
    [one] 1 vraag wacht
   *[other] { $n } vragen wachten
}
arc-attracted = nieuwe mensen in 4 weken
arc-same = evenveel als de 4 weken ervoor
arc-more = { $n } meer dan de 4 weken ervoor
arc-less = { $n } minder dan de 4 weken ervoor
chapter = vragen
shelf-units = Zo staat het Serviceplein ervoor
shelf-units-empty = Er staat geen vraag open.
shelf-unit = { $open } open, waarvan { $free } nog van niemand
shelf-late = { $n } te laat
note-automatic = automatisch antwoord
