now = just now
minutes-ago = { $n } min ago
in-minutes = in { $n } min
today = today
yesterday = yesterday
tomorrow = tomorrow
day-at = { $day } { $time }
minutes-left = { $n } min left
hours-left = { $hours } h { $minutes } left
days-left = { $n ->
    [one] { $n } day left
   *[other] { $n } days left
}
minutes-over = { $n } min late
hours-over = { $hours } h { $minutes } late
days-over = { $n ->
    [one] { $n } day late
   *[other] { $n } days late
}
week = week { $n }

# Forms of address.
form-mr = Mr
form-mrs = Ms
dear = Dear { $name }
dear-nobody = Dear sir or madam
hello = Dear { $name }
hello-nobody = Hello
