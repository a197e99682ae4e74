imports = Imports
import-a-list = Import a list
import-title = Import { $name }
no-imports = No lists yet
no-imports-help = The lists that you bring in will stand here: from an open day, a fair or an old system. You first see what will happen; then you decide.

col-file = File
col-list = List
col-state = State
col-result = Result
col-by = By
col-when = When
state-reading = being read
state-ready = ready to look at
state-running = being imported
state-stopped = stopped
state-done = imported
state-undoing = being undone
state-undone = undone
brief-rows = { $n ->
    [one] { $n } row
   *[other] { $n } rows
}
brief-result = { $added } new, { $changed } updated, { $unchanged } the same, { $refused } refused
brief-undone = { $removed } people taken away, { $restored } put back

file = File
file-hint = A .csv or .xlsx, 32 MB at most. We find the separator and the encoding ourselves.
list-name = Name of this list
list-hint = If the list comes more than once, use the same name each time. Then we update what this list brought before.
upload = Upload and look
what-happens = What happens
what-1 = We read the list and show what each column means.
what-2 = You see who is new, who is known and whom to look at. Nothing has been saved by then.
what-3 = Only when you start does the list come into Kring. You may close the page.
what-4 = Not right? Undo the whole import at once.

file-missing = Choose a file first.
file-empty = There is nothing in this file.
file-no-table = This is not a list. Save it as .csv or .xlsx and try again.
file-old-excel = This is an old or protected Excel file. Save it as .xlsx without a password and try again.
file-damaged = This Excel file is damaged. Open it, save it again and try once more.
file-bomb = This Excel file is too large when unpacked, or strangely made. Save only the sheet with the list and try again.
file-no-sheet = This Excel file has no sheet with a list.
file-quote-open = Line { $line }: a quotation mark opens there and never closes. Mend that line and try again.
file-too-wide = Line { $line } has more than { $most } columns. We do not read lists that wide.
file-too-long = This file has more than { $most } rows. Cut it into pieces.
file-line-unreadable = We cannot read line { $line }.
upload-unreadable = The upload went wrong. Choose the file again.

column-twice = Another column has this meaning already.
column-name-missing = Point out a column with the name, the first name or the surname.
column-unnamed = Column { $n }
list-name-missing = Give the list a name with letters or digits.
import-moved-on = This import has moved on. Look at the page again.
field-number = number in the list
field-full-name = full name
field-preferred-name = first name
field-initials = initials
field-prefix = surname prefix
field-surname = surname
field-birth-date = date of birth
field-email = e-mail address
field-phone = phone
field-postcode = postcode
field-house-number = house number
field-city = city
field-interest = interest or programme
field-source = source
field-notes = remarks
field-newsletter = newsletter
field-ignore = do not use
field-secret = national number: emptied

fact-text = { $encoding }, { $between }
fact-sheet = Excel, sheet ‘{ $sheet }’
fact-rows = { $n ->
    [one] { $n } row
   *[other] { $n } rows
}
fact-blank = { $n ->
    [one] { $n } empty row skipped
   *[other] { $n } empty rows skipped
}
fact-title = title ‘{ $title }’
delimiter-semicolon = semicolons between
delimiter-comma = commas between
delimiter-tab = tabs between
delimiter-bar = bars between
brought-by = Brought by { $name }, { $when }

title-reading = The list is being read
title-import = The list is being imported
title-undo = The import is being undone
exports = Exports
exports-help = A list of everybody you know. Who takes what is written in the trail.
people-as-workbook = As a workbook (.xlsx)
people-as-csv = As text (.csv)
col-birth = Born
col-interest = Interest
doing-reading = { $done } of { $total } rows read
doing-import = { $done } of { $total } rows imported
doing-findable = All rows are in; whoever is new is being made findable by name
doing-undo = { $done } of { $total } rows undone
goes-on = You can close this page; it goes on.
stop = Stop
stopped = Stopped.
stopped-help = { $done } of { $total } rows have been imported. Go on, or undo what was done.
go-on = Go on

will-happen = This will happen
stat-new = New
stat-twins = Twice in the list
stat-twins-what = rows about somebody who is in the list already
stat-likely = Look alike
stat-likely-what = pairs; stay apart unless you choose otherwise
stat-refused = Refused
stat-refused-what = rows from which nobody can be made out
start = Start the import
start-help = Nothing has been saved yet. You can undo all of it later.
columns = Columns
columns-help = If a meaning is wrong, choose another and read the list again.
col-column = Column
col-means = Meaning
col-values = Examples
read-again = Read again
first-rows = The first rows, as we read them
col-line = Line
col-name = Name
col-reach = Reached at
col-address = Address
col-remarks = Remarks
sure = Surely the same person
sure-help = These rows add nobody: they complete what is there.
first-of = You see the first { $shown } of { $all }.
col-same-as = The same as
col-why = Why
line = line { $n }
likely = Look alike
likely-help = Tick who is the same person. What you do not tick becomes two people, each pointing to the other.
col-same = Choice
col-one = This row
col-other = Looks like
same-person = same person

reason-number = same number in the list
reason-email = same e-mail address and the name fits
reason-phone = same phone and same name
reason-before = stood like this in the list before
reason-chosen = chosen by you
reason-number-other = same number, but another name and date of birth
reason-shared-email = same e-mail address, but another name or date of birth
reason-phone-other = same name and phone, but another e-mail address or date of birth
reason-birthday = same surname and date of birth
reason-address = same name and postcode
lookalikes = Looks like

result = Result
stat-added = New
stat-changed = Updated
stat-changed-what = rows with something new about somebody
stat-unchanged = The same
stat-unchanged-what = rows that we knew like this
to-people = To the people
undo-import = Undo this import
undo-help = People who were added go away and values that were changed go back. Whoever something has happened with since stays.
undone-at = Undone on { $when }.
undone-result = { $removed } people taken away, the values of { $restored } people put back.
kept-title = { $n ->
    [one] { $n } person has stayed
   *[other] { $n } people have stayed
}
kept-help = Something has happened with them since the import: a question, a note or a change. See for yourself whether they may go.
refused-rows = Refused rows
refused-help = Download them, mend them and import them again under the same name.
as-workbook = as .xlsx
as-csv = as .csv
warned = { $n ->
    [one] { $n } row with a remark
   *[other] { $n } rows with a remark
}
warned-help = These rows take part. What was wrong has been left out or mended.
bsn-found = { $n ->
    [one] { $n } national number removed.
   *[other] { $n } national numbers removed.
}
bsn-why = Kring may not keep them; they are not to be found in the import either.
iban-found = { $n ->
    [one] { $n } bank account masked.
   *[other] { $n } bank accounts masked.
}
iban-why = Only the country and the last four characters have been kept.

remark-date-impossible = Date of birth ‘{ $value }’ does not exist and was left out.
remark-date-year-only = Of date of birth ‘{ $value }’ only the year was kept.
remark-mail-repaired = E-mail address mended to { $value }.
remark-mail-invalid = E-mail address ‘{ $value }’ is not possible and was left out.
remark-phone-invalid = Phone number ‘{ $value }’ is not possible and was left out.
remark-postcode-invalid = Postcode ‘{ $value }’ does not exist and was left out.
remark-newsletter-unclear = Under newsletter it says ‘{ $value }’; that is no yes or no.
remark-name-differs = The surname column says ‘{ $value }’; we keep to the full name.
remark-name-missing = There is no name.
remark-nothing-to-know-by = There is only a name: no number, e-mail address, phone, address or date of birth to know somebody by.
many-date-impossible = Date of birth does not exist: left out
many-date-year-only = Only the year of birth is known
many-mail-repaired = E-mail address mended
many-mail-invalid = E-mail address not possible: left out
many-phone-invalid = Phone number not possible: left out
many-postcode-invalid = Postcode does not exist: left out
many-newsletter-unclear = Newsletter: no yes or no
many-name-differs = Surname other than the full name

export-people = People
export-origin = From Kring: { $what } · { $institution } · by { $who } · { $when } · an apostrophe before a cell means: this is text
col-number = Relation number
col-roles = Roles
col-email = E-mail address
col-last-contact = Last contact
col-reason = Reason
col-phone = Phone
col-city = Town
col-owner = Owner
col-known-since = Known since
remark-suppressed = This person was erased at their own request and does not come back by a list.
reason-weighed = many small agreements together

# Kinds of list
kind-people = people
kind-organisations = organisations
kind-relations = roles and relations
kind-consents = consents and objections
what-it-holds = What does the list hold?
what-it-holds-hint = Each row is one person, organisation, relation or choice.
column-organisation-missing = Point out a column with the name of the organisation.
column-person-missing = Point out a column by which we know the person: relation number, mail address, student number, employee number or school account.
column-tie-missing = Point out a column with the kind of role or relation.
column-consent-missing = Point out columns with purpose, channel, what was said and the date.
mapping-forget = Forget this explanation
mapping-new = new: guessed
mapping-forgotten = Forgotten. Next time we guess the columns again.
col-what = What
col-outcome = Becomes
expects-added = new
expects-changed = updated
expects-unchanged = known as it is
stat-will-change = Updated
stat-will-stay = The same
stat-will-stay-what = rows that we know as they are
stat-will-change-what = rows with something new about what is known
will-refuse-why = Why rows are refused
refused-kept-days = The content of refused rows is kept until 90 days after the import. Of somebody who was erased we keep the line number and the reason only.
stat-new-what-people = people we do not know yet
stat-new-what-organisations = organisations we do not know yet
stat-new-what-relations = roles and relations that are not there yet
stat-new-what-consents = choices that are not in the ledger yet
stat-added-what-people = people added
stat-added-what-organisations = organisations added
stat-added-what-relations = roles and relations added
stat-added-what-consents = choices written down
undo-help-organisations = Added organisations go and changed data become what they were. What something happened with since stays.
undo-help-relations = Added roles and relations go. What somebody changed or ended since stays.
undo-help-consents = The choices of this list then no longer count. They stay in the ledger, as taken back.
undone-rows = { $removed } added rows taken away, { $restored } restored.
kept-rows = { $n ->
    [one] { $n } row stayed
   *[other] { $n } rows stayed
}
kept-rows-help = Something happened with them after the import: a change, a relation or a note. See for yourself whether they may go.
to-organisations = To the organisations
col-holds = Holds
tie-with = { $tie } { $other }
said-consent = given
said-withdrawal = withdrawn
said-objection = objection
purpose-relation = relationship management
purpose-service = the service desk
purpose-orientation = orientation
purpose-alumni = alumni
purpose-research = research
purpose-marketing = marketing
channel-mail = mail
channel-phone = phone
channel-post = post
no-examples = Nothing to show: all rows are refused.
mapping-kept = Columns as on { $day } by { $name }.
mapping-missing = The list had these columns then and has them no more: { $fields }. What the list brought before stays.

# Fields
field-student-number = student number
field-employee-number = employee number
field-account = school account
field-partner-prefix = prefix of the partner
field-partner-surname = surname of the partner
field-name-usage = name usage
field-pronouns = pronouns
field-street = street
field-role = role
field-programme = programme of the role
field-from = from
field-until = until
field-name = name of the organisation
field-sort = kind of organisation
field-parent = organisation above (code or name)
field-kvk = KvK number
field-kvk-branch = branch number (KvK)
field-brin = BRIN
field-brin-branch = BRIN branch
field-rio-provider = RIO provider
field-rio-location = RIO location
field-rio-board = RIO board
field-training-company = training company ID
field-website = website
field-relation-number = relation number
field-tie = kind of role or relation
field-unit = unit
field-organisation = organisation (code or name)
field-other-number = relation number of the other
field-other-email = mail address of the other
field-function = function
field-purpose = purpose
field-channel = channel
field-said = given, withdrawn or objection
field-on = date on which it was said
field-proof = proof: form or text
field-controller = legal entity

# About a row, and how often
remark-role-unknown = We do not know the role ‘{ $value }’; left out.
many-role-unknown = Role unknown: left out
remark-role-derived = ‘{ $value }’ follows from other roles by itself; left out.
many-role-derived = Role follows by itself: left out
remark-role-period = The period of the role ‘{ $value }’ cannot be; the role is left out.
many-role-period = Period of the role cannot be: left out
remark-name-usage-unknown = We do not know the name usage ‘{ $value }’; left out.
many-name-usage-unknown = Name usage unknown: left out
remark-house-number-invalid = House number ‘{ $value }’ cannot be one; left out.
many-house-number-invalid = House number cannot be: left out
remark-code-invalid = Code ‘{ $value }’ cannot be one of its kind; left out.
many-code-invalid = Code cannot be: left out
remark-code-taken = Code ‘{ $value }’ belongs to another organisation; left out.
many-code-taken = Code belongs to another: left out
remark-website-invalid = Website ‘{ $value }’ cannot be one; left out.
many-website-invalid = Website cannot be: left out
remark-sort-unknown = We do not know the kind of organisation ‘{ $value }’; it becomes a company, or stays what it was.
many-sort-unknown = Kind of organisation unknown
remark-parent-unknown = We do not know the organisation above, ‘{ $value }’, or there are several; left out.
many-parent-unknown = Organisation above unknown: left out
remark-date-unreadable = The date ‘{ $value }’ does not exist or is not a whole date.
many-date-unreadable = Date unreadable
remark-period-backwards = The last day ‘{ $value }’ is before the first.
many-period-backwards = Last day before the first
remark-person-unknown = Nobody is known as ‘{ $value }’.
many-person-unknown = Person unknown
remark-person-several = Several people are known as ‘{ $value }’. Use the relation number.
many-person-several = Several people possible
remark-tie-unknown = We do not know the role or relation ‘{ $value }’.
many-tie-unknown = Role or relation unknown
remark-tie-derived = ‘{ $value }’ follows from other roles and is not given by hand.
many-tie-derived = Role follows from others
remark-tie-needs-other = ‘{ $value }’ needs an organisation, and there is none.
many-tie-needs-other = Organisation missing
remark-tie-needs-person = ‘{ $value }’ needs another person, and there is none.
many-tie-needs-person = Other person missing
remark-tie-alone = ‘{ $value }’ is a role and has no organisation or other person. Choose a kind of relation.
many-tie-alone = Role with another party
remark-unit-unknown = We do not know the unit ‘{ $value }’.
many-unit-unknown = Unit unknown
remark-organisation-unknown = We do not know the organisation ‘{ $value }’.
many-organisation-unknown = Organisation unknown
remark-organisation-several = Several organisations are called ‘{ $value }’. Use a code.
many-organisation-several = Several organisations possible
remark-purpose-unknown = We do not know the purpose ‘{ $value }’, or it needs no consent.
many-purpose-unknown = Purpose unknown
remark-channel-unknown = We do not know the channel ‘{ $value }’.
many-channel-unknown = Channel unknown
remark-said-unknown = ‘{ $value }’ is not given, withdrawn or objection.
many-said-unknown = Cannot read what was said
remark-date-future = The date ‘{ $value }’ lies in the future.
many-date-future = Date in the future
remark-controller-unknown = We do not know the legal entity ‘{ $value }’.
many-controller-unknown = Legal entity unknown
remark-person-missing = It does not say whom this row is about.
many-person-missing = Person missing
remark-person-conflict = The numbers and addresses in this row belong to different people.
many-person-conflict = Numbers of different people
remark-organisation-conflict = The codes in this row belong to different organisations.
many-organisation-conflict = Codes of different organisations
remark-tie-missing = There is no role or relation.
many-tie-missing = Role or relation missing
remark-tie-self = Nobody has a relation with themselves.
many-tie-self = Relation with oneself
remark-date-missing = There is no date. Without one we cannot know whether something else was said later.
many-date-missing = Date missing
remark-proof-missing = It does not say where or in which words the consent was given. Without proof it is no consent.
many-proof-missing = Proof of the consent missing
many-name-missing = Name missing
many-nothing-to-know-by = A name alone, nothing to know somebody by
many-suppressed = Erased at their own request
