today = Vandaag
later = Daarna
good-morning = Goedemorgen { $name }
good-afternoon = Goedemiddag { $name }
good-evening = Goedenavond { $name }
waiting-for-you = op jou wachten
things-today = { $n ->
    [0] niets vandaag
    [one] 1 ding vandaag
   *[other] { $n } dingen vandaag
}
arcs-whole = { $whole } van de { $all } bogen heel
nothing-today = Niets dat vandaag moet.
bind-nobody = nog geen alumni bekend
bind-reached = alumni gesproken in 12 maanden: { $reached } van { $all }
begin = Snel beginnen
