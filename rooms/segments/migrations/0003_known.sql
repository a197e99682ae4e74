-- Who was in a segment when that was last worked out for everybody: with the moves after it, who was in when the house stopped.
-- What happened while nobody looked is then found at the next start.
create table segment_known (
    segment_id bigint primary key references segments (id),
    version bigint not null,
    -- A roaring bitmap of relation numbers, in its portable form.
    people {bytes} not null,
    -- The last move that is in it.
    moves_to bigint not null
);
