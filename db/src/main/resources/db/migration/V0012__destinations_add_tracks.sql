-- Which tracks of a broadcast this destination is sent; null is the default track of each kind. A relay turns to others
-- while it runs, so they are no part of the revision.
alter table destination
  add column video_track integer check (video_track between 0 and 255),
  add column audio_track integer check (audio_track between 0 and 255),
  add constraint destination_tracks_check check ((video_track is null) = (audio_track is null));
