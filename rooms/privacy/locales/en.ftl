privacy-title = Privacy of { $name }
back = Back to the person
panel-title = Privacy
panel-link = Access and forgetting
access-title = Access
access-text = Everything we know of this person, from every unit, with who looked at it. You have a month to give it.
access-button = Make the dossier
erase-title = Forget
erase-text = All data of this person disappears, everywhere, and does not come back. Counts and times in reports stay, without a name. This cannot be undone.
number-label = Type the relation number to confirm
number-hint = The number is { $id }.
number-wrong = This is not this person's relation number.
erase-button = Forget this person
done-erased = Forgotten.
privacy = Privacy
access-read = Read everything
dossier-title = Everything about { $name }
dossier-text = This is everything we hold on this person, with where it came from and who looked at it. Names of others are not in it. Print this page or hand over the file.
section-people = Person and relation
section-consent = Consent and approaches
section-talks = Messages and dialogues
section-desk = Requests
section-surveys = Surveys
section-exchange = Lists
section-privacy = Privacy requests
section-trail = Who looked and changed
months-range = Choose 1 to 600 months.
found-task = { $n ->
    [one] One find in free text
   *[other] { $n } finds in free text
  }
found-task-text = Numbers that we may not keep, or words on health
found-title = Found in free text
found-intro = National numbers were left out and bank accounts masked before anything was kept. Words on health still stand: see whether they may.
found-none = Nothing found
found-none-help = What does not belong in notes and lists is listed here.
found-nobody = not linked to anybody yet
found-bsn = national number
found-iban = bank account
found-health = words on health
place-note = a note
place-import = a list
place-form = a form
place-request = a request
place-need = something somebody wants to know
found-says = { $what }, { $times } times, in { $place }, by { $by }
found-handled = Looked at
done-found = Ticked off.
retention-title = Retention
retention-intro = Whoever gave no sign of life for long is forgotten. First see whom a rule reaches, then switch it on; from then on it happens every night. Whoever consented or represents a child is not reached.
rule-prospects = Who only oriented
rule-prospects-what = Only prospect or visitor, and no sign of life for so long.
rule-applicants = Who applied and never began
rule-applicants-what = Applied but never a student, and no sign of life for so long.
rule-contacts = Contacts at organisations
rule-contacts-what = Only a contact, and no contact for so long.
rule-strangers = Who only stood on a list
rule-strangers-what = No role at all, and no contact for so long.
rule-months = Months after the last sign of life
rule-active = Carry this out every night
rule-save = Save
rule-on = on
rule-off = off
reaches = { $n ->
    [0] Reaches nobody now.
    [one] Reaches one person now.
   *[other] Reaches { $n } people now.
  }
reaches-more = Reaches more than { $n } people now.
done-retention = Saved.
runs-title = Carried out lately
run-people = { $n } forgotten
section-sharing = Sharing between departments
shelf-all = all
shelf-empty = Nothing found that needs a look.
