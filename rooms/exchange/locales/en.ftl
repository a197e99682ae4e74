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
what-3 = Only when you start do the people come into Kring. You may close the page.
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
doing-undo = { $done } of { $total } rows undone
goes-on = You can close this page; it goes on.
stop = Stop
stopped = Stopped.
stopped-help = { $done } of { $total } rows have been imported. Go on, or undo what was done.
go-on = Go on

will-happen = This will happen
stat-new = New
stat-new-what = people we do not know yet
stat-known = Known
stat-known-what = are updated where the list has something new
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
stat-added-what = people added
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
