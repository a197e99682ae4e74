undo = Maak ongedaan
my-account = Mijn account
json-unreadable = Dit is geen JSON die we kunnen lezen; kijk bij regel { $line }.
key-unreadable = De Idempotency-Key moet 1 tot 200 tekens hebben.
key-reused = Deze Idempotency-Key hoort bij een ander verzoek.
cursor-unknown = Dit is geen bladwijzer van ons; begin bij de eerste pagina.
