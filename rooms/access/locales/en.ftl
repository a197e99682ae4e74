# The rail.
staff-place = Admin
operations = System
trail = Trail

# Signing in.
sign-in = Sign in
sign-in-intro = For colleagues who work with Kring.
email = E-mail address
password = Password
forgot = Forgot your password? Ask a colleague who manages Kring for a new link.
signed-out = You are signed out.
sign-in-wrong = This e-mail address and password do not belong together. Check what you typed, capitals too.
sign-in-too-many = { $minutes ->
    [one] There were too many attempts to sign in. Try again in a minute, or ask a colleague who manages Kring for a new link.
   *[other] There were too many attempts to sign in. Try again in { $minutes } minutes, or ask a colleague who manages Kring for a new link.
}
demo-title = Look around as …
demo-help = This institution is made up. Choose a colleague; the password is in the window in which you started the demo.
demo-drawer = Read the mail that was sent

# The first account, and links that work once.
set-up = Make the first account
set-up-intro = You are the first. With this account you manage Kring and invite your colleagues.
set-up-do = Make the account and begin
top-unit = Name of the institution
top-unit-hint = As visitors know it. All departments come below it.
your-name = Your name
your-name-hint = This is how colleagues see you, and how your answers are signed.
email-hint = You sign in with this.
new-password = New password
password-again = The same once more
password-hint = At least { $shortest } characters. A sentence that only you would think of works best; spaces are fine.
hello = Welcome, { $name }
choose-password = Choose a password
choose-intro = Choose a password. You sign in with { $email }.
choose-do = Save and sign in

# Why a password is refused.
password-short = Use at least { $shortest } characters. Long matters more than difficult.
password-long = Use at most { $longest } characters.
password-pattern = This is a pattern or a repetition, which a computer guesses at once. Use a few words that have nothing to do with each other.
password-common = Very many people choose this password. Use a few words that have nothing to do with each other.
password-personal = Your name, your e-mail address or the name of the school is too easy to guess. Add more to it, or use something else.
passwords-differ = This is not the same as above.
current-wrong = This is not your current password.

# One's own account.
my-account = My account
about-me = About me
language = Language
save = Save
signs-in-with = You sign in with { $email }.
sessions = Where you are signed in
sessions-help = Is there a place you do not know? Sign out there and choose a new password.
unknown-browser = Unknown program
this-one = here
end-session = Sign out here
end-others = Sign out everywhere else
session-since = signed in { $when }
session-seen = last used { $when }
change-password = Change your password
change-password-help = After that you are signed out everywhere else.
current-password = Current password
done-account = Saved.
done-password = Your password has been changed. You are signed out everywhere else.
done-session-ended = You are signed out there.
done-sessions-ended = You are signed out everywhere else.

# Colleagues.
staff = Colleagues
find-colleague = Find a colleague
find-hint = Name or e-mail address
no-colleague = Nobody found
no-colleague-help = Search for a part of the name or the e-mail address. You see the colleagues of the departments that you manage.
all-colleagues = All colleagues
name = Name
roles = Roles
role = Role
unit = Department
unit-hint = The role also holds in everything below it.
state = State
state-invited = invited
state-active = active
state-disabled = closed
signed-in-last = Last signed in
never = never
no-roles = no role
no-roles-help = Without a role this colleague can sign in, but see nothing.
invite = Invite a colleague
invite-intro = You get a link that works once. Give it to your colleague yourself, preferably not by mail.
invite-email-hint = Your colleague signs in with this.
make-link = Make a link
cancel = Never mind
link-made = The link is ready
link-for = Give this link to { $name }, who then chooses a password.
link-label = Link
link-once = Copy it now: you see it only once. It works once, for three days.
to-account = To { $name }
in-unit = at { $unit }
given-by = given by { $name }, { $when }
take-role = Take away
take-role-of = Take away the role { $role }
give-role = Give a role
account = Account
made-on = Made
sessions-open = { $n ->
    [0] signed in nowhere now
    [one] signed in at one place now
   *[other] signed in at { $n } places now
}
link-help = Password lost, or invitation too old? Make a link with which your colleague chooses a new password. Earlier links then stop working.
access = Access
disable = Close
disable-help = This colleague is then signed out everywhere at once and cannot come in. What they did stays.
enable = Open again
enable-help = This colleague can sign in again, with the same roles as before.
done-role-given = Role given. Your colleague signs in again to use it.
done-role-taken = Role taken away.
done-disabled = Closed. This colleague is signed out everywhere.
done-enabled = Open again.
email-known = There is an account with this e-mail address already.
role-unknown = Choose one of the roles.
unit-unknown = Choose a department that you manage.
own-account = You cannot close your own account. Ask a colleague who manages Kring too.
last-admin = This is the last one who manages the whole institution. Give somebody else that role first.
account-disabled = This account is closed. Open it again first.

# Roles, and what each is for.
role-admin = Administrator
role-admin-what = May do everything: invite colleagues, give roles, look after the system.
role-desk-head = Head of the service desk
role-desk-head-what = Answer requests, import lists, make and read surveys.
role-desk-agent = Service desk agent
role-desk-agent-what = Answer requests, call back, read how people felt about it.
role-recruiter = Recruiter
role-recruiter-what = See and keep relations, call back.
role-coach = Career coach
role-coach-what = See relations, call back.
role-alumni-officer = Alumni officer
role-alumni-officer-what = See and keep relations, export lists.
role-board = Board
role-board-what = See figures, no persons.
role-steward = Privacy officer
role-steward-what = Handle requests for access and erasure, read the trail.

# Rights in words.
right-people-read = See relations
right-people-write = Keep relations
right-desk-work = Answer requests
right-exchange-import = Import lists
right-exchange-export = Export lists
right-talks-read = Read messages
right-talks-operate = Manage outgoing post
right-surveys-read = Read answers to surveys
right-surveys-edit = Make surveys
right-surveys-callback = Call back
right-privacy-handle = Handle privacy requests
right-access-manage = Manage colleagues and keys
right-access-trail = Read the trail
right-operations-run = Look after the system

# API keys.
keys = API keys
keys-intro = With a key another program fetches or brings data. Give each program a key of its own, with no more than it needs.
no-keys = No keys yet
no-keys-help = Do you want to connect Kring, with a timetable system for example? Make a key for that program here.
new-key = Make a key
new-key-intro = For one program. What it does stands in the trail under this name.
key-name-hint = Of the program, such as “Timetables”.
may-do = May
used-last = Last used
make-key = Make the key
key-made = The key is ready
key-for = This is the key for { $name }.
key-label = Key
key-once = Copy it now and keep it in a safe place: you see it only once.
to-keys = To the keys
made-by = made by { $name }, { $when }
revoke = Revoke
revoke-this = Revoke the key { $name }
revoked = revoked
done-key-revoked = Revoked. The key stopped working at once.
scope-missing = Choose at least one thing that this key may do.
scope-unknown = Choose only what you may do in this department yourself.

# The trail.
trail-intro = Who looked at what and who changed what. Nobody can take anything out without it being noticed.
trail-filter = Filter
show-by = Show what
anybody = anybody
about-number = did with relation
any-number = number
when = When
who = Who
what = What
about-whom = About whom
what-for = What for
number = no. { $n }
person-number = relation { $n }
trail-none = Nothing found
trail-none-help = This colleague did nothing with this relation yet, or the number is wrong.
trail-all = Show everything
trail-empty = Nothing happened yet
trail-empty-help = As soon as somebody looks at a person or changes something, it stands here.
verify = Verify the chain
chain-whole-title = The chain is whole.
chain-whole = Nothing was taken out, put in or changed.
chain-broken-title = The chain is broken.
chain-broken = Chain { $chain } does not fit at place { $seq }: something was taken out, put in or changed there. Keep a copy of the database and call whoever runs Kring for you.
did-read = looked at { $thing }
did-change = changed { $thing }
did-export = exported { $thing }
did-erase = erased { $thing }
did-sign-in = signed in
did-sign-out = signed out
did-refuse = was not let in
visitor = Visitor
by-key = { $name } (key)
thing-person = a person
thing-people = a list of people
thing-request = a request
thing-requests = a list of requests
thing-account = an account
thing-session = a session
thing-key = a key
thing-trail = the trail
thing-job = a job
thing-message = a message
thing-import = an import
thing-export = a list
thing-survey = a survey
thing-response = an answer
thing-responses = answers to a survey
thing-callback = a call-back
thing-consent = a consent
thing-dossier = a dossier
purpose-relation = relations
purpose-service = the service desk
purpose-orientation = orientation
purpose-coaching = coaching
purpose-alumni = alumni
purpose-research = research
purpose-marketing = marketing
purpose-legal = legal duties
purpose-operations = administration

# What stands in the trail beside a deed.
detail-added = added
detail-invited = invited
detail-link = a new link
detail-password = the password
detail-name = the name
detail-owner = the owner
detail-disabled = closed
detail-enabled = opened again
detail-granted = role given: { $role } at { $unit }
detail-taken = role taken away: { $role } at { $unit }
detail-made = made: { $scopes } at { $unit }
detail-revoked = revoked
detail-ended = signed out at another place
detail-retry = tried again
detail-dropped = dropped

# Operations.
at-a-glance = At a glance
to-mail = Outgoing post
jobs = Jobs
jobs-waiting = Jobs waiting
jobs-waiting-what = Work that happens by itself.
jobs-parked = Parked
jobs-parked-what = Failed many times; look below.
jobs-parked-none = Everything works.
jobs-none = Nothing is waiting. What the server still has to do appears here by itself.
job = Job
reason = Reason
due = Next try
parked = parked
planned = planned
retrying = { $n ->
    [one] tried once
   *[other] tried { $n } times
}
retry = Try again
drop = Drop
done-job-retried = The job is at the front again.
done-job-dropped = The job is gone.
events = Events
events-what = So many are in the story of the school.
database = Database
version = Kring { $version }
readers = Readers
readers-what = Parts that follow what happens and act on it.
readers-none = Nobody read anything yet. That begins with the first event.
reader-there = up to date
reader-behind = { $n ->
    [one] one to go, from { $when }
   *[other] { $n } to go, the oldest from { $when }
}
reader-far = more than { $n } to go, the oldest from { $when }
right-duplicates-decide = judging and merging duplicates
right-people-define = Deciding who counts as an alumnus
right-consent-policy = Setting the contact policy
right-people-coach = Reading and writing coaching notes
right-consent-arrange = Registering arrangements with other legal entities
right-sharing-share = Co-ordinating contacts and opportunities with other departments
thing-claim = a contact that was announced
right-sharing-lead = Leading a department: late tips and handing over
thing-tip = a tip
right-sharing-viewed = Seeing who looked at a record
right-sharing-quality = Seeing how good the data are
thing-leaver = a colleague’s leaving
thing-answers = answers to a survey
thing-messages = messages
thing-arrangement = an arrangement between legal entities
thing-organisation = an organisation
thing-relationship = a relation between people
thing-owner = an owner
thing-pair = a possible duplicate pair
thing-merge = a merge
thing-note = a note
thing-role = a role
thing-contact = a mail address or phone number
thing-address = an address
thing-identifier = a number
thing-definition = a definition
thing-detection = a finding in free text
thing-retention = a retention period
thing-held = held mail
thing-coaching = a coaching note
thing-budget = a contact limit
detail-answered = answered
detail-closed = closed
detail-taken-back = answer taken back
detail-reopened = reopened
detail-assigned = assigned
detail-released = released
detail-undone = undone
detail-registered = registered
detail-arrangement-ended = ended
detail-uploaded = uploaded
detail-mapping = columns chosen
detail-started = started
detail-stopped = stopped
detail-owned = taken up
detail-attempted = tried
detail-reached = reached
detail-merge = merged
detail-dossier = the dossier
detail-organisation = of an organisation
detail-question-added = question added
detail-question-retired = question taken out
detail-question-back = question put back
detail-different = two different
detail-same = the same
detail-survey-made = made
detail-ids = { $n ->
    [one] one line
   *[other] { $n } lines
}
role-placement-officer = Placement office
role-placement-officer-what = Keeps placement companies and supervisors, and answers their questions.
role-account-manager = Account manager
role-account-manager-what = Keeps the relation with companies and partners.
right-people-figures = See figures, without names
right-segments-use = Counting and reading segments
right-segments-edit = Saving and changing segments
right-talks-topics = Selecting people by what they asked
right-needs-figures = See figures on information needs
right-needs-read = See what somebody wants to know
right-needs-write = Write down and settle what somebody wants to know
right-engagement-read = Seeing how engaged somebody is
right-engagement-formula = Reading the formula of engagement, and how it is spread
right-engagement-decide = Deciding on the formula of engagement
right-webhooks-manage = Make and manage webhooks
right-journeys-use = Seeing and trying journeys
right-journeys-edit = Making, publishing and pausing journeys
right-journeys-tasks = Doing tasks of journeys, and beginning one for somebody
right-mailings-use = Seeing campaigns and mailings, with what they cost and bring
right-mailings-edit = Making, sending, pausing and stopping campaigns and mailings
right-mailings-approve = Approving mailings of colleagues
right-forms-use = Seeing forms and pages
right-forms-edit = Making, publishing and taking back forms and pages
right-forms-answers = Reading answers to forms and deciding on them
