# The frame around every page.
skip = Skip to content
workspaces = Workspaces
search-everything = Search everything
search-hint = Search people, requests, pages …
search = Search
more = More
waiting = { $n ->
    [one] { $n } waiting
   *[other] { $n } waiting
}
notices = Notices
notices-new = { $n ->
    [one] Notices, { $n } new
   *[other] Notices, { $n } new
}
language-switch = Nederlands
sign-out = Sign out
undo = Undo
close = Close
assets-missing = The styling is missing. Make it with ./x assets and start again.
keys = Keys
keys-search = search everything
keys-help = show this list
keys-next = next
keys-previous = previous
keys-reply = reply
keys-edit = edit
keys-on = Single letters are commands
keys-on-hint = Switch this off when you work by voice.
keys-close = close what is open
live-stale = This page no longer updates. Reload it.
optional = you may skip this
first-page = Back to the start
next-page = Next
pages = Pages
too-few = Too few answers to say
optional-choice = Choose …

# The five faces.
face-1 = bad
face-2 = poor
face-3 = fair
face-4 = good
face-5 = very good

# The ring.
ring = The ring of { $name }
ring-small = Where in the ring
ring-now = now
ring-before = earlier
ring-attract = attract
ring-serve = serve
ring-measure = measure
ring-improve = improve
ring-bind = bind
ring-broken = { $arc } (broken)

# What is wrong with a field.
field-required = Fill this in.
field-choose = Choose one of the options.
field-too-long = Make this shorter: at most { $max } characters.
field-one-line = Put this on one line, without special characters.
field-email = This does not look like an e-mail address. An example: name@school.nl
field-number = Fill in a whole number.
field-range = Fill in a number from { $min } to { $max }.
field-date = Fill in a date that exists, such as 24-11-2026.
form-too-many-fields = This form has too many fields. Reload the page and try again.
form-has-faults = { $n ->
    [one] Something is not right yet. What you wrote has been kept.
   *[other] { $n } things are not right yet. What you wrote has been kept.
}
form-first-fault = Go to the first field that is not right

# Problems: what, why, what to do.
problem-what-to-do = What can you do?
problem-id = Mention this number when you ask for help: { $id }
problem-home = To the start
problem-invalid = Something is not right yet
problem-invalid-why = We cannot accept everything you sent. Nothing was changed.
problem-invalid-do = Go back, correct what is listed below and send it again.
problem-forbidden = You may not do this
problem-forbidden-why = Your role does not give this right, or the request did not come from our own page.
problem-forbidden-do = Ask your administrator for the right, or start again from your home page.
problem-missing = This page is not here
problem-missing-why = The address is wrong, or the page is gone, or it is not for you.
problem-missing-do = Check the address, or search for what you need.
problem-conflict = This cannot be done now
problem-conflict-why = Something has changed in the meantime.
problem-conflict-do = Reload the page, see what has changed, and then try again.
problem-gone = This is over
problem-gone-why = The link has expired or was used already, or the form is closed.
problem-gone-do = Ask for a new link, or contact the school.
problem-too-large = This is too large
problem-too-large-why = What you sent is larger than we accept. Nothing was stored.
problem-too-large-do = Make it smaller, or send it in parts.
problem-too-many = One moment
problem-too-many-why = This happened too often in a row.
problem-too-many-do = Wait { $seconds ->
    [one] { $seconds } second
   *[other] { $seconds } seconds
} and then try again.
problem-bad-request = We do not understand this request
problem-bad-request-why = The request is incomplete or damaged. Nothing was changed.
problem-bad-request-do = Go back, reload the page and try again.
problem-unauthorized = Sign in first
problem-unauthorized-why = You are not signed in, or you were away too long.
problem-unauthorized-do = Sign in and try again.
problem-method = It does not work this way
problem-method-why = This address does not take this kind of request.
problem-method-do = Go back to the start and follow the way from there.
problem-broken = Something went wrong on our side
problem-broken-why = This is not your doing. We see this fault in our log.
problem-broken-do = Try again in a few minutes. If it keeps failing, ask for help.
problem-unavailable = We are away for a moment
problem-unavailable-why = The system is starting, or is being worked on.
problem-unavailable-do = Try again in a few minutes.

new-thing = New
