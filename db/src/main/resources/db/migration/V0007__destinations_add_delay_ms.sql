-- How much later than it arrived this destination gets the media. A relay changes it while it runs, so it is no part of
-- the revision.
alter table destination add column delay_ms integer not null default 0 check (delay_ms between 0 and 60000);
