# Kinds of blocks.
kind-text = Text
kind-heading = Heading
kind-button = Button
kind-picture = Picture
kind-quote = Quote
kind-choices = Question with choices
kind-divider = Line

# The editor.
subject = Subject
preview = Preview
preview-hint = What an inbox shows after the subject.
fields = Fields you can use
fields-hint = Put a field in your text. Everybody then sees their own details.
add-block = Add a block
level = Size
level-1 = Large
level-2 = Ordinary
level-3 = Small
text-of-heading = Text of the heading
text = Text
text-hint = An empty line begins a paragraph. **bold**, *italic*, [words](https://address). A list: begin each line with a dash and a space.
label = Text on the button
link = Address of the link
link-hint = Begin with https://, mailto: or tel:
src = Address of the picture
src-hint = Begin with https://, or with / for a picture of our own.
alt = What it shows
alt-hint = For those who do not see the picture.
decorative = The picture is decoration only
quote = Quote
who = Who said this
question = Question
options = Choices
options-hint = Each choice on a line of its own, with a code before it: yes = Yes, please. Use the same codes in every language.
only-for-some = Not for everybody
only-if = Only for those to whom this applies
only-if-hint = Choose nothing and everybody sees this block.
up = Move block { $n } up
down = Move block { $n } down
remove = Remove block { $n }
too-many-options = These are too many choices: at most { $most }.

# Where a problem is.
at-sheet = { $tongue }
at-subject = { $tongue }, subject
at-preview = { $tongue }, preview
at-block = { $tongue }, block { $n }

# What the problem is.
problem-missing = This language is still missing.
problem-stale = The source was changed after this translation. See whether the translation is still right.
problem-no-blocks = There is nothing in it yet. Add a block.
problem-no-subject = Write a subject.
problem-long-subject = Make the subject shorter: at most { $most } characters. Hardly anybody sees the rest.
problem-loud-subject = Do not write the subject in capitals. It reads like shouting, and filters stop it.
problem-no-preview = Write a preview. Otherwise the inbox shows whatever the text begins with.
problem-empty = This is still empty. Fill it in, or remove the block.
problem-no-alt = Write what it shows, or say that the picture is decoration only.
problem-bad-link = This link cannot be used. Begin with https://, mailto: or tel:, or use a field that is a link.
problem-bad-picture = This address cannot be used. Begin with https://, or with / for a picture of our own.
problem-no-options = Give at least one choice.
problem-bad-code = The code ‘{ $code }’ cannot be used. Use small letters, digits, - and _.
problem-same-code = The code ‘{ $code }’ stands there twice.
problem-other-codes = The codes of the choices are not those of the source. Answers would not be counted together.
problem-only-pictures = There are only pictures in it. Who does not see them reads nothing. Add text.
problem-large = This mail is { $kilobytes } kB. Above 100 kB Gmail cuts it off. Make it shorter.
problem-too-long = Make this shorter: at most { $most } characters.
problem-bounds = This is more than fits in one document. Remove blocks or make texts shorter.
problem-unknown-field = The field ‘{ $field }’ is not known here.
problem-wrong-kind = The field ‘{ $field }’ does not fit in this place.
problem-unwritable = With ordinary details this becomes too much. Make it simpler.
slip-unclosed = A field is not closed. Write {"{{"} and {"}}"} on the same line.
slip-statement = After {"{%"} there cannot be ‘{ $word }’. Use if, elif, else, endif, for or endfor.
slip-filter = There is no ‘{ $word }’ to change a field with. Use default, join, lower or upper.
slip-sign = In a field there cannot be ‘{ $sign }’ here.
slip-unbalanced = Every if needs an endif, and every for an endfor.
slip-too-deep = There are too many conditions inside one another.
slip-too-long = There are too many fields in one text.
slip-order = This field is not written well. An example: {"{{ first_name }}"}

# A page in the place of a mail.
kind-part = Form
part = Which form
title = Title
summary = Summary
summary-hint = What a search engine shows under the title: one or two sentences.
problem-no-part = Choose a form that has been published.
problem-no-title = Write a title.
problem-no-summary = Write a summary. Otherwise a search engine shows the beginning of the text.
