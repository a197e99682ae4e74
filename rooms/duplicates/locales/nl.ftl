duplicates = Dubbelen
sweep = Vergelijk iedereen
swept = { $when } zijn { $people ->
    [one] één mens
   *[other] { $people } mensen
  } met elkaar vergeleken
never-swept = Nog niet iedereen is met elkaar vergeleken; wie erbij komt wel.
how-weighed = Hoe wordt dit gewogen?
tab-ask = Kijk even
tab-sure = Zeker
tab-different = Niet dezelfde
none-ask = Niets om naar te kijken
none-ask-help = Wie op iemand anders lijkt, komt hier te staan zodra die bekend wordt.
none-here = Niets hier
none-here-help = Vergelijk iedereen met elkaar, of kom terug na de volgende import.
merge-all = { $n ->
    [one] Voeg dit paar samen
   *[other] Voeg alle { $n } paren samen
  }
merge-all-help = Gaat door op de achtergrond. Elk paar is daarna apart weer los te maken, ook na latere wijzigingen.
and = en
done-sweep = Iedereen wordt vergeleken. Dit gaat door op de achtergrond.
done-merging = Samenvoegen is begonnen en gaat door op de achtergrond.
done-same = Samengevoegd.
done-different = Genoteerd: dit zijn er twee.
review-title = Eén of twee?
back = Terug naar de lijst
chance = Kans dat dit dezelfde is: { $percent }.
but = Maar: { $why }.
not-the-same = verschilt
keys-help = Toetsen: s dezelfde, d twee verschillende, n later. In de lijst: j omlaag, k omhoog, Enter opent.
keep-which = Welk nummer blijft?
which-value = Welke klopt voor { $what }?
merge-help = Alles van de ander komt erbij: rollen, adressen, vragen en tijdlijn. Wat niet gekozen is, blijft bewaard onder het andere nummer.
same = Dezelfde
different = Twee verschillende
later = Later
decided = Over dit paar is al beslist.
why = Waarom
col-field = Waarop
col-level = Overeenkomst
col-bits = Gewicht
col-m = Bij dezelfde
col-u = Bij verschillende
bits-help = Elk punt gewicht verdubbelt de kans dat het dezelfde is; een min halveert die. Een zeldzame naam weegt zwaarder dan een gewone.
weights-title = Hoe dubbelen worden gewogen
weights-text = Hoe vaak een overeenkomst voorkomt bij twee keer dezelfde, tegen hoe vaak bij twee verschillenden, geeft het gewicht. Vanaf { $same } is een paar zeker, vanaf { $ask } kijkt er iemand naar. Tweelingen, vader en zoon en gedeelde adressen worden nooit vanzelf samengevoegd.
weights-records = Geleerd van { $n ->
    [one] één mens
   *[other] { $n } mensen
  }, zonder dat iemand vooraf zei wie dezelfde is.
learned = geleerd van deze relaties
shipped = meegeleverd
panel-title = Misschien dubbel
maybe = Is dit { $name }?
task-title = { $n ->
    [one] Eén paar is misschien dubbel
   *[other] { $n } paren zijn misschien dubbel
  }
task-text = { $sure } zeker, { $ask } om naar te kijken
organisations-title = Organisaties
organisations-intro = Deze organisaties lijken op elkaar. Wie blijft, krijgt alles van de ander: mensen, vestigingen, rollen, adressen en nummers. Een hoofdkantoor en zijn vestigingen staan hier niet bij.
people-there = { $n ->
    [0] {""}
    [one] één mens
   *[other] { $n } mensen
  }
keep-named = Houd { $name }
shelf-title = Eén of twee?
shelf-pair = { $a } en { $b }
