engagement = Engagement
intro = How visibly somebody is involved with our institution: from 0 to 100, out of what they did themselves. Every number opens into the acts it is made of, each with its date.
never = This number helps to choose whom you may ask for something. It never counts in admission, marks, discipline or care. Of a question it counts that it was asked, of a survey that it was answered: never what about, and never what was said. Special categories of data, marks and absence do not count, and neither does opening a mail.
never-short = Not for admission, marks, discipline or care.

fact-engagement = engagement
fact-engagement-is = have an engagement of
fact-engagement-not = do not have an engagement of
fact-behaviour = recent behaviour
fact-behaviour-is = have a recent behaviour of
fact-behaviour-not = do not have a recent behaviour of

panel-of = of 100
panel-says = { $n ->
    [one] From 1 act of their own, on { $day }
   *[other] From { $n } acts of their own, on { $day }
}
panel-older = { $n ->
    [one] 1 older act
   *[other] { $n } older acts
}
panel-all = All that counts
account = What it is made of
account-what = Act
account-day = On
account-points = Points now
account-adds = In the number
account-lately = In behaviour
account-together = Together
account-none = This person has done nothing yet that counts.
withheld-objected = No number: this person wants no promotion from us, and with that goes that we do not keep how involved they are (GDPR 21(2) and (3)). When the objection is taken back, everything counts again.
withheld-under-16 = No number: of whoever is younger than 16 we do not keep how involved they are.
line-locked = an act that you may not see
line-points = { $now } of { $points }
line-capped = 0 of { $points }: the most of that year was reached
person-title = Engagement of { $name }

behaviour = Recent behaviour
behaviour-says = Last act of their own on { $day }.
behaviour-stale = Stale: the last act of their own was on { $day }, more than { $days } days ago. Do not build on it.
behaviour-is-stale = stale
behaviour-nothing = This person has done nothing yet that counts.

mode = Mode
modes = Modes of engagement
modes-help = In each mode points add up. The first count most: with as many points as stand below a mode reaches 63 of 100, and never more than 100. The number is the weighted mean of the modes that count.
mode-communication = Contact
mode-experiential = Taking part
mode-volunteer = Helping
mode-philanthropic = Giving
mode-weight = Weight
mode-share = Share now
mode-k = Points for 63
mode-sum = Points now
mode-score = Of 100
mode-off = does not count
modes-off = Of the modes that do not count no acts come in here yet, or they have no weight. The weights of the others are shared over the whole.
kinds = What counts
kind-points = Points
kind-half = Halves in (days)
kind-cap = At most a year
lately-stale = Stale after (days)

formula-version = formula, version { $n }
formula-shipped = as it comes with Kring
formula-decided = decided by { $name } on { $day }
formula-old = does not hold any more
formula-to-newest = To the formula that holds
formula-how = Only what somebody did themselves counts; what a colleague fills in for them does not. An act is worth half its points after its half-life, and each kind counts up to a most per calendar year.
formula-behaviour = Recent behaviour is a second number, for whoever is orienting themselves: the same acts, halved every { $half } days, with { $k } points for 63 of 100. After { $stale } days without an act of their own it is stale, and you no longer select on it.
formula-new = New version
formula-new-help = First look at what the new version does. It holds as soon as you decide on it: then everybody's number is worked out anew. Old versions stay readable.
formula-reason = Why
formula-reason-hint = This stands with the version, for everybody who reads it.
formula-do = Decide
formula-meanwhile = Somebody else decided on a new version meanwhile. Open the page again.
formula-same = This is the formula that holds already.
formula-reason-missing = Say why the formula changes.
formula-weighs-nothing = Give at least one mode with acts a weight and points, or everybody has 0.
cap-below-points = The most is less than one act is worth.
done-formula = The new formula holds. The numbers are being worked out anew.
versions = Versions

groups = How it is spread
groups-help = How many people with a role have which number. Of groups of fewer than ten people, and of groups that nearly everybody is in, we show no spread. Somebody with more roles counts in each group.
groups-everybody = Everybody
group = Group
group-people = People
group-any = Ever did anything
group-few = too few people to say
band-none = none

preview = What it does
preview-do = Look at what it does
preview-again = Look again
preview-all = { $n } people ever did anything; all were worked out twice.
preview-sample = Worked out over { $n } of the { $of } people who ever did anything, evenly spread.
preview-means = The mean goes from { $before } to { $after }.
preview-nobody = Nothing changes.
preview-moves = Who moves
preview-bands = Number
preview-before = Now
preview-after = Then
move-far-down = 10 or more down
move-down = 1 to 10 down
move-same = less than 1
move-up = 1 to 10 up
move-far-up = 10 or more up
