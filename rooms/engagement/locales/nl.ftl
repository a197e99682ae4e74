engagement = Betrokkenheid
intro = Hoe zichtbaar iemand betrokken is bij onze instelling: van 0 tot 100, uit wat die persoon zelf deed. Elk getal gaat open tot de handelingen waaruit het bestaat, met de datum erbij.
never = Dit getal helpt kiezen wie u iets kunt vragen. Het telt nooit mee bij toelating, beoordeling, maatregelen of zorg. Van een vraag telt alleen dat hij gesteld werd, van een enquête dat hij ingevuld werd: nooit waarover, en nooit wat iemand zei. Bijzondere persoonsgegevens, cijfers en verzuim tellen niet mee, en het openen van een mail ook niet.
never-short = Niet gebruiken bij toelating, beoordeling, maatregelen of zorg.

fact-engagement = betrokkenheid
fact-engagement-is = hebben een betrokkenheid van
fact-engagement-not = hebben geen betrokkenheid van
fact-behaviour = gedrag van de laatste tijd
fact-behaviour-is = hebben een gedrag van
fact-behaviour-not = hebben geen gedrag van

panel-of = van 100
panel-says = { $n ->
    [one] Uit 1 eigen handeling, op { $day }
   *[other] Uit { $n } eigen handelingen, op { $day }
}
panel-older = { $n ->
    [one] 1 oudere handeling
   *[other] { $n } oudere handelingen
}
panel-all = Alles wat meetelt
account = Waaruit het bestaat
account-what = Handeling
account-day = Op
account-points = Punten nu
account-adds = In het getal
account-lately = In het gedrag
account-together = Samen
account-none = Deze persoon deed nog niets wat meetelt.
withheld-objected = Geen getal: deze persoon wil geen werving of promotie van ons, en daar hoort bij dat we niet bijhouden hoe betrokken iemand is (AVG 21 lid 2 en 3). Wordt het bezwaar ingetrokken, dan telt alles weer mee.
withheld-under-16 = Geen getal: van wie jonger is dan 16 houden we niet bij hoe betrokken hij of zij is.
line-locked = een handeling die u niet mag zien
line-points = { $now } van { $points }
line-capped = 0 van { $points }: het maximum van dat jaar was bereikt
person-title = Betrokkenheid van { $name }

behaviour = Gedrag van de laatste tijd
behaviour-says = Laatste eigen handeling op { $day }.
behaviour-stale = Verouderd: de laatste eigen handeling was op { $day }, langer dan { $days } dagen geleden. Bouw er niet op.
behaviour-is-stale = verouderd
behaviour-nothing = Deze persoon deed nog niets wat meetelt.

mode = Vorm
modes = Vormen van betrokkenheid
modes-help = In elke vorm tellen de punten op. De eerste tellen het zwaarst: met zoveel punten als hieronder staat bereikt een vorm 63 van 100, en nooit meer dan 100. Het getal is het gewogen gemiddelde van de vormen die meetellen.
mode-communication = Contact
mode-experiential = Meedoen
mode-volunteer = Helpen
mode-philanthropic = Geven
mode-weight = Gewicht
mode-share = Aandeel nu
mode-k = Punten voor 63
mode-sum = Punten nu
mode-score = Van 100
mode-off = telt niet mee
modes-off = Van de vormen die niet meetellen komt hier nog geen handeling binnen, of ze hebben geen gewicht. De gewichten van de andere zijn over het geheel verdeeld.
kinds = Wat meetelt
kind-points = Punten
kind-half = Halvering (dagen)
kind-cap = Hoogstens per jaar
lately-stale = Verouderd na (dagen)

formula-version = formule, versie { $n }
formula-shipped = zoals Kring die meebrengt
formula-decided = vastgesteld door { $name } op { $day }
formula-old = geldt niet meer
formula-to-newest = Naar de formule die geldt
formula-how = Alleen wat iemand zelf deed telt mee; wat een collega voor iemand invult niet. Een handeling is na haar halveringstijd half zoveel punten waard, en elke soort telt per kalenderjaar tot een maximum.
formula-behaviour = Gedrag van de laatste tijd is een tweede getal, voor wie zich oriënteert: dezelfde handelingen, elke { $half } dagen gehalveerd, met { $k } punten voor 63 van 100. Na { $stale } dagen zonder eigen handeling is het verouderd en kiest u er niet meer op.
formula-new = Nieuwe versie
formula-new-help = Bekijk eerst wat de nieuwe versie doet. Ze geldt zodra u haar vaststelt: dan wordt het getal van iedereen opnieuw berekend. Oude versies blijven te lezen.
formula-reason = Waarom
formula-reason-hint = Dit staat bij de versie, voor iedereen die haar leest.
formula-do = Vaststellen
formula-meanwhile = Iemand anders heeft intussen een nieuwe versie vastgesteld. Open de pagina opnieuw.
formula-same = Dit is de formule die al geldt.
formula-reason-missing = Zeg waarom de formule verandert.
formula-weighs-nothing = Geef minstens één vorm met handelingen een gewicht en punten, anders heeft iedereen 0.
cap-below-points = Het maximum is lager dan wat één handeling waard is.
done-formula = De nieuwe formule geldt. De getallen worden nu opnieuw berekend.
versions = Versies

groups = Hoe het verdeeld is
groups-help = Hoeveel mensen met een rol welk getal hebben. Van groepen met minder dan tien mensen, en van groepen waar bijna iedereen in zit, laten we geen verdeling zien. Iemand met meer rollen telt in elke groep mee.
groups-everybody = Iedereen
group = Groep
group-people = Mensen
group-any = Deed ooit iets
group-few = te weinig mensen om iets te zeggen
band-none = geen

preview = Wat het doet
preview-do = Bekijk wat het doet
preview-again = Opnieuw bekijken
preview-all = { $n } mensen deden ooit iets; allen zijn twee keer berekend.
preview-sample = Berekend over { $n } van de { $of } mensen die ooit iets deden, gelijk verdeeld.
preview-means = Het gemiddelde gaat van { $before } naar { $after }.
preview-nobody = Er verandert niets.
preview-moves = Wie schuift
preview-bands = Getal
preview-before = Nu
preview-after = Straks
move-far-down = 10 of meer omlaag
move-down = 1 tot 10 omlaag
move-same = minder dan 1
move-up = 1 tot 10 omhoog
move-far-up = 10 of meer omhoog
