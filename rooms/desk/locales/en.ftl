desk = Serviceplein
requests = Requests
view = Which requests
view-open = open
view-mine = mine
view-closed = closed
open-count = { $n ->
    [one] 1 open
   *[other] { $n } open
}
late-count = { $n ->
    [one] 1 late
   *[other] { $n } late
}
empty-title = Nothing to do here
empty-help = New questions from the contact form appear here by themselves.
empty-action = Open the contact form
choose-title = Choose a request
choose-help = The request with the tightest promise comes first. Use j and k to walk through the list.
back-to-list = Back to the list
writes-in = writes { $lang ->
    [en] English
    [nl] Dutch
   *[other] another language
}
looks = { $name } is looking
looks-since = { $name } is looking too, since { $time }.
owned-by = owned by { $name }
owned-by-nobody = owned by nobody
take = Take this request
give-back = Give back to the group
number = number { $id }
about = About { $name }
answer-label = Answer
answer-hint = { $lang ->
    [en] Write in English; salutation and signature are added.
   *[other] Write in Dutch; salutation and signature are added.
}
send = Send
send-and-close = Send and close
close-without = Close without an answer
reopen = Open again
closed-event = Closed
note-on-its-way = leaves in a moment
note-not-sent = not sent: { $why }
note-doubtful = perhaps not arrived
stale = Something has changed meanwhile. Read what is new and then send again; your text is still here.
closed-already = This request has been closed meanwhile. Open it again if you still want to answer; your text is still here.
gone-already = This answer has left and cannot be taken back.
outcome-missing = Choose why you close without an answer.
topic-unknown = This topic does not exist, or belongs to a unit that you may not see.
done-answer = The answer leaves in 8 seconds.
done-closed = Closed.
done-reopened = Open again.
done-mine = This request is yours.
done-free = This request belongs to the group again.
outcome-solved = Solved
outcome-answered-elsewhere = Answered in another way
outcome-no-question = Not a question
outcome-double = Double
state-new = new
state-assigned = in progress
state-waiting = waiting for the person
state-closed = closed
task-answer = Answer { $name }
receipt-subject = We have your question: { $subject }
receipt-thanks = Thank you, your question has reached us.
receipt-when = A person answers you by { $when } at the latest.
receipt-number = Your question has number { $id }.
answer-subject = Answer to your question: { $subject }
answer-asked = You asked:
line-opened = Asked a question: { $subject }
line-answered = Answer sent: { $subject }
line-closed = Request closed: { $subject }
line-reopened = Request opened again: { $subject }
line-on-its-way = The answer leaves in a moment.
by-desk = Serviceplein
by-agent = Serviceplein, { $name }
by-agent-in = Serviceplein, { $name } · in { $time }
minutes = { $n ->
    [one] 1 minute
   *[other] { $n } minutes
}
hours = { $n ->
    [one] 1 hour
   *[other] { $n } hours
}
days = { $n ->
    [one] 1 day
   *[other] { $n } days
}
panel-title = Requests
panel-empty = No requests yet.
arc-served = answered in time, { $n } requests in 4 weeks
arc-served-few = { $n ->
    [0] no requests in 4 weeks yet
    [one] only 1 request in 4 weeks
   *[other] only { $n } requests in 4 weeks
}
arc-broken = { $n ->
    [one] Broken: 1 person waits longer than promised for an answer.
   *[other] Broken: { $n } people wait longer than promised for an answer.
}
arc-mine = { $n ->
    [one] 1 request is waiting
   *[other] { $n } requests are waiting
}
arc-attracted = new people in 4 weeks
arc-same = as many as in the 4 weeks before
arc-more = { $n } more than in the 4 weeks before
arc-less = { $n } fewer than in the 4 weeks before
chapter = questions
shelf-units = How the desk stands
shelf-units-empty = No question is open.
shelf-unit = { $open } open, { $free } of them nobody's yet
shelf-late = { $n } late
note-automatic = automatic answer
