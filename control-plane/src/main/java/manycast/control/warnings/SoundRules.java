package manycast.control.warnings;

import static manycast.control.warnings.Words.OBS;
import static manycast.control.warnings.Words.SETTLED_MS;
import static manycast.control.warnings.Words.each;
import static manycast.control.warnings.Words.exceeds;
import static manycast.control.warnings.Words.kilobits;
import static manycast.control.warnings.Words.least;
import static manycast.control.warnings.Words.names;
import static manycast.control.warnings.Words.refuses;
import static manycast.control.warnings.Words.verb;
import static manycast.control.warnings.Words.where;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import manycast.control.warnings.Arriving.Sound;
import org.jspecify.annotations.Nullable;

/** What can be wrong with the sound. */
final class SoundRules {
  private SoundRules() {}

  static @Nullable Warning noSound(Arriving a, List<Place> places) {
    if (!a.sounds().isEmpty() || a.connected().toMillis() < SETTLED_MS) {
      return null;
    }
    List<Place> needing = where(places, place -> place.preset().limits().audioNeeded());
    return new Warning(
        "no_audio",
        "No sound arrives"
            + (needing.isEmpty()
                ? ": most platforms take a stream without sound for a broken one."
                : ", and " + names(needing) + verb(needing, " refuses", " refuse") + " that.")
            + OBS
            + "Audio → Global Audio Devices → Desktop Audio: Default, and Output → Streaming →"
            + " Audio Track: 1.");
  }

  static @Nullable Warning audioCodec(Arriving a, List<Place> places) {
    List<Place> refusing = where(places, place -> refuses(place, sound(a, place, Sound::codec)));
    return refusing.isEmpty()
        ? null
        : new Warning(
            "audio_codec",
            names(refusing)
                + " cannot take "
                + sound(a, refusing.getFirst(), Sound::codec)
                + ", so nothing is sent there."
                + OBS
                + "Output → Streaming → Audio Encoder: AAC.");
  }

  static @Nullable Warning audioBitrate(Arriving a, List<Place> places) {
    Function<Place, @Nullable Integer> limit = place -> place.preset().limits().audioKbps();
    List<Place> exceeded =
        where(places, place -> exceeds(sound(a, place, Sound::bitrateBps), limit.apply(place)));
    if (exceeded.isEmpty() || a.connected().toMillis() < SETTLED_MS) {
      return null;
    }
    Place strictest = least(exceeded, limit);
    return new Warning(
        "audio_bitrate_high",
        "Your sound has "
            + kilobits(sound(a, strictest, Sound::bitrateBps))
            + ", and "
            + each(exceeded, place -> limit.apply(place) + " kbit/s")
            + " at most."
            + OBS
            + "Output → Audio → Track 1 → Audio Bitrate: "
            + limit.apply(strictest)
            + ".");
  }

  static @Nullable Warning sampleRate(Arriving a, List<Place> places) {
    List<Place> refusing =
        where(
            places,
            place -> {
              Integer rate = sound(a, place, Sound::sampleRate);
              List<Integer> taken = place.preset().limits().sampleRates();
              return rate != null && !taken.isEmpty() && !taken.contains(rate);
            });
    if (refusing.isEmpty()) {
      return null;
    }
    Integer sent = sound(a, refusing.getFirst(), Sound::sampleRate);
    List<Integer> taken = refusing.getFirst().preset().limits().sampleRates();
    return new Warning(
        "sample_rate",
        "Your sound has "
            + kilohertz(Objects.requireNonNull(sent))
            + "; "
            + names(refusing)
            + verb(refusing, " takes ", " take ")
            + taken.stream().map(SoundRules::kilohertz).collect(Collectors.joining(" or "))
            + "."
            + OBS
            + "Audio → General → Sample Rate: "
            + kilohertz(taken.getLast())
            + ".");
  }

  static @Nullable Warning channels(Arriving a, List<Place> places) {
    List<Place> refusing =
        where(
            places,
            place -> {
              Integer channels = sound(a, place, Sound::channels);
              return channels != null && channels > 2 && !place.preset().takesEveryCodec();
            });
    return refusing.isEmpty()
        ? null
        : new Warning(
            "audio_channels",
            "Your sound has "
                + sound(a, refusing.getFirst(), Sound::channels)
                + " channels; "
                + names(refusing)
                + verb(refusing, " plays", " play")
                + " stereo."
                + OBS
                + "Audio → General → Channels: Stereo.");
  }

  private static <T> @Nullable T sound(Arriving a, Place place, Function<Sound, @Nullable T> fact) {
    Sound sound = a.sound(place.audioTrack());
    return sound == null ? null : fact.apply(sound);
  }

  private static String kilohertz(int hertz) {
    return hertz % 1000 == 0
        ? hertz / 1000 + " kHz"
        : String.format(Locale.ROOT, "%.1f kHz", hertz / 1000.0);
  }
}
