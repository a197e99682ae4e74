-- What hangs on an organisation goes along when it is merged into another. Merges that were made before moved the rows of
-- the hall only: those of this room follow now, noted beside the merge, so that undoing it brings them back.
insert into merge_rows (merge_id, table_name, row_id)
    with recursive way (row_id, merge_id, now_at) as (
        select t.id, m.id, m.kept_id from claims t join merges m
            on m.party = 'organisation' and m.gone_id = t.organisation_id and m.undone_at is null
        union all
        select w.row_id, m.id, m.kept_id from way w join merges m
            on m.party = 'organisation' and m.gone_id = w.now_at and m.undone_at is null
    ) select merge_id, 'claims.organisation_id', row_id from way;
insert into merge_rows (merge_id, table_name, row_id)
    with recursive way (row_id, merge_id, now_at) as (
        select t.id, m.id, m.kept_id from notices t join merges m
            on m.party = 'organisation' and m.gone_id = t.organisation_id and m.undone_at is null
        union all
        select w.row_id, m.id, m.kept_id from way w join merges m
            on m.party = 'organisation' and m.gone_id = w.now_at and m.undone_at is null
    ) select merge_id, 'notices.organisation_id', row_id from way;
insert into merge_rows (merge_id, table_name, row_id)
    with recursive way (row_id, merge_id, now_at) as (
        select t.id, m.id, m.kept_id from tips t join merges m
            on m.party = 'organisation' and m.gone_id = t.organisation_id and m.undone_at is null
        union all
        select w.row_id, m.id, m.kept_id from way w join merges m
            on m.party = 'organisation' and m.gone_id = w.now_at and m.undone_at is null
    ) select merge_id, 'tips.organisation_id', row_id from way;
update claims set organisation_id = (
    with recursive way (id, next) as (
        select o.id, o.merged_into from organisations o where o.id = claims.organisation_id
        union all
        select o.id, o.merged_into from organisations o join way w on o.id = w.next
    ) select w.id from way w where w.next is null)
    where organisation_id in (select o.id from organisations o where o.merged_into is not null);
update notices set organisation_id = (
    with recursive way (id, next) as (
        select o.id, o.merged_into from organisations o where o.id = notices.organisation_id
        union all
        select o.id, o.merged_into from organisations o join way w on o.id = w.next
    ) select w.id from way w where w.next is null)
    where organisation_id in (select o.id from organisations o where o.merged_into is not null);
update tips set organisation_id = (
    with recursive way (id, next) as (
        select o.id, o.merged_into from organisations o where o.id = tips.organisation_id
        union all
        select o.id, o.merged_into from organisations o join way w on o.id = w.next
    ) select w.id from way w where w.next is null)
    where organisation_id in (select o.id from organisations o where o.merged_into is not null);
