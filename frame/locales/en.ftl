undo = Undo
my-account = My account
json-unreadable = This is not JSON that we can read; look at line { $line }.
key-unreadable = The Idempotency-Key must have 1 to 200 characters.
key-reused = This Idempotency-Key belongs to another request.
cursor-unknown = This is not a bookmark of ours; start at the first page.
