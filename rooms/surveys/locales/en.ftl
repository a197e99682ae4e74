feedback = Feedback
feedback-intro = What people answered in the last week, and whom we promised to call or mail.
surveys = Surveys
surveys-intro = Shortly after each request. Never more than five questions, and never the same person more than four times a year.
face-1 = bad
face-2 = poor
face-3 = fair
face-4 = good
face-5 = very good
yes = yes
no = no
state-draft = draft
state-live = live
state-closed = stopped
kind-experience = faces: how was it
kind-expectation = faces: what did you expect
kind-mark = mark 1–10
kind-yes-no = yes or no
kind-text = open question
sixth-question = A survey has five questions at most. Leave one out first.
asked-already = This kind of question is already in it.
always-asked = Experience and expectation belong to every survey; they cannot be left out.
first-needed = Choose a face.
phone-needed = Fill in a phone number, or choose mail.
try-first = Note an attempt before you give up.
letter-subject = How did we help you?
letter-intro = Your question to us has been closed. Would you say how that went? { $n ->
    [one] It is one question.
   *[other] It is { $n } questions, one minute.
}
letter-promise = Choose a face above; your answer counts only when you send it on the page. We ask you this four times a year at most.
page-title = How did we help you?
page-title-name = How did we help you, { $name }?
page-intro = { $n ->
    [one] One question.
   *[other] { $n } questions, one minute. You may skip any.
}
mark-hint = 1 is very bad, 10 is excellent.
text-hint = Please do not write down names.
contact-me = Please contact me
contact-hint = Within one working day. Only then the person who calls or mails you sees what you wrote.
contact-how = How and when?
contact-channel = How do you prefer to be reached?
contact-moment = When?
by-mail = by e-mail
by-phone = by phone
phone = Phone number
phone-hint = Leave empty if we have your number.
moment-any = any time
moment-morning = in the morning
moment-afternoon = in the afternoon
send = Send
small-print = Your school sees figures only from ten people on.
thanks-title = Thank you
thanks-text = We have your answer. If you asked for contact, you hear from us within one working day.
change-answer = Change your answer
was = found it { $was }
was-and-expected = found it { $was }, expected { $expected }
gave-mark = gave a { $mark }
helped-by = helped by { $name }
wants-contact = wants contact
answers-title = Answers
answers-locked = Seeing answers is not part of your role.
callbacks-title = Promised contact
callbacks-locked = Handling promised contact is not part of your role.
no-answers = No answers this week yet
no-answers-help = After each closed request somebody gets a short survey. What people answer is here the next morning, and at once.
no-callbacks = Nobody is waiting for contact.
wants-call = Wants to be called on { $phone }, { $moment }.
wants-mail = Wants an e-mail.
escalated = Late: this was promised. Everybody in the team sees it now.
owned-by = owned by { $name }
owned-by-nobody = owned by nobody
attempts = { $n ->
    [one] tried once
   *[other] tried { $n } times
}
take = Take this
reached = Spoken to
tried = Not reached
give-up = Stop trying
done-owned = This is yours now.
done-attempted = Attempt noted.
done-finished = Done.
done-question = Saved.
done-retired = Question left out; its answers stay.
done-state = Saved.
task-call = Call { $name }
task-mail = Mail { $name }
task-promised = Promised in a survey
used-of = { $used } of { $most } this year
panel-empty = Nothing answered yet, or not visible to you.
line-invited = Asked how it went
line-not-invited = Not asked how it went
line-answered = Said how it went
line-callback-wanted = Wants us to get in touch
line-callback-attempted = Contact tried, not reached
line-callback-escalated = Promised contact is late
line-callback-closed = Promised contact: { $outcome }
outcome-reached = spoken to
outcome-not-reached = not reached
outcome-not-needed = no longer needed
promise-kept = Promise kept.
promise-not-kept = Promise not kept.
by-itself = By itself, after a closed request
reason-no-survey = No survey is live for this topic.
reason-no-service = There was no answer to ask about.
no-surveys = No surveys yet
no-surveys-help = Make one below; experience and expectation are in it from the start.
new-survey = New survey
name-nl = Name in Dutch
name-en = Name in English
unit = Unit
make = Make
all-surveys = All surveys
questions = Questions
retire = Leave out
add-question = Add a question
full-help = There are five questions in it; more is not allowed. Leave one out first.
kind = Kind of question
text-nl = Question in Dutch
text-en = Question in English
add = Add
go-live = Start this survey
stop = Stop this survey
arc-measured = report mark, { $n } people in 4 weeks
arc-measured-few = { $n ->
    [0] report mark: no answers in 4 weeks yet
    [one] report mark: only 1 answer in 4 weeks
   *[other] report mark: only { $n } people in 4 weeks
}
arc-contact = { $n ->
    [one] 1 ‘contact me’
   *[other] { $n } ‘contact me’
}
arc-kept = promised contact kept in time, { $n } in a quarter
arc-kept-few = { $n ->
    [0] promised contact: nothing promised yet
    [one] promised contact: only once
   *[other] promised contact: only { $n } times
}
arc-late = { $n ->
    [one] Broken: 1 person waits too long for promised contact.
   *[other] Broken: { $n } people wait too long for promised contact.
}
chapter = feedback

fact-answered = answered survey
fact-answered-is = answered a survey
fact-answered-not = answered no survey
act-answered = answered a survey
