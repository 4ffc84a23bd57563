-- Of the keys that are there already the audit log tells; what it does not tell of has had its key since it was made. Apart from
-- the column's own migration, so that nobody who reads destinations waits for the audit log to be read.
update destination d
   set key_set_at = coalesce(told.first_at, d.created_at)
  from destination all_of
  left join (select detail->>'destinationId' as id, detail->>'keyFingerprint' as fingerprint, min(occurred_at) as first_at
               from audit_log
              where detail->>'keyFingerprint' is not null
              group by 1, 2) told
    on told.id = all_of.id::text and told.fingerprint = all_of.key_fingerprint
 where all_of.id = d.id;
