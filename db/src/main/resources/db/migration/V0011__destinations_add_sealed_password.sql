-- Some servers ask who publishes: the user's name stands in the URL, the password that belongs to it only here.
alter table destination add column sealed_password bytea;
alter table relay drop constraint relay_last_error_code_check;
alter table relay add constraint relay_last_error_code_check check (
  last_error_code in ('dns', 'refused', 'unreachable', 'timeout', 'tls_untrusted', 'tls_host', 'handshake', 'bad_key',
                      'login_needed', 'login_refused', 'rejected', 'closed_early', 'stalled', 'reset',
                      'incompatible_codec', 'address_forbidden', 'internal'));
