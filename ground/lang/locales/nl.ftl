# Dates, in words. $n is a number of minutes, hours or days.
now = zojuist
minutes-ago = { $n } min geleden
in-minutes = over { $n } min
today = vandaag
yesterday = gisteren
tomorrow = morgen
day-at = { $day } { $time }
minutes-left = nog { $n } min
hours-left = nog { $hours } u { $minutes }
days-left = nog { $n ->
    [one] { $n } dag
   *[other] { $n } dagen
}
minutes-over = { $n } min te laat
hours-over = { $hours } u { $minutes } te laat
days-over = { $n ->
    [one] { $n } dag te laat
   *[other] { $n } dagen te laat
}
week = week { $n }

# Forms of address.
form-mr = heer
form-mrs = mevrouw
dear = Geachte { $name }
dear-nobody = Geachte heer of mevrouw
hello = Beste { $name }
hello-nobody = Hallo
