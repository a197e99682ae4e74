today = Today
later = After that
good-morning = Good morning { $name }
good-afternoon = Good afternoon { $name }
good-evening = Good evening { $name }
waiting-for-you = waiting for you
things-today = { $n ->
    [0] nothing today
    [one] 1 thing today
   *[other] { $n } things today
}
arcs-whole = { $whole } of { $all } arcs whole
nothing-today = Nothing that has to be done today.
bind-nobody = no alumni known yet
bind-reached = alumni spoken with in 12 months: { $reached } of { $all }
begin = Begin something
