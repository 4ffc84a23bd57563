-- What this destination was to be sent of the broadcast by now; with frames_sent it makes the share that was delivered. Null where
-- it was not counted.
alter table relay add column frames_due bigint;
