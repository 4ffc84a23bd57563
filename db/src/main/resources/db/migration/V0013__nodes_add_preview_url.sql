-- Where browsers reach a node's preview; null for a node of a version that has none.
alter table node add column preview_url text;
