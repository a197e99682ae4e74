feedback = Feedback
feedback-intro = Wat mensen de laatste week antwoordden, en wie we beloofden te bellen of te mailen.
surveys = Enquêtes
surveys-intro = Kort na elke vraag. Nooit meer dan vijf vragen, en nooit meer dan vier keer per jaar dezelfde persoon.
face-1 = slecht
face-2 = matig
face-3 = gewoon
face-4 = goed
face-5 = heel goed
yes = ja
no = nee
state-draft = concept
state-live = loopt
state-closed = gestopt
kind-experience = gezichtjes: hoe was het
kind-expectation = gezichtjes: wat verwachtte je
kind-mark = rapportcijfer 1–10
kind-yes-no = ja of nee
kind-text = open vraag
sixth-question = Een enquête heeft hooguit vijf vragen. Laat eerst een vraag weg.
asked-already = Deze soort vraag staat er al in.
always-asked = Beleving en verwachting horen bij elke enquête; die kun je niet weglaten.
first-needed = Kies een gezichtje.
phone-needed = Vul een telefoonnummer in, of kies voor mail.
try-first = Noteer eerst een poging voordat je opgeeft.
letter-subject = Hoe hielpen we je?
letter-intro = Je vraag aan ons is afgerond. Wil je zeggen hoe dat ging? { $n ->
    [one] Het is één vraag.
   *[other] Het zijn { $n } vragen, één minuut.
}
letter-promise = Kies hierboven een gezichtje; je antwoord telt pas als je het op de pagina verstuurt. We vragen je dit hooguit vier keer per jaar.
page-title = Hoe hielpen we je?
page-title-name = Hoe hielpen we je, { $name }?
page-intro = { $n ->
    [one] Eén vraag.
   *[other] { $n } vragen, één minuut. Overslaan mag.
}
mark-hint = 1 is heel slecht, 10 is uitstekend.
text-hint = Schrijf geen namen op.
contact-me = Neem contact met mij op
contact-hint = Binnen één werkdag. Alleen dan ziet degene die je belt of mailt wat jij schreef.
contact-how = Hoe en wanneer?
contact-channel = Hoe bereiken we je het liefst?
contact-moment = Wanneer?
by-mail = per mail
by-phone = telefonisch
phone = Telefoonnummer
phone-hint = Laat leeg als we je nummer al hebben.
moment-any = maakt niet uit
moment-morning = ’s ochtends
moment-afternoon = ’s middags
send = Verstuur
small-print = Je school ziet cijfers pas vanaf tien mensen.
thanks-title = Dank je wel
thanks-text = Je antwoord is binnen. Vroeg je om contact, dan hoor je binnen één werkdag van ons.
change-answer = Verander je antwoord
was = vond het { $was }
was-and-expected = vond het { $was }, verwachtte { $expected }
gave-mark = gaf een { $mark }
helped-by = geholpen door { $name }
wants-contact = wil contact
answers-title = Antwoorden
answers-locked = Antwoorden zien hoort niet bij je rol.
callbacks-title = Beloofd contact
callbacks-locked = Beloofd contact afhandelen hoort niet bij je rol.
no-answers = Nog geen antwoorden deze week
no-answers-help = Na elke afgeronde vraag krijgt iemand een korte enquête. Wat mensen antwoorden, staat hier de volgende ochtend, en ook meteen.
no-callbacks = Niemand wacht op contact.
wants-call = Wil gebeld worden op { $phone }, { $moment }.
wants-mail = Wil een mail.
escalated = Te laat: dit was beloofd. Iedereen van het team ziet het nu.
owned-by = van { $name }
owned-by-nobody = van niemand
attempts = { $n ->
    [one] 1 keer geprobeerd
   *[other] { $n } keer geprobeerd
}
take = Neem dit
reached = Gesproken
tried = Niet bereikt
give-up = Stop met proberen
done-owned = Dit is nu van jou.
done-attempted = Poging genoteerd.
done-finished = Afgerond.
done-question = Bewaard.
done-retired = Vraag weggelaten; de antwoorden blijven.
done-state = Bewaard.
task-call = { $name } bellen
task-mail = { $name } mailen
task-promised = Beloofd in een enquête
used-of = { $used } van { $most } dit jaar
panel-empty = Nog niets geantwoord, of niet zichtbaar voor jou.
line-invited = Gevraagd hoe het ging
line-not-invited = Niet gevraagd hoe het ging
line-answered = Zei hoe het ging
line-callback-wanted = Wil dat we contact opnemen
line-callback-attempted = Contact geprobeerd, niet bereikt
line-callback-escalated = Beloofd contact is te laat
line-callback-closed = Beloofd contact: { $outcome }
outcome-reached = gesproken
outcome-not-reached = niet bereikt
outcome-not-needed = niet meer nodig
promise-kept = Belofte gehouden.
promise-not-kept = Belofte niet gehouden.
by-itself = Vanzelf, na een afgeronde vraag
reason-no-survey = Voor dit onderwerp loopt geen enquête.
reason-no-service = Er was geen antwoord om iets over te vragen.
no-surveys = Nog geen enquêtes
no-surveys-help = Maak er hieronder een; beleving en verwachting staan er dan al in.
new-survey = Nieuwe enquête
name-nl = Naam in het Nederlands
name-en = Naam in het Engels
unit = Afdeling
make = Maak
all-surveys = Alle enquêtes
questions = Vragen
retire = Laat weg
add-question = Vraag toevoegen
full-help = Er staan vijf vragen in; meer mag niet. Laat er eerst een weg.
kind = Soort vraag
text-nl = Vraag in het Nederlands
text-en = Vraag in het Engels
add = Voeg toe
go-live = Start deze enquête
stop = Stop deze enquête
arc-measured = rapportcijfer, { $n } mensen in 4 weken
arc-measured-few = { $n ->
    [0] rapportcijfer: nog geen antwoorden in 4 weken
    [one] rapportcijfer: pas 1 antwoord in 4 weken
   *[other] rapportcijfer: pas { $n } mensen in 4 weken
}
arc-contact = { $n ->
    [one] 1 ‘neem contact op’
   *[other] { $n } ‘neem contact op’
}
arc-kept = beloofd contact op tijd gehouden, { $n } in een kwartaal
arc-kept-few = { $n ->
    [0] beloofd contact: nog niets beloofd
    [one] beloofd contact: pas 1 keer
   *[other] beloofd contact: pas { $n } keer
}
arc-late = { $n ->
    [one] Onderbroken: 1 mens wacht te lang op beloofd contact.
   *[other] Onderbroken: { $n } mensen wachten te lang op beloofd contact.
}
chapter = feedback

fact-answered = ingevulde vragenlijst
fact-answered-is = vulden een vragenlijst in
fact-answered-not = vulden geen vragenlijst in
act-answered = vulde een vragenlijst in
