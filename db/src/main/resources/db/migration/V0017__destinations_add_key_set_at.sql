-- Since when a destination has the stream key that it has: some platforms' keys live for a day, others for one broadcast.
-- Of those that are there already the audit log tells; what it does not tell of has had its key since it was made.
alter table destination add column key_set_at timestamptz not null default now();
update destination d
   set key_set_at = coalesce(told.first_at, d.created_at)
  from destination all_of
  left join (select detail->>'destinationId' as id, detail->>'keyFingerprint' as fingerprint, min(occurred_at) as first_at
               from audit_log
              where detail->>'keyFingerprint' is not null
              group by 1, 2) told
    on told.id = all_of.id::text and told.fingerprint = all_of.key_fingerprint
 where all_of.id = d.id;
