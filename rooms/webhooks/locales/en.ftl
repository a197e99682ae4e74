webhooks = Webhooks
webhooks-intro = Each of these systems gets a message as soon as something happens that it asked about. A message holds numbers and codes only; who somebody is, the system asks Kring with its key.
webhook-name = Name
webhook-name-hint = By which colleagues know the system, such as ‘Newsletter’.
webhook-url = Address
webhook-url-hint = Where the system takes messages; it begins with https://.
webhook-new = New webhook
webhook-new-intro = From now on another system is told what happens here: signed, and tried as often as it takes.
webhook-change = Change
webhook-make = Make the webhook
save = Save
cancel = Cancel
never = never yet
standing = Status
offer-segment = Tell another system

closed-title = This way out is closed
closed-text = Whoever runs Kring on the server opens it with webhooks.on = true in kring.toml, or with KRING_WEBHOOKS=true.
none-title = No other system listens yet
none-text = Let the newsletter system know who joins a segment, for example, or the student system whose data changed.

key = Key
key-hint = The system hears only of whom and what this key may see. Revoke the key, and it hears nothing any more.
keys-none = A key first
keys-none-text = A webhook listens with the rights of an API key. Make one for this system.
key-new = New key
key-unknown = Choose a key.
key-sees-not = This key may not see ‘{ $kind }’. Choose another key, or tick less.

kinds = What it hears
kinds-hint = Tick what the system is told about.
kinds-missing = Tick at least one kind of message.
segments = Of which segments
segments-hint = Only for messages about segments.
segments-none = There is no segment yet that you may see.
segments-missing = Choose at least one segment.
segment-unknown = One of these segments is not there, or is not yours to see.
segment-key-sees-not = The key may not see all that the segment ‘{ $name }’ asks. Choose another key, or another segment.
tells-kinds = { $n ->
    [one] one kind of message
   *[other] { $n } kinds of messages
}

url-not-https = This is no address that begins with https://.
url-credentials = There is a name or password in the address. Leave it out: messages are signed.
url-port = This port is not allowed. Whoever runs the server can add one (webhooks.ports).
url-inside = This address lies inside a network. Whoever runs the server can allow a network of your own (webhooks.networks).
url-too-long = This address is longer than 1,000 characters.

group-segments = Segments
group-people = People
group-organisations = Organisations
group-service = Questions and promises
group-work = Tips and imports
event-try = Test message
event-segment-joined = Somebody joins a segment
event-segment-left = Somebody leaves a segment
event-segment-changed = A segment was changed
event-person-added = Somebody was added
event-person-changed = Somebody’s data were changed
event-person-forgotten = Somebody was forgotten
event-relation-merged = Two numbers were merged
event-relation-unmerged = A merge was undone
event-role-given = Somebody got a role
event-role-ended = A role ended
event-role-derived = Somebody became an alumnus, or is no longer
event-relationship-made = A relation was made
event-relationship-ended = A relation ended
event-owner-changed = The owner is another
event-consent-changed = Consent or objection was recorded
event-engagement-changed = Somebody’s engagement is another
event-organisation-added = An organisation was added
event-organisation-changed = An organisation was changed
event-request-opened = A question came in
event-request-closed = A question was closed
event-request-reopened = A question is open again
event-need-opened = Somebody wants to know something
event-form-answered = Somebody fills in a form
event-need-closed = A need was answered or lapsed
event-need-reopened = A need is open again
event-callback-wanted = Somebody wants contact
event-callback-closed = A callback was closed
event-tip-given = A tip was passed on
event-tip-answered = A tip was accepted or declined
event-tip-closed = A tip was closed
event-import-finished = An import is done

state-on = works
state-no-answer = no answer
state-paused = paused
state-gone = gone
state-failing = stopped
matter-paused = Nothing goes out now. What happens is kept, and goes as soon as you resume.
matter-gone = The other system says that this address does not exist any more (410). Change the address and resume; what waits still goes.
matter-failing = There was no answer for five days. See whether the other system works and whether the address is right, and resume; what waits still goes.
matter-no-answer = There has been no good answer since { $when }. Kring tries again and again, for up to five days.
matter-key = The key was revoked: this system hears nothing any more. Choose another key.
pause = Pause
resume = Resume
try-out = Send a test message
goes-to = Goes to
last-delivered = Last delivered
made-by = made by { $name }, { $day }

messages = Messages
messages-none = Nothing here yet. Send a test message to see whether the other system listens.
message-all = All
message-waiting = Waiting
message-delivered = Delivered
message-failed = Failed
message-what = Message
message-outcome = Answer
message-tries = Tries
message-when = When
message-waits = This message is waiting already.
again = Send again
again-all = { $n ->
    [one] Send the failed message again
   *[other] Send the { $n } failed messages again
}
answered-with = answered { $status }
said-again = { $said }; again { $when }
tried-again-at = Will be tried again: { $when }.
tries = Tries
tries-none = Not tried yet. Reload the page in a moment.
took = Took
milliseconds = { $n } ms
body = What was told
body-text = Exactly this goes with every try, on one line. Whoever needs the data themselves asks the API with the key.
fault-name = there is no such name
fault-inside = the address leads into a network that is not allowed
fault-connect = nobody answers there
fault-proxy = the proxy does not let this through
fault-tls = no safe connection: the certificate is not valid
fault-slow = no answer in time
fault-broken = the connection broke

secret = Secret
secret-title = The secret of this webhook
secret-new = The webhook was made. By this secret the other system sees that a message comes from Kring, and that nobody changed it.
secret-other = This is the new secret. For one more day Kring signs with the one before as well, so that you can change over.
secret-once = You see it only now. Put it into the other system.
secret-kept = I have kept it
secret-rotate = Make a new secret
secret-rotate-text = Kring signs every message. If somebody knows the secret who should not, make a new one.
secret-old = The secret before is still good until { $when }.
remove = Remove
remove-title = Remove { $name }?
remove-text = { $n ->
    [0] This system then hears nothing any more, and what it was told is no longer shown here.
    [one] This system then hears nothing any more, and what it was told is no longer shown here. One message still waits; it will not go.
   *[other] This system then hears nothing any more, and what it was told is no longer shown here. { $n } messages still wait; they will not go.
}

task-title = Webhook { $name } has stopped
task-gone = The address does not exist any more.
task-failing = There was no answer for five days.
done-webhook-changed = The webhook was changed.
done-webhook-paused = The webhook is paused.
done-webhook-resumed = The webhook works again.
done-webhook-tried = The test message is on its way.
done-webhook-again = The failed messages go again.
done-webhook-message-again = The message goes again.
done-webhook-removed = The webhook was removed.
group-journeys = Journeys
event-journey-begun = Somebody begins a journey
event-journey-reached = Somebody is at a step that tells so
event-journey-ended = A journey has ended for somebody
