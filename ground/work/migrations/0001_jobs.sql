-- Work to be done outside the request that asked for it. A row with a lease belongs to one worker; the fence
-- goes up at every claim, so that a worker that slept through its lease cannot finish what another took over.
create table jobs (
    id {id},
    kind text not null,
    payload text not null,
    unique_key text unique,
    due_at bigint not null,
    attempts bigint not null default 0,
    lease_until bigint,
    fence bigint not null default 0,
    parked boolean not null default false,
    reason text,
    created_at bigint not null
);
create index jobs_due on jobs (parked, due_at, id);
