place = Needs
needs = Information needs
chapter = Wants to know
topic-unknown = Choose a topic from the list.
person-unknown = This person is not known.
closed-already = This has been settled in the meantime.
open-already = This person has asked about the same topic since; that is still open.
back-to = Back to { $name }

# Where it was asked.
source-form = form
source-request = question at the desk
source-api = other system
source-phone = phone
source-hand = conversation

state-open = open
state-answered = answered
state-lapsed = no longer wanted

# On somebody's page.
panel-title = Wants to know
panel-none = As far as we know nothing is open.
panel-before = before: { $n }
person-title = What { $name } wants to know
person-all = Open and before
person-none = Nothing has been asked or written down yet.
need-once = { $place } · since { $since }
need-often = { $place } · since { $since } · asked { $n } times, last { $last }
need-closed-with = closed { $when } with question { $request }
need-closed-by = closed { $when } by { $name }
need-answered = Answered
need-lapsed = No longer wanted
need-reopen = Open after all
need-add = Write something down
need-topic = Topic
need-words = In their own words
need-words-hint = As the person said it. No national number and nothing medical.
need-where = Where asked
need-save = Write down
done-need-noted = Written down.
done-need-again = Written down: this was open already, and has now been asked once more.
done-need-cleaned = Written down. A number that we may not keep was taken out.
done-need-answered = Answered.
done-need-lapsed = No longer wanted.
done-need-reopened = It is open again.
done-need-taken-back = Taken back.

# On the timeline.
line-noted = Wants to know: { $topic }
line-answered = Answered: { $topic }
line-lapsed = No longer wants to know: { $topic }

# The list per group.
list-intro = What people want to know now, by topic, with the evidence: how many they are, where they asked, and how soon they got an answer.
list-filter = Of whom and when
list-of-role = Of
list-everybody = everybody
list-of-programme = of programme or group
list-any-programme = any
list-in = in
list-days = { $n ->
    [365] the last year
   *[other] the last { $n } days
  }
list-show = Show
list-topic = Topic
list-open = Open now
list-open-means = People who want to know something about this topic and have no answer yet, at this moment.
list-asked = Asked about it
list-asked-means = People who asked about it in the period. Behind it how often, where some asked more than once.
list-median = Until answered
list-median-means = Half had an answer sooner, the other half later: from the first question to the answer, in plain hours and days, over what was answered in the period.
list-answered = Answered
list-answered-means = Of what came to be open in the period: the share that has been answered, with its interval. What has just come in counts as not answered yet.
list-sources = Where asked
list-sources-means = How often it was asked in the period, and where: by form, at the desk, on the phone or in a conversation.
list-last = Last
list-times = { $n } times
list-of = { $says } (n = { $n })
list-few = too few
list-fewer = fewer than { $n }
list-hidden = cannot be said without showing people
list-counted = Counted on { $when }.
list-hides = Numbers of fewer than ten people are not shown.
list-means = What the numbers say
list-file = As CSV
list-origin = Information needs from Kring, taken by { $name } on { $when }, over { $n } days
list-none = Nobody asked anything yet
list-none-help = Here stands what people want to know. Questions to the desk and from the form come in by themselves; what somebody says in a conversation is written down on their page.
list-nobody = Nobody in this group
list-nobody-help = Nobody of this group has asked anything that you may see.
list-all = Everybody
took-minutes = { $n } min
took-hours = { $n } h
took-days = { $n ->
    [one] 1 day
   *[other] { $n } days
  }

# Who is behind it.
whose-open = Who wants to know something about this now.
whose-asked = Who asked about it in the last { $n } days.
whose-answered = Who began to ask about it in the last { $n } days and has an answer.
whose-nobody = Nobody.
whose-name = Name
whose-state = State
whose-since = Since
whose-times = Times

# In a sentence about people.
fact-wants = wants to know something
fact-wants-is = want to know about
fact-wants-not = have no open question about
fact-wants-any = any topic
fact-wants-ever = want or wanted to know about
fact-wants-never = never wanted to know about
fact-wants-formerly = wanted to know before, and no longer do, about
fact-wants-not-formerly = did not want to know before about
fact-wants-during = wanted to know about
fact-wants-not-during = did not want to know about
