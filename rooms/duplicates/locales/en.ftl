duplicates = Duplicates
sweep = Compare everybody
swept = { $when } { $people ->
    [one] one person was
   *[other] { $people } people were
  } compared with each other
never-swept = Not everybody has been compared yet; whoever is added is.
how-weighed = How is this weighed?
tab-ask = Take a look
tab-sure = Sure
tab-different = Not the same
none-ask = Nothing to look at
none-ask-help = Whoever looks like somebody else is listed here as soon as they come to be known.
none-here = Nothing here
none-here-help = Compare everybody, or come back after the next import.
merge-all = { $n ->
    [one] Merge this pair
   *[other] Merge all { $n } pairs
  }
merge-all-help = Goes on in the background. Each pair can be separated again afterwards, also after later changes.
and = and
done-sweep = Everybody is being compared. This goes on in the background.
done-merging = Merging has begun and goes on in the background.
done-same = Merged.
done-different = Noted: these are two.
review-title = One or two?
back = Back to the list
chance = Chance that this is the same person: { $percent }.
but = But: { $why }.
not-the-same = differs
keys-help = Keys: s the same, d two different, n later. In the list: j down, k up, Enter opens.
keep-which = Which number stays?
which-value = Which is right for { $what }?
merge-help = Everything of the other comes along: roles, addresses, requests and timeline. What is not chosen is kept under the other number.
same = The same
different = Two different people
later = Later
decided = This pair has been decided.
why = Why
col-field = On what
col-level = Agreement
col-bits = Weight
col-m = When the same
col-u = When different
bits-help = Each point of weight doubles the chance that it is the same person; a minus halves it. A rare name weighs more than a common one.
weights-title = How duplicates are weighed
weights-text = How often an agreement occurs for one and the same, against how often for two different people, gives its weight. From { $same } a pair is sure, from { $ask } somebody looks. Twins, father and son and shared addresses are never merged by themselves.
weights-records = Learned from { $n ->
    [one] one person
   *[other] { $n } people
  }, without anybody saying beforehand who is the same.
learned = learned from these relations
shipped = shipped
panel-title = Perhaps a duplicate
maybe = Is this { $name }?
task-title = { $n ->
    [one] One pair may be a duplicate
   *[other] { $n } pairs may be duplicates
  }
task-text = { $sure } sure, { $ask } to look at
organisations-title = Organisations
organisations-intro = These organisations look alike. The one that stays gets everything of the other: people, branches, roles, addresses and numbers. A head office and its branches are not listed here.
people-there = { $n ->
    [0] {""}
    [one] one person
   *[other] { $n } people
  }
keep-named = Keep { $name }
shelf-title = One or two?
shelf-pair = { $a } and { $b }
