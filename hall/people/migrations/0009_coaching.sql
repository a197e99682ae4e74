-- What coaches wrote down carries the unit of whoever wrote it, so that the wall by unit holds for it too: the highest unit in
-- which they coach. Where the writer has left, it is the institution's: whoever coaches in all of it reads it, and to the
-- others it is a locked line.
update notes set unit_id = coalesce(
        (select min(h.unit_id) from reach h where h.actor_id = notes.actor_id and h.right_key = 'people.coach'
            and not exists (select 1 from units u join reach a on a.unit_id = u.parent_id
                where u.id = h.unit_id and a.actor_id = h.actor_id and a.right_key = h.right_key)),
        (select min(u.id) from units u where u.parent_id is null))
    where purpose = 'coaching' and unit_id is null;

-- The log is not rewritten, but for this: by the unit of the event it is decided who may read what it tells of.
update events set unit_id = (select n.unit_id from notes n where n.id = events.subject_id)
    where kind = 'coaching.noted' and unit_id is null
      and exists (select 1 from notes n where n.id = events.subject_id and n.unit_id is not null);
