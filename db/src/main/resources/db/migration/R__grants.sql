-- Applied anew at every migrate, this time in run ${run}.
-- Who may do what. Neither plane may do DDL; neither writes a table of the other's.
revoke all on schema public from public;
grant usage on schema public to manycast_control, manycast_media;
revoke all on all tables in schema public from public, manycast_control, manycast_media;
revoke all on all sequences in schema public from public, manycast_control, manycast_media;
revoke all on all functions in schema public from public, manycast_control, manycast_media;

-- The control plane: accounts and configuration are its own; live state it reads.
grant select, insert, update, delete on account, app_user, membership, web_session, api_token, idempotency_key to manycast_control;
grant select, update, delete on sign_in_link to manycast_control;
grant select, insert on audit_log to manycast_control;
grant select, insert, update on stream, stream_key, destination to manycast_control;
grant select on event, node, process_key, broadcast, relay, publish_refusal, sample to manycast_control;

-- A media node: live state is its own; of configuration it reads what it needs to carry a stream.
grant select on stream, stream_key, destination, event, process_key to manycast_media;
grant select on node, broadcast to manycast_media;
-- What makes and ends a broadcast, and who owns it, is written by the functions below alone.
grant update (state, interruptions, resume_until, grace_reason, protocol, remote_address, encoder, video_codec, width, height, frame_rate, audio_codec) on broadcast to manycast_media;
grant update (state, heartbeat_at, preview_url, max_broadcasts, cpu_busy, media_bytes, media_bytes_max, egress_bps) on node to manycast_media;
grant select, insert, update on relay to manycast_media;
grant insert on sample to manycast_media;

grant execute on function event_channel(text), emit_event(text, uuid, uuid, uuid, uuid, text, jsonb), prune_events(),
  keep_sample_partitions(), register_process_key(bytea), reap_lost_nodes(integer), end_after_grace() to manycast_control, manycast_media;
grant execute on function end_released(uuid, text) to manycast_control;
grant execute on function register_node(text, text, text, text), end_broadcast(uuid, bigint, text),
  release_broadcast(uuid, bigint, text), keep_broadcast(uuid, bigint, text, text),
  claim_broadcast(bytea, uuid, text, text, inet, text, integer, text, bigint) to manycast_media;
-- So that a plane can tell an empty, an older and a newer database apart.
grant select on flyway_schema_history to manycast_control, manycast_media;
